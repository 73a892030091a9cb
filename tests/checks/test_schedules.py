"""Schedules follow settings, and the ledger stays exact."""

import random
from collections.abc import Mapping
from typing import Any

import pytest

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tocsin.access.principal import SYSTEM
from tocsin.checks import claims, intake, leases, schedules
from tocsin.checks.ledger import Ledger, ledger
from tocsin.checks.models import Gap, PastTimetable, Schedule
from tocsin.checks.slots import phase_of
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock
from tocsin.probes.contract import ProbeRequest, Tool
from tocsin.sites.actions import create_site, delete_site, update_site
from tocsin.sites.models import Site
from tocsin.sites.monitoring.actions import update_team_monitoring
from tocsin.teams.actions import set_plan

pytestmark = pytest.mark.django_db
LIGHT = tools_of(Weight.LIGHT)


@pytest.fixture
def watched(team: Any) -> Site:
    """A site that was made at T."""
    with clock.frozen(T):
        return create_site(SYSTEM, team, url="https://example.com")


def status(site: Site, part: Mapping[str, Any] | None, now: float) -> None:
    """Patch what a site sets of its status tool."""
    with clock.frozen(now):
        update_site(SYSTEM, site, {"monitoring_settings": {"tools": {"status": part}}})


def team_status(team: Any, now: float, *, enabled: bool = True, cadence: int = 5) -> None:
    part = {"enabled": enabled, "cadence_minutes": cadence}
    with clock.frozen(now):
        update_team_monitoring(SYSTEM, team, {"monitoring_settings": {"tools": {"status": part}}})


def schedule_of(site: Site, tool: Tool = Tool.STATUS) -> Schedule:
    return Schedule.objects.get(site=site, tool=tool.value)


def run(now: float) -> None:
    claim = claims.claim(LIGHT, now=now, running_since=T)
    with clock.frozen(now + 0.2):
        intake.store([answer(request) for request in claim.requests])


def settled(site: Site) -> int:
    """Run the first two slots; return a moment at which nothing is due for minutes."""
    run(T)
    slot = schedule_of(site).next_slot
    assert slot is not None
    run(slot)
    return slot + 1


def entries(site: Site, first: float, last: float) -> Ledger:
    with clock.frozen(last):
        found = ledger(SYSTEM, site.pk, Tool.STATUS, first=first, last=last)
    assert found is not None
    return found


def is_exact(found: Ledger) -> bool:
    ended = found.ran + sum(found.skipped.values()) + sum(found.lost.values())
    return found.expected == ended


def test_it_goes_on_by_the_new_cadence_with_the_schedule_s_own_phase(watched: Site) -> None:
    now = settled(watched)
    status(watched, {"cadence_minutes": 60}, now)
    schedule = schedule_of(watched)
    assert (schedule.cadence, schedule.phase) == (3600, phase_of(schedule.pk, 3600))
    assert schedule.next_slot is not None
    assert now < schedule.next_slot <= now + 3600
    assert schedule.next_slot % 3600 == schedule.phase
    other = schedule_of(watched, Tool.SSL)
    assert (other.cadence, other.since) == (86_400, T)


def test_it_returns_to_the_same_grid(watched: Site) -> None:
    now = settled(watched)
    before = schedule_of(watched)
    status(watched, {"cadence_minutes": 60}, now)
    status(watched, {"cadence_minutes": None}, now + 10)
    after = schedule_of(watched)
    assert (after.cadence, after.phase) == (before.cadence, before.phase)
    assert after.next_slot == before.next_slot


def test_it_leaves_a_schedule_alone_that_need_not_change(watched: Site) -> None:
    before = schedule_of(watched)
    status(watched, {"cadence_minutes": 5, "settings": {"failures_to_open": 4}}, T + 10)
    after = schedule_of(watched)
    assert (after.since, after.next_slot, after.phase) == (T, T, before.phase)
    assert not PastTimetable.objects.exists()


def test_it_stops_when_the_tool_is_turned_off_and_begins_at_once_when_on(watched: Site) -> None:
    now = settled(watched)
    status(watched, {"enabled": False}, now)
    assert schedule_of(watched).next_slot is None
    run(now + 4000)
    assert entries(watched, now, now + 4000).expected == 0
    status(watched, {"enabled": True}, now + 5000)
    assert schedule_of(watched).next_slot == now + 5000
    run(now + 5000)
    found = entries(watched, T, now + 5000)
    assert (found.expected, found.ran, found.skipped) == (3, 3, {})


def test_it_skips_what_was_due_when_the_tool_was_turned_off(watched: Site) -> None:
    status(watched, {"enabled": False}, T)
    found = entries(watched, T, T)
    assert (found.expected, found.skipped) == (1, {"tool_disabled": 1})


def test_it_files_the_check_that_was_under_way_when_the_tool_was_turned_off(watched: Site) -> None:
    claim = claims.claim([Tool.STATUS], now=T, running_since=T)
    status(watched, {"enabled": False}, T)
    assert entries(watched, T, T).pending == 1
    assert intake.store([answer(request) for request in claim.requests]).stored == 1
    found = entries(watched, T, T)
    assert (found.expected, found.ran, found.pending) == (1, 1, 0)
    assert schedule_of(watched).next_slot is None


def test_it_loses_a_slot_that_was_handed_back_after_the_change(watched: Site) -> None:
    claim = claims.claim([Tool.STATUS], now=T, running_since=T)
    status(watched, {"cadence_minutes": 60}, T)
    leases.release(claim.requests)
    found = entries(watched, T, T)
    assert (found.expected, found.lost) == (1, {"worker_lost": 1})


def test_it_turns_off_and_on_within_a_second(watched: Site) -> None:
    now = settled(watched)
    status(watched, {"enabled": False}, now)
    status(watched, {"enabled": True}, now + 0.4)
    assert schedule_of(watched).next_slot == now + 1
    run(now + 1)
    found = entries(watched, T, now + 1)
    assert (found.expected, found.ran) == (3, 3)


def test_it_follows_the_team_where_the_site_sets_nothing(team: Any, watched: Site) -> None:
    with clock.frozen(T):
        own = create_site(SYSTEM, team, url="https://own.example.com")
        other = create_site(SYSTEM, _another_team(), url="https://example.com")
    status(own, {"cadence_minutes": 15}, T)
    run(T)
    team_status(team, T + 10, cadence=60)
    assert schedule_of(watched).cadence == 3600
    assert schedule_of(own).cadence == 900
    assert schedule_of(other).cadence == 300
    team_status(team, T + 20, enabled=False)
    assert schedule_of(watched).next_slot is None
    assert schedule_of(own).next_slot is None
    assert schedule_of(other).next_slot is not None


def test_it_opens_a_tool_that_was_off_when_the_site_was_made(team: Any) -> None:
    team_status(team, T - 10, enabled=False)
    with clock.frozen(T):
        site = create_site(SYSTEM, _fresh(team), url="https://example.com")
    assert not Schedule.objects.filter(site=site, tool="status").exists()
    team_status(team, T + 10, enabled=True)
    assert schedule_of(site).next_slot == T + 10


def test_it_runs_the_plan_s_floor_and_the_stored_cadence_again_later(
    team: Any, watched: Site
) -> None:
    run(T)
    status(watched, {"cadence_minutes": 1}, T + 10)
    assert schedule_of(watched).cadence == 60
    with clock.frozen(T + 20):
        set_plan(SYSTEM, team.pk, plan="starter")
    assert schedule_of(watched).cadence == 600
    watched.refresh_from_db()
    assert watched.monitoring_overrides["tools"]["status"]["cadence_minutes"] == 1
    with clock.frozen(T + 30):
        set_plan(SYSTEM, team.pk, plan="agency")
    assert schedule_of(watched).cadence == 60
    assert is_exact(entries(watched, T, T + 30))


def test_it_forgets_past_timetables_with_the_site(watched: Site) -> None:
    run(T)
    status(watched, {"enabled": False}, T + 10)
    assert PastTimetable.objects.exists()
    delete_site(SYSTEM, watched)
    assert not PastTimetable.objects.exists()


@pytest.mark.parametrize("seed", range(4))
def test_it_keeps_the_ledger_exact_whatever_happens(team: Any, watched: Site, seed: int) -> None:
    dice = random.Random(seed)
    now, held = T, list[ProbeRequest]()
    for _ in range(100):
        match dice.choice(
            ["wait", "wait", "claim", "claim", "file", "lose", "give", "set", "team"]
        ):
            case "wait":
                now += dice.choice([0, 1, 30, 59, 60, 299, 301, 4000])
            case "claim":
                held += claims.claim([Tool.STATUS], now=now, running_since=now - 100).requests
            case "file":
                intake.store([answer(request) for request in held])
                held.clear()
            case "lose":
                leases.expire_all()
            case "give":
                leases.release(held)
                held.clear()
            case "set":
                enabled, cadence = dice.random() < 0.7, dice.choice([None, 1, 2, 60])
                status(watched, {"enabled": enabled, "cadence_minutes": cadence}, now)
            case "team":
                enabled, cadence = dice.random() < 0.7, dice.choice([5, 10, 1440])
                team_status(team, now, enabled=enabled, cadence=cadence)
        for first in (T - 10, T + 1000, now - 500, now - 1):
            assert is_exact(entries(watched, first, now))
    slots = watched.checks.filter(type="status").values_list("scheduled_for", flat=True)
    assert len(set(slots)) == len(slots)
    assert PastTimetable.objects.exists()
    assert Gap.objects.exists()


def _another_team() -> Any:
    from tocsin.teams.models import Team

    return Team.objects.create(name="Other")


def _fresh(team: Any) -> Any:
    return type(team).objects.get(pk=team.pk)


def test_it_begins_new_tools_at_sites_that_were_there_before(team: Any) -> None:
    off = {"tools": {"performance": {"enabled": False}}}
    with clock.frozen(T):
        old = create_site(SYSTEM, team, url="https://old.example.com")
        create_site(SYSTEM, team, url="https://off.example.com", monitoring_settings=off)
    Schedule.objects.filter(tool__in=("performance", "broken-links")).delete()
    kept = dict(Schedule.objects.values_list("pk", "next_slot"))
    with clock.frozen(T + 100):
        assert schedules.begin_new_tools() == 3
        assert schedules.begin_new_tools() == 0
    begun = Schedule.objects.exclude(pk__in=kept)
    assert dict(Schedule.objects.filter(pk__in=kept).values_list("pk", "next_slot")) == kept
    assert sorted(begun.filter(site=old).values_list("tool", flat=True)) == [
        "broken-links",
        "performance",
    ]
    for schedule in begun:
        # By its own phase within the cadence, and not all of them at once.
        assert schedule.since == schedule.next_slot
        assert T + 100 < schedule.since <= T + 100 + schedule.cadence
        assert (schedule.since - schedule.phase) % schedule.cadence == 0
        assert schedule.phase == phase_of(schedule.pk, schedule.cadence)
