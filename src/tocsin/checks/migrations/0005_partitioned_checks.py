"""Part `checks_check` by the time in its UUIDs, on PostgreSQL; nothing changes on SQLite.

The table that is there becomes the first partition as it is, so no row is copied: all locks but
those of the last step, which is a matter of milliseconds, let readers and writers through. Going
back copies every row. Each step may be run again after one that was interrupted.
"""

import re
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.db import migrations, transaction

TABLE, DEFAULT, PLAIN = "checks_check", "checks_check_default", "checks_check_plain"
BOUND = "check_partition_bound"


def partition(apps, schema_editor):
    """Make the table a partition of one that has its name, its indexes and its foreign keys."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        if _is_partitioned(cursor):
            return
        end = _next_monday(datetime.now(UTC) + timedelta(days=1))
        bound = _first_uuid(end)
        cursor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {BOUND}")
        cursor.execute(
            f"ALTER TABLE {TABLE} ADD CONSTRAINT {BOUND} CHECK (uuid < '{bound}') NOT VALID"
        )
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {DEFAULT} (LIKE {TABLE} INCLUDING DEFAULTS)")
        _move(cursor, f"uuid >= '{bound}'")
        cursor.execute(f"ALTER TABLE {TABLE} VALIDATE CONSTRAINT {BOUND}")
        with transaction.atomic(schema_editor.connection.alias):
            first = f"{TABLE}_to_{end:%Y%m%d}"
            definitions = _take_name(cursor, first)
            cursor.execute(
                f"CREATE TABLE {TABLE} (LIKE {first} INCLUDING DEFAULTS) PARTITION BY RANGE (uuid)"
            )
            for definition in definitions:
                cursor.execute(definition)
            cursor.execute(
                f"ALTER TABLE {TABLE} ATTACH PARTITION {first}"
                f" FOR VALUES FROM (MINVALUE) TO ('{bound}')"
            )
            cursor.execute(f"ALTER TABLE {first} DROP CONSTRAINT {BOUND}")
            cursor.execute(f"ALTER TABLE {TABLE} ATTACH PARTITION {DEFAULT} DEFAULT")


def join(apps, schema_editor):
    """Make one plain table of all partitions."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with (
        transaction.atomic(schema_editor.connection.alias),
        schema_editor.connection.cursor() as cursor,
    ):
        cursor.execute(f"LOCK TABLE {TABLE} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(f"CREATE TABLE {PLAIN} (LIKE {TABLE} INCLUDING DEFAULTS)")
        cursor.execute(f"INSERT INTO {PLAIN} SELECT * FROM {TABLE}")
        definitions = _definitions(cursor)
        cursor.execute(f"DROP TABLE {TABLE}")
        cursor.execute(f"ALTER TABLE {PLAIN} RENAME TO {TABLE}")
        for definition in definitions:
            cursor.execute(definition)


def _is_partitioned(cursor):
    cursor.execute("SELECT relkind = 'p' FROM pg_class WHERE oid = %s::regclass", [TABLE])
    return cursor.fetchone()[0]


def _next_monday(moment):
    day = moment.date() + timedelta(days=7 - moment.weekday())
    return datetime.combine(day, time(), UTC)


def _first_uuid(moment):
    """Return the least version-7 UUID of a moment: its first 48 bits are milliseconds."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def _move(cursor, condition):
    """Move rows of times that lie ahead, which no version-7 UUID of this installation has."""
    cursor.execute(
        f"WITH moved AS (DELETE FROM {TABLE} WHERE {condition} RETURNING *)"
        f" INSERT INTO {DEFAULT} SELECT * FROM moved"
    )


def _definitions(cursor):
    """Return the statements that made the table's constraints and indexes."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype IN ('p', 'f') AND conparentid = 0",
        [TABLE],
    )
    constraints = [
        f"ALTER TABLE {TABLE} ADD CONSTRAINT {name} {text}" for name, text in cursor.fetchall()
    ]
    cursor.execute(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass AND NOT indisprimary",
        [TABLE],
    )
    # Where the table is partitioned already, its indexes are said to be of it ONLY.
    indexes = [re.sub(r" ON ONLY ", " ON ", text) for (text,) in cursor.fetchall()]
    return [*constraints, *indexes]


def _take_name(cursor, first):
    """Rename the table and its indexes; return the statements that made them."""
    definitions = _definitions(cursor)
    cursor.execute(f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE")
    cursor.execute("SELECT indexrelid::regclass FROM pg_index WHERE indrelid = %s::regclass", [TABLE])
    for (name,) in cursor.fetchall():
        cursor.execute(f"ALTER INDEX {name} RENAME TO {first}_{name.removeprefix(TABLE + '_')}")
    cursor.execute(f"ALTER TABLE {TABLE} RENAME TO {first}")
    return definitions


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('checks', '0004_fewer_indexes'),
    ]

    operations = [migrations.RunPython(partition, join)]
