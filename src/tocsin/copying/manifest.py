"""What a backup says of itself."""

from datetime import datetime

import msgspec

from tocsin.copying.tables import Table

FORMAT = 1


class TableEntry(msgspec.Struct, frozen=True):
    """A table in a backup: `counter` is the last number that the database gave to its rows."""

    table: Table
    rows: int
    hash: str
    counter: int = 0


class MediaEntry(msgspec.Struct, frozen=True):
    """An uploaded file: its path below the media directory, and its SHA-256."""

    path: str
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """The contents of a backup and what they were made by.

    `migrations` are the (app, name) that the database had; `key_mark` tells secret keys apart
    without telling the key, which is in the backup only where `has_secret_key`.
    """

    format: int
    version: str
    created_at: datetime
    database: str
    migrations: tuple[tuple[str, str], ...]
    tables: tuple[TableEntry, ...]
    media: tuple[MediaEntry, ...]
    key_mark: str
    has_secret_key: bool
