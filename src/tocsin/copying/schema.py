"""The tables themselves, of a database under one of Django's aliases."""

from collections.abc import Collection
from enum import StrEnum

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

Migration = tuple[str, str]


class SchemaState(StrEnum):
    """How a database's tables relate to this version of the code."""

    MISSING = "missing"
    BEHIND = "behind"
    CURRENT = "current"
    AHEAD = "ahead"


def state(alias: str = DEFAULT_DB_ALIAS) -> SchemaState:
    """Compare the migrations that a database remembers with those of the code."""
    executor = MigrationExecutor(connections[alias])
    applied = set(executor.loader.applied_migrations)
    if not applied:
        return SchemaState.MISSING
    if applied - _known(executor.loader):
        return SchemaState.AHEAD
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return SchemaState.BEHIND
    return SchemaState.CURRENT


def applied(alias: str = DEFAULT_DB_ALIAS) -> tuple[Migration, ...]:
    """Return the (app, name) of every migration that a database remembers."""
    return tuple(sorted(MigrationExecutor(connections[alias]).loader.applied_migrations))


def unknown(migrations: Collection[Migration]) -> set[Migration]:
    """Return those of which this code knows nothing: a newer version made them."""
    return set(migrations) - _known(MigrationLoader(None))


def migrate(alias: str = DEFAULT_DB_ALIAS) -> None:
    """Make or change the tables to what this version needs."""
    call_command("migrate", interactive=False, verbosity=0, database=alias)


def migrate_to(alias: str, migrations: Collection[Migration]) -> None:
    """Make the tables of an empty database as some older version had them."""
    executor = MigrationExecutor(connections[alias])
    nodes = executor.loader.graph.node_map
    wanted = set(migrations) & nodes.keys()
    followed = {
        parent.key for key in wanted for parent in nodes[key].parents if parent.key[0] == key[0]
    }
    # Only the last of each app: to name one that others built on means to go back to it.
    executor.migrate(sorted(wanted - followed))


def _known(loader: MigrationLoader) -> set[Migration]:
    # Of whatever app: a newer version may have added one, and rows that only it can delete.
    migrations = loader.disk_migrations
    return set(migrations) | {old for each in migrations.values() for old in each.replaces}
