"""Confirmation retries and follow-ups beside the slots: run once, and no slots themselves."""

from typing import Any

import pytest

from tests.issues.conftest import MIDNIGHT, answer, check, claim, next_due, watch
from tocsin.access.principal import SYSTEM
from tocsin.checks import claims, intake, leases
from tocsin.checks.ledger import ledger
from tocsin.checks.models import Check, Gap, Schedule
from tocsin.checks.retries import Wish, ask, is_near_slot
from tocsin.checks.slots import Grid
from tocsin.issues.models import Issue
from tocsin.kit import clock
from tocsin.probes.contract import RunReason, Tool
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db
RETRY = MIDNIGHT + 120
FAR = MIDNIGHT + 100_000


@pytest.fixture
def failing(watched: Any) -> Schedule:
    """The schedule of `watched` after one failing check: a retry is asked for."""
    check(MIDNIGHT, "down")
    schedule = Schedule.objects.get()
    assert (schedule.retry_at, schedule.retry_reason) == (RETRY, "confirmation_retry")
    return schedule


def test_it_runs_for_the_moment_that_was_asked_for(failing: Schedule) -> None:
    assert claim(RETRY - 1) == ()
    check(RETRY + 7, "good")
    row = Check.objects.latest("uuid")
    assert row.run_reason == "confirmation_retry"
    assert row.automatic
    assert row.scheduled_for == clock.from_timestamp(RETRY)
    assert not row.late


def test_it_runs_once(failing: Schedule) -> None:
    assert len(claim(RETRY)) == 1
    assert claim(RETRY) == ()


def test_it_is_no_slot(failing: Schedule) -> None:
    check(RETRY, "down")
    check(RETRY + 300, "down")
    with clock.frozen(MIDNIGHT + 599):
        found = ledger(SYSTEM, failing.site_id, Tool.STATUS, first=MIDNIGHT, last=FAR)
    assert found is not None
    assert (found.expected, found.ran, found.pending) == (1, 1, 0)
    assert Check.objects.count() == 3


def test_it_is_no_slot_while_it_runs(failing: Schedule) -> None:
    claim(RETRY)
    with clock.frozen(RETRY + 1):
        found = ledger(SYSTEM, failing.site_id, Tool.STATUS, first=MIDNIGHT, last=FAR)
    assert found is not None
    assert (found.expected, found.ran, found.pending) == (1, 1, 0)


@pytest.mark.parametrize(
    ("moment", "near"), [(0, True), (30, True), (31, False), (569, False), (570, True)]
)
def test_it_falls_near_a_slot(moment: int, *, near: bool) -> None:
    assert is_near_slot(MIDNIGHT + moment, Grid(0, 600)) is near


def test_it_is_served_by_a_slot_that_is_near(failing: Schedule) -> None:
    ask([Wish(failing.pk, MIDNIGHT + 580, RunReason.CONFIRMATION_RETRY)])
    failing.refresh_from_db()
    assert failing.retry_at is None


def test_it_is_served_by_a_slot_that_comes_first(failing: Schedule) -> None:
    """Nobody claimed for a while: both are due, and one run does."""
    (request,) = claim(MIDNIGHT + 600)
    assert request.ticket is not None
    assert request.ticket.run_reason is RunReason.SCHEDULED
    failing.refresh_from_db()
    assert failing.retry_at is None


def test_it_counts_after_the_clock_was_set_back(watched: Any) -> None:
    """Asked for at a moment that has counted already, it would run and count for nothing."""
    with clock.frozen(MIDNIGHT):
        (request,) = claim(MIDNIGHT)
    with clock.frozen(MIDNIGHT - 200):
        intake.store([answer(request, "down")])
    check(next_due(), "down")
    assert Issue.objects.get().status == "open"
    assert next_due() < MIDNIGHT + 600


def test_it_takes_a_wish_back(failing: Schedule) -> None:
    ask([Wish(failing.pk)])
    assert next_due() == MIDNIGHT + 600


@pytest.mark.parametrize("expire", [leases.expire, leases.expire_all])
def test_it_is_wished_for_again_when_its_worker_dies(failing: Schedule, expire: Any) -> None:
    claim(RETRY)
    arguments = {"now": RETRY + 10_000} if expire is leases.expire else {}
    assert expire(**arguments) == 1
    failing.refresh_from_db()
    assert (failing.retry_at, failing.inflight_slot) == (RETRY, None)
    assert not Gap.objects.exists()


def test_it_is_wished_for_again_when_it_is_handed_back(failing: Schedule) -> None:
    requests = claim(RETRY)
    assert leases.release(requests) == 1
    assert not Gap.objects.exists()
    assert len(claim(RETRY)) == 1


def test_it_is_not_accounted_for_when_a_slot_finds_it_dead(failing: Schedule) -> None:
    claim(RETRY)
    (request,) = claim(MIDNIGHT + 600)
    assert request.ticket is not None
    assert request.ticket.slot == MIDNIGHT + 600
    failing.refresh_from_db()
    assert failing.inflight_reason == ""
    assert not Gap.objects.exists()


def test_it_holds_up_a_slot_that_is_due_while_it_runs(failing: Schedule) -> None:
    ask([Wish(failing.pk, MIDNIGHT + 560, RunReason.CONFIRMATION_RETRY)])
    (request,) = claim(MIDNIGHT + 560)
    assert claim(MIDNIGHT + 600) == ()
    assert Gap.objects.get().reason == "previous_still_running"
    with clock.frozen(MIDNIGHT + 601):
        assert intake.store([answer(request, "good")]).stored == 1


def test_it_waits_for_a_run_that_is_under_way(failing: Schedule) -> None:
    claim(MIDNIGHT + 600)
    ask([Wish(failing.pk, MIDNIGHT + 640, RunReason.CONFIRMATION_RETRY)])
    assert claims.next_due([Tool.STATUS]) == MIDNIGHT + 1200
    assert claim(MIDNIGHT + 641) == ()


def test_it_runs_for_no_tool_that_is_turned_off(failing: Schedule) -> None:
    Schedule.objects.update(next_slot=None)
    assert claim(RETRY) == ()
    ask([Wish(failing.pk, MIDNIGHT + 300, RunReason.CONFIRMATION_RETRY)])
    failing.refresh_from_db()
    assert failing.retry_at is None


def test_it_runs_for_no_plan_that_is_inactive(failing: Schedule) -> None:
    Team.objects.update(plan_state="inactive")
    assert claim(RETRY) == ()
    failing.refresh_from_db()
    assert failing.retry_at is None


def test_it_does_not_starve_behind_slots(site: Any) -> None:
    """The limit is shared: slots first, and the rest of it for extra runs."""
    schedule = watch(site)
    check(MIDNIGHT, "down")
    assert claims.claim([Tool.STATUS], now=RETRY, running_since=0, limit=1).due == 1
    schedule.refresh_from_db()
    assert schedule.inflight_reason == "confirmation_retry"
