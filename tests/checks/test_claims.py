"""Claiming due slots from the database."""

from typing import Any

import pytest
from django.db import connection

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import Accounted, answer
from tocsin.checks import claims, intake, leases
from tocsin.checks.models import DailyRollup, Gap, Schedule
from tocsin.checks.tools import Weight, tools_of
from tocsin.probes.contract import RunReason, StatusSettings, Tool

pytestmark = pytest.mark.django_db
LIGHT = tools_of(Weight.LIGHT)


def claim(now: float, running_since: float = 0, limit: int = claims.LIMIT) -> claims.Claim:
    return claims.claim(LIGHT, now=now, running_since=running_since, limit=limit)


def test_it_asks_for_what_the_schedule_says(schedule: Schedule) -> None:
    (request,) = claim(T + 0.2).requests
    assert request.tool is Tool.STATUS
    assert request.url == "https://example.com"
    assert request.settings == StatusSettings()
    assert request.deadline > T
    assert request.ticket is not None
    assert request.ticket.slot == T
    assert request.ticket.run_reason is RunReason.SCHEDULED
    assert request.ticket.site_id == str(schedule.site_id)


def test_it_claims_a_slot_once(schedule: Schedule) -> None:
    assert len(claim(T).requests) == 1
    assert claim(T).requests == ()
    assert claims.next_due(LIGHT) == T + 60


def test_it_claims_nothing_before_it_is_due(schedule: Schedule) -> None:
    assert claim(T - 0.001).due == 0


def test_it_takes_no_more_than_the_limit(site: Any) -> None:
    for tool in ("status", "ssl", "dns"):
        Schedule.objects.create(site=site, tool=tool, cadence=60, phase=0, since=T, next_slot=T)
    assert claim(T, limit=2).due == 2
    assert claim(T, limit=2).due == 1


def test_it_claims_a_constant_number_of_queries(
    schedule: Schedule, team: Any, django_assert_num_queries: Any
) -> None:
    from tocsin.access.principal import SYSTEM
    from tocsin.sites.actions import create_site

    for number in range(20):
        create_site(SYSTEM, team, url=f"https://{number}.example.com")
    Schedule.objects.update(next_slot=T)
    counted = 5  # begin, read, advance, read extra runs, commit
    if connection.vendor == "postgresql":
        counted -= 1  # the one that advances is none of Django's
    with django_assert_num_queries(counted):
        assert len(claim(T).requests) == 61


def test_it_records_downtime_as_one_gap(schedule: Schedule, accounted: Accounted) -> None:
    week = 7 * 86_400
    (request,) = claim(T + week, running_since=T + week - 1).requests
    gap = Gap.objects.get()
    assert (gap.kind, gap.reason, gap.count) == ("lost", "scheduler_down", week // 60)
    assert request.ticket is not None
    assert request.ticket.slot == T + week
    assert list(DailyRollup.objects.order_by("date").values_list("lost", flat=True)) == [1440] * 7
    assert len(set(accounted(schedule, T + week))) == 1


def test_it_makes_one_gap_of_skips_in_a_row(schedule: Schedule, accounted: Accounted) -> None:
    claim(T)
    Schedule.objects.update(inflight_until=T + 10_000)
    for minute in range(1, 6):
        assert claim(T + 60 * minute).requests == ()
    gap = Gap.objects.get()
    assert (gap.kind, gap.reason, gap.count) == ("skipped", "previous_still_running", 5)
    assert len(set(accounted(schedule, T + 300))) == 1


def test_it_still_takes_the_answer_of_the_one_that_ran_on(schedule: Schedule) -> None:
    (request,) = claim(T).requests
    Schedule.objects.update(inflight_until=T + 90)
    assert claim(T + 60).requests == ()
    assert intake.store([answer(request)]).stored == 1
    assert len(claim(T + 120).requests) == 1


def test_it_runs_nothing_for_an_inactive_plan(schedule: Schedule, team: Any) -> None:
    team.plan_state = "inactive"
    team.save()
    assert claim(T).requests == ()
    assert Gap.objects.get().reason == "snoozed_plan_inactive"


@pytest.mark.parametrize("rubbish", [{"A": 5}, [1], "x", 7])
def test_it_skips_a_site_whose_settings_are_wrong_and_runs_the_others(
    schedule: Schedule, team: Any, rubbish: Any
) -> None:
    from tocsin.access.principal import SYSTEM
    from tocsin.sites.actions import create_site

    create_site(SYSTEM, team, url="https://other.example.com")
    Schedule.objects.filter(pk=schedule.pk).update(tool="dns")
    schedule.site.dns_expected_records = rubbish
    schedule.site.save()
    Schedule.objects.update(next_slot=T)
    assert len(claim(T).requests) == 3
    assert Gap.objects.get().reason == "settings_invalid"


def test_it_loses_a_slot_that_nobody_answered(schedule: Schedule, accounted: Accounted) -> None:
    claim(T)
    schedule.refresh_from_db()
    assert schedule.inflight_until is not None
    assert leases.expire(now=schedule.inflight_until - 1) == 0
    assert leases.expire(now=schedule.inflight_until) == 1
    assert leases.expire(now=schedule.inflight_until) == 0
    gap = Gap.objects.get()
    assert (gap.kind, gap.reason, gap.first_slot) == ("lost", "worker_lost", T)
    assert len(set(accounted(schedule, T + 59))) == 1


def test_it_loses_what_a_dead_worker_held_whatever_its_lease(schedule: Schedule) -> None:
    claim(T)
    assert leases.expire_all() == 1
    assert Gap.objects.get().reason == "worker_lost"
    assert len(claim(T + 60).requests) == 1


def test_it_runs_a_released_slot_again(schedule: Schedule, accounted: Accounted) -> None:
    first = claim(T).requests
    assert leases.release(first) == 1
    assert not Gap.objects.exists()
    (again,) = claim(T + 5).requests
    assert again.ticket is not None
    assert again.ticket.slot == T
    assert len(set(accounted(schedule, T + 59))) == 1


def test_it_loses_a_released_slot_that_others_have_passed(
    schedule: Schedule, accounted: Accounted
) -> None:
    first = claim(T).requests
    Schedule.objects.update(inflight_until=T + 90)
    claim(T + 60)
    assert leases.release(first) == 1
    assert set(Gap.objects.values_list("reason", "first_slot")) == {
        ("previous_still_running", T + 60),
        ("worker_lost", T),
    }
    assert len(set(accounted(schedule, T + 60))) == 1
