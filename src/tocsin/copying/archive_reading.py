"""Reads a backup, and trusts nothing in it that was not counted and hashed."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO
from zipfile import BadZipFile, ZipFile

import msgspec

from tocsin.copying.archive_names import LENGTH, MANIFEST, MEDIA, SECRET_KEY, table_member
from tocsin.copying.copy import OnProgress, batched
from tocsin.copying.errors import BadBackup
from tocsin.copying.manifest import FORMAT, Manifest, TableEntry
from tocsin.copying.rows import Digest, Row, decoder, encode

_CHUNK = 1 << 20
_LENGTH_BYTES = struct.calcsize(LENGTH)
_LONGEST_ROW = 1 << 30  # PostgreSQL's own limit of a field
_DAMAGE = (BadZipFile, zlib.error, KeyError, EOFError, RuntimeError, ValueError)


class Verified(msgspec.Struct, frozen=True):
    """One table, or `media`, of a backup: what the manifest says and what was found."""

    table: str
    rows: int
    hash: str
    found_rows: int
    found_hash: str
    ok: bool


class Archive:
    """A backup that is open for reading. Methods raise BadBackup where it is damaged."""

    def __init__(self, path: Path, file: ZipFile, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._file = file

    def rows(self, entry: TableEntry) -> Iterator[Row]:
        """Yield the rows of a table."""
        decode = decoder(entry.table)
        with (
            _damage(self.path, f"table {entry.table.name}"),
            self._file.open(table_member(entry.table.name)) as member,
        ):
            while head := member.read(_LENGTH_BYTES):
                yield decode(_exactly(member, *struct.unpack(LENGTH, head)))

    def secret_key(self) -> str | None:
        """Return the secret key, if it is in the backup."""
        if not self.manifest.has_secret_key:
            return None
        with _damage(self.path, "the secret key"):
            return self._file.read(SECRET_KEY).decode("ascii").strip()

    def extract_media(self, root: Path) -> None:
        """Write the uploaded files below `root`."""
        for entry in self.manifest.media:
            target = root / _inner_path(self.path, entry.path)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with target.open("xb") as file:
                if self._copy_media(entry.path, file) != entry.sha256:
                    raise BadBackup(f"{self.path} is damaged: {entry.path} differs.")

    def verify(self, on_progress: OnProgress) -> list[Verified]:
        """Read everything, and count and hash it again."""
        tables = [self._verify_table(entry, on_progress) for entry in self.manifest.tables]
        return [*tables, self._verify_media()]

    def _verify_table(self, entry: TableEntry, on_progress: OnProgress) -> Verified:
        digest = Digest()
        try:
            for batch in batched(self.rows(entry)):
                for row in batch:
                    digest.add(encode(row))
                on_progress(entry.table.name, len(batch))
            found = digest.hash
        except BadBackup:
            found = ""
        same = (digest.rows, found) == (entry.rows, entry.hash)
        return Verified(entry.table.name, entry.rows, entry.hash, digest.rows, found, same)

    def _verify_media(self) -> Verified:
        said, found = sha256(), sha256()
        readable = 0
        for entry in self.manifest.media:
            said.update(entry.sha256.encode())
            try:
                found.update(self._copy_media(entry.path, None).encode())
            except BadBackup:
                continue
            readable += 1
        count = len(self.manifest.media)
        hashes = said.hexdigest(), found.hexdigest()
        return Verified("media", count, hashes[0], readable, hashes[1], hashes[0] == hashes[1])

    def _copy_media(self, name: str, file: IO[bytes] | None) -> str:
        digest = sha256()
        with _damage(self.path, name), self._file.open(MEDIA + name) as member:
            while chunk := member.read(_CHUNK):
                digest.update(chunk)
                if file is not None:
                    file.write(chunk)
        return digest.hexdigest()


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open a backup. Raises BadBackup where it is none, is cut short, or is of a newer Tocsin."""
    try:
        file = ZipFile(path)
    except (BadZipFile, ValueError):
        raise BadBackup(f"{path} is not a Tocsin backup, or is cut short.") from None
    with file:
        yield Archive(path, file, _manifest(path, file))


def _manifest(path: Path, file: ZipFile) -> Manifest:
    if MANIFEST not in file.namelist():
        raise BadBackup(f"{path} is not a Tocsin backup.")
    with _damage(path, "its manifest"):
        text = file.read(MANIFEST)
        number = msgspec.json.decode(text, type=_Format).format
    if number > FORMAT:
        raise BadBackup(f"{path} was made by a newer Tocsin; use that version or a later one.")
    with _damage(path, "its manifest"):
        return msgspec.json.decode(text, type=Manifest)


class _Format(msgspec.Struct):
    format: int


def _exactly(member: IO[bytes], length: int) -> bytes:
    data = member.read(length) if length <= _LONGEST_ROW else b""
    if len(data) != length:
        raise EOFError("a row is cut short")
    return data


def _inner_path(path: Path, name: str) -> PurePosixPath:
    inner = PurePosixPath(name)
    if inner.is_absolute() or ".." in inner.parts or not inner.parts:
        raise BadBackup(f"{path} names a file outside the media directory.")
    return inner


@contextmanager
def _damage(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise BadBackup(f"{path} is damaged at {what}: {error}") from None
