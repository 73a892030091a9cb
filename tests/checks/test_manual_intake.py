"""Filing the results of manual runs."""

from typing import Any

import pytest
from django.db import connection
from msgspec.structs import replace

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tests.checks.runs import ask, file, take
from tocsin.checks import claims, filing
from tocsin.checks.intake import AsideReason, Stored
from tocsin.checks.models import Check, DailyRollup, Schedule
from tocsin.checks.tools import Weight, tools_of
from tocsin.probes.contract import CheckStatus, Outcome, ProbeError, Ticket, Tool

pytestmark = pytest.mark.django_db


def test_it_completes_the_pending_check(site: Any) -> None:
    (asked,) = ask(site, "status")
    (request,) = take(T + 1)
    assert file(request, T + 3, vantage="eu") == Stored(1, {})
    check = Check.objects.get()
    assert check.pk == asked.uuid
    assert (check.status, check.outcome, check.vantage) == ("completed", "ok", "eu")
    assert (check.automatic, check.run_reason, check.scheduled_for) == (False, "", None)
    assert check.result == {"up": True, "code": 200, "response_time": 12.5}
    assert check.created_at == asked.created_at
    assert check.completed_at is not None
    assert check.completed_at.timestamp() == check.updated_at.timestamp() == T + 3


def test_it_files_a_failure_with_its_error(site: Any) -> None:
    ask(site, "status")
    (request,) = take()
    error = ProbeError("timeout", "No answer within 10 s.", {"phase": "connect"})
    file(request, status=CheckStatus.FAILED, outcome=Outcome.FAILING, error=error, result=None)
    check = Check.objects.get()
    assert (check.status, check.outcome, check.result) == ("failed", "failing", None)
    assert check.error == {"code": "timeout", "message": error.message, "data": error.data}


def test_it_touches_neither_schedules_nor_roll_ups(schedule: Schedule, site: Any) -> None:
    before = Schedule.objects.values().get()
    ask(site, "status")
    (request,) = take()
    file(request, outcome=Outcome.FAILING)
    assert Schedule.objects.values().get() == before
    assert not DailyRollup.objects.exists()


def test_it_files_a_result_once_however_often_it_comes(site: Any) -> None:
    ask(site, "status")
    (request,) = take()
    bad = answer(request, outcome=Outcome.FAILING)
    assert filing.store([answer(request), bad]) == Stored(1, {AsideReason.NOT_HELD: 1})
    assert filing.store([bad]) == Stored(0, {AsideReason.NOT_HELD: 1})
    assert Check.objects.get().outcome == "ok"


def test_it_takes_the_first_answer_of_a_run_that_was_taken_twice(site: Any) -> None:
    ask(site, "status")
    (first,) = take(T)
    (second,) = take(T + 60)
    assert file(first, T + 61).stored == 1
    assert file(second, T + 62).stored == 0


def test_it_sets_aside_what_names_another_site_tool_or_check(site: Any) -> None:
    ask(site, "status")
    (request,) = take()
    other_site = answer(request, ticket=Ticket(site_id="0" * 32))
    other_tool = answer(request, tool=Tool.DNS)
    unknown = replace(answer(request), check_id="00000000-0000-7000-8000-000000000000")
    nonsense = replace(answer(request), check_id="nonsense")
    assert filing.store([other_site, other_tool, unknown, nonsense]) == Stored(
        0, {AsideReason.FOREIGN: 2, AsideReason.GONE: 2}
    )
    assert Check.objects.get().status == "pending"


@pytest.mark.parametrize(
    "changes", [{"result": {"code": object()}}, {"completed_at": float("nan")}]
)
def test_it_sets_aside_what_cannot_be_kept_and_files_the_others(
    site: Any, changes: dict[str, Any]
) -> None:
    ask(site, "status", "ssl")
    bad, good = take()
    stored = filing.store([answer(bad, **changes), answer(good)])
    assert stored == Stored(1, {AsideReason.MALFORMED: 1})


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite takes any length")
def test_it_sets_aside_what_only_the_database_finds_wrong(site: Any) -> None:
    ask(site, "status", "ssl")
    bad, good = take()
    stored = filing.store([answer(bad, vantage="v" * 100), answer(good)])
    assert stored == Stored(1, {AsideReason.REFUSED: 1})


def test_it_files_both_kinds_together(schedule: Schedule, site: Any) -> None:
    ask(site, "status")
    (manual,) = take()
    (automatic,) = claims.claim(tools_of(Weight.LIGHT), now=T, running_since=0).requests
    results = [answer(manual), answer(automatic), answer(automatic, ticket=None)]
    assert filing.store(results) == Stored(2, {AsideReason.NO_TICKET: 1})
    assert list(Check.objects.order_by("automatic").values_list("automatic", "status")) == [
        (False, "completed"),
        (True, "completed"),
    ]
