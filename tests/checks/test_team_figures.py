"""A team's checks in a few numbers, and whether they run at all."""

from typing import Any

import pytest

from tocsin.access.principal import SYSTEM
from tocsin.accounts.queries import session_principal
from tocsin.checks import heartbeats
from tocsin.checks.models import DailyRollup, Schedule
from tocsin.checks.report_queries import uptime_of_sites
from tocsin.checks.team_figures import TeamFigures, figures_of_team
from tocsin.checks.watch import PATIENCE, watch_of_team
from tocsin.kit import clock

pytestmark = pytest.mark.django_db
NOON = 1_905_681_600.0  # 2030-05-22 12:00 UTC


def _day(site: Any, days_ago: int = 0, tool: str = "status", **numbers: int) -> None:
    date = clock.from_timestamp(NOON - days_ago * 86_400).date()
    DailyRollup.objects.create(site=site, tool=tool, date=date, **numbers)


def test_it_sums_up_the_month_and_the_day(team: Any, site: Any) -> None:
    _day(site, ok=8, failing=1, unknown=4, lost=2)
    _day(site, tool="ssl", failing=1)
    _day(site, days_ago=21, ok=1)
    _day(site, days_ago=22, failing=100)
    with clock.frozen(NOON):
        assert figures_of_team(SYSTEM, team.pk) == TeamFigures(90.0, checks=14, lost=2)


def test_it_shows_nothing_to_others(team: Any, site: Any, mallory: Any) -> None:
    _day(site, ok=8)
    with clock.frozen(NOON):
        assert figures_of_team(session_principal(mallory), team.pk) == TeamFigures(None, 0, 0)
        assert uptime_of_sites(session_principal(mallory), [site.pk]) == {}
        assert uptime_of_sites(SYSTEM, [site.pk])[site.pk].total_uptime_percentage == 100.0


def test_it_says_since_when_slots_wait(team: Any, site: Any, mallory: Any) -> None:
    due = int(NOON) - PATIENCE
    schedule = Schedule.objects.create(
        site=site, tool="ssl", cadence=60, phase=0, since=0, next_slot=due
    )
    with clock.frozen(NOON):
        assert watch_of_team(SYSTEM, team.pk).behind_since is None
        schedule.next_slot = due - 1
        schedule.save()
        watch = watch_of_team(SYSTEM, team.pk)
        assert (watch.behind_since, watch.anybody) == (clock.from_timestamp(due - 1), False)
        heartbeats.beat("worker")
        assert watch_of_team(SYSTEM, team.pk).anybody
        assert watch_of_team(session_principal(mallory), team.pk).behind_since is None
