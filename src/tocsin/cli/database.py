"""Opens the database for a command; makes it where there is none yet."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import django
from django.db.migrations.executor import MigrationExecutor

from tocsin.config.environment import ConfigurationError

ADVISORY_LOCK = 0x70C51  # any number, so long as it stays the same


class SchemaState(StrEnum):
    """How the database's tables relate to this version of the code."""

    MISSING = "missing"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"


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


def open_database() -> None:
    """Load Django, and make the tables where there are none.

    A database that an older version made is left to `tocsin up`: an operator's command must not
    change tables under running processes. Raises ConfigurationError.
    """
    load_django()
    if schema_state() is SchemaState.CURRENT:
        return
    with _alone():
        match schema_state():
            case SchemaState.MISSING:
                _migrate()
            case SchemaState.BEHIND:
                raise OLDER
            case SchemaState.AHEAD:
                raise NEWER
            case SchemaState.CURRENT:  # made by somebody else while we waited
                return


def bring_up_to_date() -> bool:
    """Make or change the tables to what this version needs, once however many processes start.

    Returns whether there was anything to do. Raises ConfigurationError where the database is
    newer than the code.
    """
    load_django()
    with _alone():
        match schema_state():
            case SchemaState.AHEAD:
                raise NEWER
            case SchemaState.CURRENT:
                return False
            case SchemaState.MISSING | SchemaState.BEHIND:
                _migrate()
                return True


def schema_state() -> SchemaState:
    """Compare the migrations that the database remembers with those of the code."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    executor = MigrationExecutor(connection)
    applied = set(executor.loader.applied_migrations)
    if not applied:
        return SchemaState.MISSING
    # Of whatever app: a newer version may have added one, and rows that only it can delete.
    if applied - set(executor.loader.disk_migrations) - _replaced(executor):
        return SchemaState.AHEAD
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return SchemaState.BEHIND
    return SchemaState.CURRENT


def _replaced(executor: MigrationExecutor) -> set[tuple[str, str]]:
    return {
        replaced
        for migration in executor.loader.disk_migrations.values()
        for replaced in migration.replaces
    }


def _migrate() -> None:
    from django.core.management import call_command  # noqa: PLC0415 - needs the settings

    call_command("migrate", interactive=False, verbosity=0)


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
