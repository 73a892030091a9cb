"""Writing hundreds of rows at once: what is stored is what Django would have stored."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tocsin.checks import bulk, claims, intake
from tocsin.checks.columns import (
    among_numbers,
    among_uuids,
    date_column,
    json_column,
    moment_column,
    uuid_column,
)
from tocsin.checks.intake import AsideReason
from tocsin.checks.models import Check, DailyRollup, Schedule
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock, ids

# What JSON text must come through unchanged: escapes, other alphabets, numbers as they are written.
FOUND = {"url": 'a"b\\c\nd', "name": "Prüfung 検査 🚨", "none": None, "deep": [[1.5, -0.0, 10**18]]}


def row_of(site: Any, **changes: Any) -> tuple[Any, ...]:
    """Make the row of a check as intake does."""
    values: dict[str, Any] = {
        "uuid": uuid_column(ids.new_uuid()),
        "site": uuid_column(site.pk),
        "type": "status",
        "status": "failed",
        "outcome": "failing",
        "automatic": True,
        "reason": "scheduled",
        "scheduled_for": moment_column(T),
        "late": False,
        "vantage": "local",
        "result": json_column(FOUND),
        "error": None,
        "created_at": moment_column(T + 0.25),
        "updated_at": moment_column(T + 1),
        "completed_at": moment_column(T + 0.123456),
    }
    return tuple({**values, **changes}.values())


def raw_rows() -> list[tuple[Any, ...]]:
    """Read the checks as the driver gives them, but for their keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM checks_check ORDER BY uuid")
        names = [column[0] for column in cursor.description]
        return [
            tuple(value for name, value in zip(names, row, strict=True) if name != "uuid")
            for row in cursor.fetchall()
        ]


@pytest.mark.django_db
def test_it_stores_a_check_as_django_and_as_the_plain_statement_do(site: Any) -> None:
    bulk.insert_checks([row_of(site)])
    with connection.cursor() as cursor:
        cursor.executemany(bulk.INSERT_CHECK, [row_of(site)])
    stored = Check.objects.first()
    assert stored is not None
    assert stored.result == FOUND
    assert stored.completed_at == datetime.fromtimestamp(T + 0.123456, UTC)
    copied, plain = raw_rows()
    assert copied == plain


@pytest.mark.django_db
def test_it_refuses_a_check_that_is_there_already(site: Any) -> None:
    row = row_of(site)
    bulk.insert_checks([row])
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert_checks([row_of(site), row])
    assert Check.objects.count() == 1


@pytest.mark.django_db
def test_it_files_the_others_where_a_check_is_there_already(schedule: Schedule, site: Any) -> None:
    Schedule.objects.create(site=site, tool="ssl", cadence=60, phase=0, since=T, next_slot=T)
    requests = claims.claim(tools_of(Weight.LIGHT), now=T, running_since=0).requests
    taken, free = requests
    bulk.insert_checks([row_of(site, uuid=uuid_column(UUID(taken.check_id)))])
    stored = intake.store([answer(taken), answer(free)])
    assert stored == intake.Stored(1, {AsideReason.REFUSED: 1})
    assert Check.objects.count() == 2


@pytest.mark.django_db
def test_it_adds_up_what_falls_on_one_day(site: Any) -> None:
    day = date_column(date(2026, 11, 24))
    one = (uuid_column(site.pk), "status", day, 1, 0, 0, 0, 0, 12.5, 1, 12.5)
    other = (uuid_column(site.pk), "status", day, 0, 2, 3, 4, 5, 0.0, 0, None)
    bulk.write_many(bulk.ADD_TO_ROLLUP, [one, other])
    bulk.write_many(bulk.ADD_TO_ROLLUP, [one])
    rollup = DailyRollup.objects.get()
    assert (rollup.ok, rollup.failing, rollup.unknown, rollup.skipped, rollup.lost) == (
        2,
        2,
        3,
        4,
        5,
    )
    assert (rollup.response_time_sum, rollup.response_time_count) == (25.0, 2)
    assert rollup.response_time_max == 12.5


@pytest.mark.django_db
def test_it_lets_go_of_slots_where_no_row_has_a_value(schedule: Schedule) -> None:
    claims.claim(tools_of(Weight.LIGHT), now=T, running_since=0)
    bulk.write_many(bulk.ADVANCE_SCHEDULE, [(T + 60, None, None, None, "", schedule.pk)])
    schedule.refresh_from_db()
    assert (schedule.next_slot, schedule.inflight_slot, schedule.inflight_check) == (
        T + 60,
        None,
        None,
    )


@pytest.mark.django_db
def test_it_finds_what_is_among_given_keys(schedule: Schedule, site: Any) -> None:
    assert Schedule.objects.filter(pk__in=among_numbers([schedule.pk, 0])).count() == 1
    assert Schedule.objects.filter(site_id__in=among_uuids([site.pk, ids.new_uuid()])).count() == 1
    assert not Schedule.objects.filter(pk__in=among_numbers([])).exists()
    assert not Schedule.objects.filter(site_id__in=among_uuids([])).exists()


@given(st.floats(min_value=0, max_value=4e9))
def test_it_writes_moments_as_django_does(seconds: float) -> None:
    expected = connection.ops.adapt_datetimefield_value(clock.from_timestamp(seconds))
    assert moment_column(seconds) == expected
