"""The parts of `checks_check` on PostgreSQL: one a week, by the time in a check's UUID.

A week that nobody keeps any more is dropped whole, which costs nothing however many rows it has.
Each part is named by the Monday before which it ends. What belongs to no week, such as the UUIDs of
a machine whose clock ran ahead, lies in the default part.
"""

import logging
import re
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction

log = logging.getLogger(__name__)
TABLE, DEFAULT = "checks_check", "checks_check_default"
WEEK = timedelta(days=7)
AHEAD = 2 * WEEK
# A check is stored some time after its UUID was made: at most the longest lease.
MARGIN = timedelta(days=1)
# How much longer than asked for a row may be kept, since it goes with its week.
SLACK = WEEK + MARGIN
# These locks are for milliseconds; whoever waits behind one that is not granted waits no longer.
PATIENCE = "2s"
_NAME = re.compile(rf"{TABLE}_to_(\d{{8}})")


def are_used() -> bool:
    """Tell whether this database has partitions."""
    return bool(connection.vendor == "postgresql")


def make_ahead(now: datetime) -> list[str]:
    """Make the parts of this week and the next two where they are missing; return their names.

    Rows of those weeks that lie in the default part move there. Makes none where somebody holds
    the table for long: the next attempt will.
    """
    return _patiently(lambda cursor: _make(cursor, now))


def drop_before(moment: datetime) -> list[str]:
    """Drop the parts whose checks were all stored before `moment`; return their names.

    Drops none where somebody holds the table for long: the next attempt will.
    """
    return _patiently(lambda cursor: _drop(cursor, moment))


def _patiently(change: Any) -> list[str]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            names: list[str] = change(cursor)
            return names
    except OperationalError as error:
        log.warning("the parts of %s stay as they are: %s", TABLE, error)
        return []


def _make(cursor: Any, now: datetime) -> list[str]:
    # Also keeps a second housekeeper out, and whoever would add rows of a week that is being made.
    cursor.execute(f"LOCK TABLE {DEFAULT} IN SHARE ROW EXCLUSIVE MODE")
    end = max(_ends(cursor).values(), default=_monday(now))
    names = []
    while end < now + AHEAD:
        start, end = end, end + WEEK
        names.append(_make_week(cursor, start, end))
    return names


def _make_week(cursor: Any, start: datetime, end: datetime) -> str:
    name = f"{TABLE}_to_{end:%Y%m%d}"
    bounds = [_first_uuid(start), _first_uuid(end)]
    cursor.execute(f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING ALL)")
    cursor.execute(
        f"WITH moved AS (DELETE FROM {DEFAULT} WHERE uuid >= %s AND uuid < %s RETURNING *)"  # noqa: S608 — our own names
        f" INSERT INTO {name} SELECT * FROM moved",
        bounds,
    )
    # Foreign keys that rows moved just now still have to answer for would stand in the way.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(
        f"ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES FROM (%s) TO (%s)", bounds
    )
    return name


def _drop(cursor: Any, moment: datetime) -> list[str]:
    past = [name for name, end in _ends(cursor).items() if end + MARGIN <= moment]
    for name in past:
        cursor.execute(f"DROP TABLE {name}")
    return past


def _ends(cursor: Any) -> dict[str, datetime]:
    """Return the parts with the moments before which they end; without the default one."""
    cursor.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = %s::regclass", [TABLE]
    )
    found = (_NAME.fullmatch(name) for (name,) in cursor.fetchall())
    return {
        match[0]: datetime.strptime(match[1], "%Y%m%d").replace(tzinfo=UTC)
        for match in found
        if match is not None
    }


def _monday(moment: datetime) -> datetime:
    day = moment.astimezone(UTC).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), UTC)


def _first_uuid(moment: datetime) -> UUID:
    """Return the least version-7 UUID of a moment: its first 48 bits are milliseconds."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
