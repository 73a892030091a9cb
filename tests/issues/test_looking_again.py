"""A cadence that changes while a failure is counted or an issue is open: nobody waits for a day."""

from typing import Any

import pytest

from tests.issues.conftest import MIDNIGHT, check, watch
from tocsin.access.principal import SYSTEM
from tocsin.checks.models import Schedule
from tocsin.issues.models import Issue
from tocsin.kit import clock
from tocsin.probes.egress import EgressPolicy
from tocsin.sites.actions import update_site
from tocsin.sites.monitoring.actions import update_team_monitoring
from tocsin.sites.monitoring.models import TeamMonitoring
from tocsin.teams.actions.lifecycle import set_plan

pytestmark = pytest.mark.django_db
DAILY = {"tools": {"status": {"enabled": True, "cadence_minutes": 1440}}}


def _status() -> Schedule:
    return Schedule.objects.get(tool="status")


def _patch(site: Any, settings: dict[str, Any], after: int) -> None:
    with clock.frozen(MIDNIGHT + after):
        update_site(SYSTEM, site, {"monitoring_settings": settings}, policy=EgressPolicy())


@pytest.fixture
def down_by_slots(site: Any) -> Any:
    """A site whose slots come as often as follow-ups would, so there are none; it is down."""
    watch(site, cadence=300)
    check(MIDNIGHT, "down")
    check(MIDNIGHT + 120, "down")
    assert Issue.objects.get().is_active
    assert _status().retry_at is None
    return site


def test_it_follows_up_where_the_slots_became_rare(down_by_slots: Any) -> None:
    _patch(down_by_slots, DAILY, 200)
    schedule = _status()
    assert (schedule.retry_at, schedule.retry_reason) == (MIDNIGHT + 500, "incident_follow_up")
    check(MIDNIGHT + 500, "good")
    assert Issue.objects.get().resolve_reason == "recovered"


def test_it_follows_up_where_the_teams_slots_became_rare(down_by_slots: Any) -> None:
    with clock.frozen(MIDNIGHT + 200):
        body = {"monitoring_settings": DAILY}
        update_team_monitoring(SYSTEM, down_by_slots.team, body)
    assert _status().retry_at == MIDNIGHT + 500


def test_it_follows_up_where_the_plan_made_slots_rare(site: Any) -> None:
    often = {"cadence_minutes": 1, "settings": {"incident_follow_up_minutes": 1}}
    TeamMonitoring.objects.create(team=site.team, settings={"tools": {"status": often}})
    watch(site, cadence=60)
    check(MIDNIGHT, "down")
    check(MIDNIGHT + 60, "down")
    assert _status().retry_at is None
    with clock.frozen(MIDNIGHT + 70):
        set_plan(SYSTEM, site.team.pk, plan="starter")
    schedule = _status()
    assert schedule.cadence == 600
    # The new grid's phase follows from the row: its slot may come first.
    moments = (schedule.next_slot, schedule.retry_at)
    assert min(each for each in moments if each is not None) <= MIDNIGHT + 160


def test_it_confirms_what_was_left_to_a_slot_that_is_gone(site: Any) -> None:
    """Every minute a slot serves as the retry; once a day none would."""
    watch(site, cadence=60)
    check(MIDNIGHT, "down")
    assert _status().retry_at is None
    _patch(site, DAILY, 30)
    schedule = _status()
    assert (schedule.retry_at, schedule.retry_reason) == (MIDNIGHT + 150, "confirmation_retry")
    check(MIDNIGHT + 150, "down")
    assert Issue.objects.get().is_active


def test_it_leaves_a_retry_that_waits_at_its_moment(site: Any) -> None:
    watch(site, cadence=600)
    check(MIDNIGHT, "down")
    _patch(site, DAILY, 100)
    assert _status().retry_at == MIDNIGHT + 120


def test_it_asks_for_nothing_where_a_slot_comes_first(down_by_slots: Any) -> None:
    _patch(down_by_slots, {"tools": {"status": {"opens_issues": True, "cadence_minutes": 1}}}, 200)
    schedule = _status()
    assert schedule.retry_at is None
    assert schedule.next_slot is not None
    assert schedule.next_slot <= MIDNIGHT + 260


def test_it_asks_for_nothing_at_a_site_that_is_fine(site: Any) -> None:
    watch(site, cadence=300)
    check(MIDNIGHT, "good")
    _patch(site, DAILY, 200)
    assert _status().retry_at is None
