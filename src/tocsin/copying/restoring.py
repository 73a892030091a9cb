"""Puts a backup in place of an installation's data: all of it, or nothing."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connections

from tocsin.copying import connecting, schema
from tocsin.copying.archive_reading import Archive
from tocsin.copying.copy import OnProgress, digest_of, load
from tocsin.copying.database import Database
from tocsin.copying.emptiness import first_with_rows
from tocsin.copying.errors import BadBackup, CopyError
from tocsin.copying.keys import key_mark
from tocsin.copying.tables import with_dangling

_ALIAS = "restored"


@dataclass(frozen=True, slots=True)
class Place:
    """Where data is put. `key_file` is None where the operator gives the secret key."""

    media: Path
    secret_key: str
    key_file: Path | None


def restore(archive: Archive, place: Place, on_progress: OnProgress, *, force: bool) -> None:
    """Replace everything by what the backup holds. Nobody else may use the data meanwhile.

    Raises CopyError, with everything as it was: a backup that is damaged, newer, or made under a
    secret key that is not here; and, without `force`, an installation that holds data.
    """
    if newer := schema.unknown(archive.manifest.migrations):
        raise BadBackup(
            f"{archive.path} was made by a newer Tocsin ({archive.manifest.version}), with "
            f"{len(newer)} changes that this one does not know; use that version or a later one."
        )
    _require_key(archive, place, force=force)
    if not force:
        _require_empty()
    media = place.media.with_name(f"{place.media.name}.restoring")
    shutil.rmtree(media, ignore_errors=True)
    try:
        archive.extract_media(media)
        with _prepared(archive, on_progress):
            _replace_media(place.media, media)
            _replace_key(archive, place)
    finally:
        shutil.rmtree(media, ignore_errors=True)


def _require_key(archive: Archive, place: Place, *, force: bool) -> None:
    comes_with = archive.manifest.has_secret_key and place.key_file is not None
    if comes_with or force or archive.manifest.key_mark == key_mark(place.secret_key):
        return
    raise CopyError(
        "The backup was made under another secret key. Set TOCSIN_SECRET_KEY to that one; or go "
        "on with --force, and tokens, second factors and destinations have to be made anew."
    )


def _require_empty() -> None:
    found = first_with_rows(DEFAULT_DB_ALIAS)
    if found is not None:
        raise CopyError(
            f"There is data already (rows in {found}). Name another data directory or database, or "
            "replace everything with --force."
        )


@contextmanager
def _prepared(archive: Archive, on_progress: OnProgress) -> Iterator[None]:
    """Load the rows; they are in place once the caller has done the rest."""
    if connections[DEFAULT_DB_ALIAS].vendor == "sqlite":
        with _beside(Path(connections.settings[DEFAULT_DB_ALIAS]["NAME"])):
            schema.migrate_to(_ALIAS, archive.manifest.migrations)
            with closing(connecting.connect(_ALIAS)) as target, target.writing():
                _load(archive, target, on_progress)
            schema.migrate(_ALIAS)
            yield
        return
    _require_same_tables(archive)
    with closing(connecting.connect()) as target, target.writing():
        _load(archive, target, on_progress)
        yield
    schema.migrate()


def _require_same_tables(archive: Archive) -> None:
    if schema.state() is schema.SchemaState.MISSING:
        schema.migrate_to(DEFAULT_DB_ALIAS, archive.manifest.migrations)
    elif set(schema.applied()) != set(archive.manifest.migrations):
        raise CopyError(
            "The backup has the tables of another version than the database. Name an empty "
            "database: its tables are made as the backup needs them, then brought up to date."
        )


def _load(archive: Archive, target: Database, on_progress: OnProgress) -> None:
    entries = {entry.table.name: entry for entry in archive.manifest.tables}
    tables = [entry.table for entry in entries.values()]
    target.clear(tables[::-1])
    for table, dangling in with_dangling(tables):
        load(table, archive.rows(entries[table.name]), target, on_progress, dangling=dangling)
    for table in tables:
        entry = entries[table.name]
        if table.counter:
            target.set_counter(table, entry.counter)
        found = digest_of(table, target)
        if (found.rows, found.hash) != (entry.rows, entry.hash):
            raise BadBackup(f"{archive.path}: table {table.name} differs from its manifest.")


@contextmanager
def _beside(path: Path) -> Iterator[None]:
    """Make a database beside the real one, and rename it over that one at the end."""
    aside = path.with_name(f"{path.name}.restoring")
    _remove(aside)
    aside.touch(mode=0o600)
    try:
        connecting.add(_ALIAS, {"NAME": aside})
        yield
        with connections[_ALIAS].cursor() as cursor:
            # All of it into the one file: the journal beside it is not renamed.
            cursor.execute("PRAGMA journal_mode = DELETE")
        connections[_ALIAS].close()
        connections[DEFAULT_DB_ALIAS].close()
        for journal in _journals(path):
            journal.unlink(missing_ok=True)
        aside.replace(path)
    finally:
        connections[_ALIAS].close()
        _remove(aside)


def _remove(path: Path) -> None:
    for each in (path, *_journals(path)):
        each.unlink(missing_ok=True)


def _journals(path: Path) -> tuple[Path, Path]:
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _replace_media(current: Path, restored: Path) -> None:
    shutil.rmtree(current, ignore_errors=True)
    if restored.exists():
        restored.rename(current)


def _replace_key(archive: Archive, place: Place) -> None:
    key = archive.secret_key()
    if key is None or place.key_file is None:
        return
    aside = place.key_file.with_name(f".{place.key_file.name}.restoring")
    aside.unlink(missing_ok=True)
    aside.touch(mode=0o600)
    aside.write_text(f"{key}\n", encoding="ascii")
    aside.replace(place.key_file)
