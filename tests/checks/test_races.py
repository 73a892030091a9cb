"""Several schedulers and intakes at once, each with its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

import pytest
from django.db import connection

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tocsin.access.principal import SYSTEM
from tocsin.checks import claims, intake, leases
from tocsin.checks.models import Check, DailyRollup, Gap, Schedule
from tocsin.checks.tools import Weight, tools_of
from tocsin.sites.actions import create_site

pytestmark = pytest.mark.django_db(transaction=True)
LIGHT = tools_of(Weight.LIGHT)
AT_ONCE = 4
Result = TypeVar("Result")


@pytest.fixture
def schedules(team: Any) -> int:
    """Thirty schedules, all due at T; their number."""
    for number in range(10):
        create_site(SYSTEM, team, url=f"https://{number}.example.com")
    return Schedule.objects.filter(tool__in=LIGHT).update(next_slot=T, since=T)


def at_once(call: Callable[[], Result]) -> list[Result]:
    """Run a call on several threads that start together."""
    gate = Barrier(AT_ONCE)

    def run() -> Result:
        try:
            gate.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return [future.result() for future in [threads.submit(run) for _ in range(AT_ONCE)]]


def claim(limit: int = claims.LIMIT) -> claims.Claim:
    return claims.claim(LIGHT, now=T, running_since=0, limit=limit)


def test_it_gives_each_slot_to_one_scheduler(schedules: int) -> None:
    def drain() -> list[str]:
        found: list[str] = []
        while requests := claim(limit=3).requests:
            found += [str(request.ticket) for request in requests]
        return found

    tickets = [ticket for taken in at_once(drain) for ticket in taken]
    tickets += [str(request.ticket) for request in claim().requests]
    assert len(tickets) == schedules
    assert len(set(tickets)) == schedules


def test_it_files_each_result_with_one_intake(schedules: int) -> None:
    results = [answer(request) for request in claim().requests]
    assert len(results) == schedules
    stored = at_once(lambda: intake.store(results).stored)
    assert sum(stored) == schedules
    assert Check.objects.count() == schedules
    assert sum(DailyRollup.objects.values_list("ok", flat=True)) == schedules


def test_it_either_files_or_loses_a_slot_whose_lease_runs_out_meanwhile(schedules: int) -> None:
    results = [answer(request) for request in claim().requests]
    turns = iter([True, False] * AT_ONCE)

    def file_or_lose() -> None:
        if next(turns):
            intake.store(results)
        else:
            leases.expire_all()

    at_once(file_or_lose)
    leases.expire_all()
    assert Check.objects.count() + Gap.objects.count() == schedules
