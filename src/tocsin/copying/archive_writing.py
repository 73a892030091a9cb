"""Writes a backup: a ZIP file of tables, uploaded files, perhaps the secret key, and a manifest."""

import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from tocsin import __version__
from tocsin.copying import archive_reading
from tocsin.copying.archive_names import LENGTH, MANIFEST, MEDIA, SECRET_KEY, table_member
from tocsin.copying.copy import OnProgress, batched
from tocsin.copying.database import Database
from tocsin.copying.errors import BadBackup, CopyError
from tocsin.copying.manifest import FORMAT, Manifest, MediaEntry, TableEntry
from tocsin.copying.rows import Digest, encode
from tocsin.copying.tables import Table

_COMPRESSION = 3  # more takes twice the time for a tenth of the bytes
_CHUNK = 1 << 20


class Contents(msgspec.Struct, frozen=True):
    """What goes into a backup beside the tables; no `secret_key`: leave it out."""

    migrations: tuple[tuple[str, str], ...]
    media: Path
    key_mark: str
    secret_key: str | None


def write(
    path: Path,
    source: Database,
    tables: Sequence[Table],
    contents: Contents,
    on_progress: OnProgress,
) -> Manifest:
    """Write a backup of one moment; it appears under its name only once it is whole.

    Replaces an older backup, but no file that is something else: CopyError.
    """
    _refuse_to_replace(path)
    with _aside(path) as aside, ZipFile(aside, "x", ZIP_DEFLATED, compresslevel=_COMPRESSION) as to:
        with source.reading():
            entries = tuple(_write_table(to, each, source, on_progress) for each in tables)
        # After the rows, so that what they name is there unless it was deleted meanwhile.
        media = tuple(_write_media(to, contents.media))
        if contents.secret_key is not None:
            to.writestr(SECRET_KEY, contents.secret_key)
        manifest = Manifest(
            format=FORMAT,
            version=__version__,
            created_at=datetime.now(UTC),
            database=source.name,
            migrations=contents.migrations,
            tables=entries,
            media=media,
            key_mark=contents.key_mark,
            has_secret_key=contents.secret_key is not None,
        )
        to.writestr(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def _write_table(
    to: ZipFile, table: Table, source: Database, on_progress: OnProgress
) -> TableEntry:
    digest = Digest()
    with to.open(table_member(table.name), "w", force_zip64=True) as member:
        for batch in batched(source.read(table)):
            for row in batch:
                encoded = encode(row)
                digest.add(encoded)
                member.write(struct.pack(LENGTH, len(encoded)) + encoded)
            on_progress(table.name, len(batch))
    counter = source.counter(table) if table.counter else 0
    return TableEntry(table, digest.rows, digest.hash, counter)


def _write_media(to: ZipFile, root: Path) -> Iterator[MediaEntry]:
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        try:
            file = path.open("rb") if path.is_file() else None
        except FileNotFoundError:  # deleted in this moment
            continue
        if file is None:
            continue
        digest = sha256()
        with file, to.open(MEDIA + name, "w", force_zip64=True) as member:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                member.write(chunk)
        yield MediaEntry(name, digest.hexdigest())


def _refuse_to_replace(path: Path) -> None:
    if not path.exists() or (path.is_file() and path.stat().st_size == 0):
        return
    try:
        with archive_reading.opened(path):
            return
    except BadBackup:
        raise CopyError(f"{path} is there already and is no backup; name another file.") from None


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """Give a name beside `path` and rename it on success; nobody else may read the file."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    umask = os.umask(0o077)
    try:
        yield aside
        with aside.open("rb") as file:
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        os.umask(umask)
        aside.unlink(missing_ok=True)
