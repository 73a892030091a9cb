"""Writes of hundreds of rows at once, where Django's ORM costs several times the database's part.

The only raw SQL of the hot path. Every statement is the same on SQLite and PostgreSQL, and the
values are made by `columns`, so that this way and Django's store the same. What every check needs
has a second form, in which PostgreSQL takes all rows at once (see `postgres`).
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from tocsin.checks import postgres

INSERT_CHECK = """
INSERT INTO checks_check (uuid, site_id, type, status, outcome, automatic, run_reason,
    scheduled_for, late, vantage, result, error, created_at, updated_at, completed_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_COPY_CHECK = """
COPY checks_check (uuid, site_id, type, status, outcome, automatic, run_reason,
    scheduled_for, late, vantage, result, error, created_at, updated_at, completed_at)
FROM STDIN (FORMAT BINARY)
"""
_CHECK_TYPES = (
    "uuid", "uuid", "text", "text", "text", "bool", "text",
    "timestamptz", "bool", "text", "jsonb", "jsonb", "timestamptz", "timestamptz", "timestamptz",
)  # fmt: skip

COMPLETE_CHECK = """
UPDATE checks_check
SET status = %s, outcome = %s, vantage = %s, result = %s, error = %s, updated_at = %s,
    completed_at = %s
WHERE uuid = %s AND status = 'pending'
"""

SETTLE_SCHEDULE = """
UPDATE checks_schedule
SET inflight_slot = NULL, inflight_until = NULL, inflight_check = NULL, inflight_reason = '',
    latest_check = %s, latest_status = %s, latest_outcome = %s, latest_at = %s, latest_summary = %s
WHERE id = %s
"""

ADVANCE_SCHEDULE = """
UPDATE checks_schedule
SET next_slot = %s, inflight_slot = %s, inflight_until = %s, inflight_check = %s,
    inflight_reason = %s
WHERE id = %s
"""

_SETTLE_SCHEDULES = """
UPDATE checks_schedule
SET inflight_slot = NULL, inflight_until = NULL, inflight_check = NULL, inflight_reason = '',
    latest_check = given.uuid, latest_status = given.status, latest_outcome = given.outcome,
    latest_at = given.at, latest_summary = given.summary
FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::timestamptz[], %b::text[], %b::bigint[])
    AS given (uuid, status, outcome, at, summary, id)
WHERE checks_schedule.id = given.id
"""

_ADVANCE_SCHEDULES = """
UPDATE checks_schedule
SET next_slot = given.next_slot, inflight_slot = given.slot, inflight_until = given.until,
    inflight_check = given.uuid, inflight_reason = given.reason
FROM unnest(%b::bigint[], %b::bigint[], %b::bigint[], %b::uuid[], %b::text[], %b::bigint[])
    AS given (next_slot, slot, until, uuid, reason, id)
WHERE checks_schedule.id = given.id
"""

# A run serves the extra runs that are wished for up to a moment.
SERVE_RETRY = """
UPDATE checks_schedule SET retry_at = NULL, retry_reason = ''
WHERE id = %s AND retry_at <= %s
"""

ASK_RETRY = """
UPDATE checks_schedule SET retry_at = %s, retry_reason = %s WHERE id = %s
"""

TAKE_RETRY = """
UPDATE checks_schedule
SET inflight_slot = %s, inflight_until = %s, inflight_check = %s, inflight_reason = %s,
    retry_at = NULL, retry_reason = ''
WHERE id = %s
"""

# What was in flight is wished for again, unless something newer is.
RETURN_RETRY = """
UPDATE checks_schedule
SET retry_reason = CASE WHEN retry_at IS NULL THEN inflight_reason ELSE retry_reason END,
    retry_at = COALESCE(retry_at, inflight_slot),
    inflight_slot = NULL, inflight_until = NULL, inflight_check = NULL, inflight_reason = ''
WHERE id = %s
"""

RESCHEDULE = """
UPDATE checks_schedule SET cadence = %s, phase = %s, since = %s, next_slot = %s WHERE id = %s
"""

_ROLLUP_VALUES = "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
ADD_TO_ROLLUP = """
INSERT INTO checks_dailyrollup (site_id, tool, date, ok, failing, unknown, skipped, lost,
    response_time_sum, response_time_count, response_time_max)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (site_id, tool, date) DO UPDATE SET
    ok = checks_dailyrollup.ok + excluded.ok,
    failing = checks_dailyrollup.failing + excluded.failing,
    unknown = checks_dailyrollup.unknown + excluded.unknown,
    skipped = checks_dailyrollup.skipped + excluded.skipped,
    lost = checks_dailyrollup.lost + excluded.lost,
    response_time_sum = checks_dailyrollup.response_time_sum + excluded.response_time_sum,
    response_time_count = checks_dailyrollup.response_time_count + excluded.response_time_count,
    response_time_max = CASE
        WHEN excluded.response_time_max IS NULL THEN checks_dailyrollup.response_time_max
        WHEN checks_dailyrollup.response_time_max > excluded.response_time_max
            THEN checks_dailyrollup.response_time_max
        ELSE excluded.response_time_max END
"""
# One statement may touch a row once, and in one order, so that two intakes cannot block each other.
_SUMMED_ROLLUPS = """
SELECT site, tool, date, sum(ok), sum(failing), sum(unknown), sum(skipped), sum(lost),
    sum(times), sum(timed), max(longest)
FROM unnest(%b::uuid[], %b::text[], %b::date[], %b::int[], %b::int[], %b::int[], %b::int[],
    %b::int[], %b::float8[], %b::int[], %b::float8[])
    AS given (site, tool, date, ok, failing, unknown, skipped, lost, times, timed, longest)
GROUP BY site, tool, date ORDER BY site, tool, date
"""

ADD_SPEED_TO_ROLLUP = """
UPDATE checks_dailyrollup
SET score_sum = score_sum + %s, score_count = score_count + %s, speed_sum = speed_sum + %s,
    speed_count = speed_count + %s
WHERE site_id = %s AND tool = %s AND date = %s
"""

EXTEND_GAP = """
UPDATE checks_gap SET last_slot = %s, count = count + %s
WHERE site_id = %s AND tool = %s AND last_slot = %s AND reason = %s AND cadence = %s
"""

INSERT_GAP = """
INSERT INTO checks_gap (site_id, tool, kind, reason, first_slot, last_slot, cadence, count)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (site_id, tool, first_slot) DO NOTHING
"""


_TOGETHER = {
    SETTLE_SCHEDULE: _SETTLE_SCHEDULES,
    ADVANCE_SCHEDULE: _ADVANCE_SCHEDULES,
    ADD_TO_ROLLUP: ADD_TO_ROLLUP.replace(_ROLLUP_VALUES, _SUMMED_ROLLUPS),
}


def insert_checks(rows: Sequence[Sequence[Any]]) -> None:
    """Add checks, inside the caller's transaction.

    Raises django.db.IntegrityError where one is there already: who files a result holds its
    schedule, whose lease says that it is not.
    """
    if not rows:
        return
    if postgres.is_used():
        postgres.copy(_COPY_CHECK, _CHECK_TYPES, rows)
    else:
        write_many(INSERT_CHECK, rows)


def write_many(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run a statement like this module's once a row, inside the caller's transaction."""
    if not rows:
        return
    if statement in _TOGETHER and postgres.is_used():
        postgres.write(_TOGETHER[statement], rows)
        return
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def write(statement: str, row: Sequence[Any]) -> int:
    """Run one of this module's statements and return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, row)
        return int(cursor.rowcount)
