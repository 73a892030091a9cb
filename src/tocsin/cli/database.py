"""Opens the database for a command; makes it where there is none yet."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from tocsin.config import environment
from tocsin.config.environment import ConfigurationError
from tocsin.copying import schema

ADVISORY_LOCK = 0x70C51  # any number, so long as it stays the same

NONE_YET = ConfigurationError(
    "there is no data of Tocsin's here yet; start `tocsin up`, or name another directory by --data"
)
NEWER = ConfigurationError(
    "the database was made by a newer Tocsin; install that version again, or restore a backup"
)
OLDER = ConfigurationError(
    "the database was made by an older Tocsin; start `tocsin up` once, which brings it up to date"
)


def load_django() -> None:
    """Load settings and models. Raises ConfigurationError."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")
    django.setup()


def open_database(*, make: bool = False) -> None:
    """Load Django on an installation that is there; with `make`, make the tables of a new one.

    A database that an older version made is left to `tocsin up`: an operator's command must not
    change tables under running processes. Raises ConfigurationError.
    """
    if not make:
        _require_installation()
    load_django()
    if schema.state() is schema.SchemaState.CURRENT:
        return
    with _alone():
        match schema.state():
            case schema.SchemaState.MISSING if make:
                schema.migrate()
            case schema.SchemaState.MISSING:
                raise NONE_YET
            case schema.SchemaState.BEHIND:
                raise OLDER
            case schema.SchemaState.AHEAD:
                raise NEWER
            case schema.SchemaState.CURRENT:  # made by somebody else while we waited
                return


def bring_up_to_date() -> bool:
    """Make or change the tables to what this version needs, once however many processes start.

    Returns whether there was anything to do. Raises ConfigurationError where the database is
    newer than the code.
    """
    load_django()
    with _alone():
        match schema.state():
            case schema.SchemaState.AHEAD:
                raise NEWER
            case schema.SchemaState.CURRENT:
                return False
            case schema.SchemaState.MISSING | schema.SchemaState.BEHIND:
                schema.migrate()
                return True


def _require_installation() -> None:
    """Refuse a directory that Tocsin never used, before anything is made in it."""
    settings = environment.load()
    used = settings.database_url or settings.secret_key or environment.key_file(settings).exists()
    if not used:
        raise ConfigurationError(
            f"{settings.data_dir.resolve()} holds no data of Tocsin's; name its directory by --data"
        )


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the right to change tables: a file's lock, or PostgreSQL's for several machines."""
    from django.conf import settings  # noqa: PLC0415 - needs the settings
    from django.db import connection  # noqa: PLC0415

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
        return
    with (Path(settings.DATA_DIR) / ".migrate.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
