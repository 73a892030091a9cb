"""Filing results: each at most once."""

import random
from typing import Any

import pytest
from django.db import connection

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import Accounted, answer
from tocsin.access.principal import SYSTEM
from tocsin.checks import claims, intake, leases
from tocsin.checks.intake import AsideReason
from tocsin.checks.models import Check, DailyRollup, Gap, Schedule
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock
from tocsin.probes.contract import CheckStatus, Outcome, ProbeError, ProbeRequest
from tocsin.sites.actions import delete_site

pytestmark = pytest.mark.django_db


def claim(now: float) -> tuple[ProbeRequest, ...]:
    return claims.claim(tools_of(Weight.LIGHT), now=now, running_since=0).requests


def test_it_files_a_check_and_the_latest_state(schedule: Schedule) -> None:
    (request,) = claim(T)
    assert intake.store([answer(request)]) == intake.Stored(1, {})
    check = Check.objects.get()
    assert str(check.uuid) == request.check_id
    assert (check.type, check.status, check.outcome) == ("status", "completed", "ok")
    assert (check.automatic, check.run_reason, check.late) == (True, "scheduled", False)
    assert check.scheduled_for is not None
    assert check.scheduled_for.timestamp() == T
    assert check.result == {"up": True, "code": 200, "response_time": 12.5}
    assert check.error is None
    schedule.refresh_from_db()
    assert (schedule.latest_check, schedule.latest_outcome) == (check.uuid, "ok")
    assert schedule.latest_summary == "200 in 12 ms"
    assert schedule.inflight_slot is None
    rollup = DailyRollup.objects.get()
    assert (rollup.ok, rollup.failing, rollup.response_time_max) == (1, 0, 12.5)


def test_it_files_a_failure_with_its_error(schedule: Schedule) -> None:
    (request,) = claim(T)
    error = ProbeError("timeout", "No answer within 10 s.", {"phase": "connect"})
    failed = answer(
        request,
        status=CheckStatus.FAILED,
        outcome=Outcome.FAILING,
        error=error,
        started_at=T + 31.0,
    )
    intake.store([failed])
    check = Check.objects.get()
    assert check.error == {"code": "timeout", "message": error.message, "data": error.data}
    assert check.late
    schedule.refresh_from_db()
    assert schedule.latest_summary == "No answer within 10 s."


def test_it_files_a_result_once_however_often_it_comes(
    schedule: Schedule, accounted: Accounted
) -> None:
    (request,) = claim(T)
    result = answer(request)
    assert intake.store([result, result]) == intake.Stored(1, {AsideReason.NOT_HELD: 1})
    assert intake.store([result]) == intake.Stored(0, {AsideReason.NOT_HELD: 1})
    assert Check.objects.count() == 1
    assert DailyRollup.objects.get().ok == 1
    assert len(set(accounted(schedule, T + 59))) == 1


def test_it_sets_a_late_result_aside_since_its_slot_is_lost(
    schedule: Schedule, accounted: Accounted
) -> None:
    (request,) = claim(T)
    leases.expire_all()
    assert intake.store([answer(request)]).set_aside == {AsideReason.NOT_HELD: 1}
    assert not Check.objects.exists()
    assert Gap.objects.get().count == 1
    assert len(set(accounted(schedule, T + 59))) == 1


def test_it_sets_aside_the_answer_of_a_slot_that_was_handed_back_and_taken_again(
    schedule: Schedule,
) -> None:
    (first,) = claim(T)
    leases.release([first])
    (second,) = claim(T + 1)
    results = [answer(first), answer(second)]
    random.Random(1).shuffle(results)
    assert intake.store(results).stored == 1
    assert str(Check.objects.get().uuid) == second.check_id


def test_it_keeps_the_order_of_the_slots_whatever_the_order_of_arrival(
    schedule: Schedule,
) -> None:
    (old,) = claim(T)
    leases.expire_all()
    (new,) = claim(T + 60)
    intake.store([answer(new), answer(old, outcome=Outcome.FAILING)])
    schedule.refresh_from_db()
    assert schedule.latest_outcome == "ok"


def test_it_sets_aside_what_belongs_to_a_deleted_site(schedule: Schedule) -> None:
    (request,) = claim(T)
    delete_site(SYSTEM, schedule.site)
    assert intake.store([answer(request)]).set_aside == {AsideReason.GONE: 1}


def test_it_sets_aside_what_names_another_site_or_tool(schedule: Schedule) -> None:
    (request,) = claim(T)
    ticket = request.ticket
    assert ticket is not None
    from msgspec.structs import replace

    from tocsin.probes.contract import Tool

    foreign = answer(request, ticket=replace(ticket, site_id="0" * 32))
    other_tool = answer(request, tool=Tool.DNS)
    none = answer(request, ticket=None)
    assert intake.store([foreign, other_tool, none]) == intake.Stored(
        0, {AsideReason.FOREIGN: 2, AsideReason.NO_TICKET: 1}
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"result": {"code": object()}},
        {"result": {"body": "\ud800"}},
        {"completed_at": float("nan")},
        {"completed_at": -1e300},
    ],
)
def test_it_sets_aside_what_cannot_be_kept_and_files_the_others(
    schedule: Schedule, site: Any, changes: dict[str, Any]
) -> None:
    Schedule.objects.create(site=site, tool="ssl", cadence=60, phase=0, since=T, next_slot=T)
    bad, good = claim(T)
    stored = intake.store([answer(bad, **changes), answer(good)])
    assert stored == intake.Stored(1, {AsideReason.MALFORMED: 1})


@pytest.mark.parametrize("seconds", [61, 86_400, 1e300])
def test_it_sets_aside_what_comes_from_the_future(schedule: Schedule, seconds: float) -> None:
    """From a prober whose clock runs ahead; one that is a little ahead is no matter."""
    (request,) = claim(T)
    with clock.frozen(T + 1):
        stored = intake.store([answer(request, completed_at=T + 1 + seconds)])
        assert stored == intake.Stored(0, {AsideReason.FUTURE: 1})
        assert intake.store([answer(request, completed_at=T + 60)]).stored == 1


def test_it_keeps_null_characters_out_of_the_database(schedule: Schedule) -> None:
    (request,) = claim(T)
    intake.store([answer(request, result={"code": 200, "url": "a\x00b"})])
    result = Check.objects.get().result
    assert result == {"code": 200, "url": "a\ufffdb"}


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite takes any length")
def test_it_sets_aside_what_only_the_database_finds_wrong(schedule: Schedule, site: Any) -> None:
    Schedule.objects.create(site=site, tool="ssl", cadence=60, phase=0, since=T, next_slot=T)
    bad, good = claim(T)
    stored = intake.store([answer(bad, vantage="v" * 100), answer(good)])
    assert stored == intake.Stored(1, {AsideReason.REFUSED: 1})


def test_it_stores_a_constant_number_of_queries(team: Any, django_assert_num_queries: Any) -> None:
    from tocsin.sites.actions import create_site

    for number in range(20):
        create_site(SYSTEM, team, url=f"https://{number}.example.com")
    Schedule.objects.update(next_slot=T)
    results = [answer(request) for request in claim(T)]
    assert len(results) == 60
    counted = 8  # begin, read, insert, settle, roll up, judge (2), commit
    if connection.vendor == "postgresql":
        counted -= 3  # those that write are none of Django's
    with django_assert_num_queries(counted):
        assert intake.store(results).stored == 60
