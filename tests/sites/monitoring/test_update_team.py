"""Changing a team's settings."""

from typing import Any

import pytest

from tests.sites.monitoring.documents import ROOT, team_body
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.audit.models import Entry
from tocsin.kit.errors import InvalidInput, NotFound
from tocsin.sites.models import TeamMonitoring
from tocsin.sites.monitoring import hooks, queries
from tocsin.sites.monitoring.actions import update_team_monitoring
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db
EXPIRY = team_body("tools.ssl.settings.expiry_days", 30)


def test_it_answers_with_what_then_holds(team: Any, adams: Principal) -> None:
    before = queries.team_monitoring(adams, team.pk)
    assert before["settings"]["tools"]["ssl"]["settings"]["expiry_days"] == 14
    update_team_monitoring(adams, team, EXPIRY)
    after = queries.team_monitoring(adams, team.pk)
    assert after["settings"]["tools"]["ssl"]["settings"]["expiry_days"] == 30
    assert set(after) == {
        "settings",
        "cadence_presets",
        "minimum_check_cadence_minutes",
        "allowed_tools",
        "failure_threshold_presets",
        "escalation_interval_presets",
        "dns_record_types",
        "status_incident_code_options",
    }


def test_it_reaches_the_team_s_sites_but_not_what_they_override(
    team: Any, site: Any, adams: Principal
) -> None:
    site.monitoring_overrides = {"tools": {"ssl": {"settings": {"failures_to_open": 7}}}}
    site.save()
    update_team_monitoring(adams, team, EXPIRY)
    update_team_monitoring(adams, team, team_body("tools.ssl.settings.failures_to_open", 3))
    site.team.refresh_from_db()
    settings = queries.view_of_site(site).settings["tools"]["ssl"]["settings"]
    assert (settings["expiry_days"], settings["failures_to_open"]) == (30, 7)


def test_it_counts_and_records_changes_and_tells_those_above(
    team: Any, adams: Principal, heard: list[Any]
) -> None:
    first = update_team_monitoring(adams, team, EXPIRY).revision
    again = update_team_monitoring(adams, team, EXPIRY).revision
    header = {ROOT: {"request_header": {"name": "X-Key", "value": "very secret"}}}
    second = update_team_monitoring(adams, team, header).revision
    assert (again, second) == (first, first + 1)
    assert heard == [("team_changed", team)] * 2
    entries = list(Entry.objects.filter(action="team.monitoring_changed").order_by("id"))
    assert len(entries) == 2
    after: Any = entries[0].after
    assert after["tools"]["ssl"]["settings"] == {"expiry_days": 30}
    assert "very secret" not in str(entries[1].after)
    assert {entry.user_id for entry in entries} == {adams.user_id}


def test_it_changes_nothing_when_something_is_wrong(
    team: Any, adams: Principal, heard: list[Any]
) -> None:
    body = {ROOT: {"escalation": {"enabled": True}, "quiet_time": {"enabled": "yes"}}}
    with pytest.raises(InvalidInput):
        update_team_monitoring(adams, team, body)
    assert not TeamMonitoring.objects.filter(team=team).exclude(settings={}).exists()
    assert heard == []


def test_it_is_undone_when_those_above_cannot_follow(team: Any, adams: Principal) -> None:
    def fail(_team: Team) -> None:
        raise RuntimeError

    hooks.TEAM_CHANGED.append(fail)
    try:
        with pytest.raises(RuntimeError):
            update_team_monitoring(adams, team, EXPIRY)
    finally:
        hooks.TEAM_CHANGED.remove(fail)
    assert not TeamMonitoring.objects.filter(team=team).exists()
    assert not Entry.objects.filter(action="team.monitoring_changed").exists()


def test_it_judges_by_the_plan_as_it_is_now(team: Any, adams: Principal) -> None:
    stale = Team.objects.get(pk=team.pk)
    Team.objects.filter(pk=team.pk).update(plan="starter")
    with pytest.raises(InvalidInput):
        update_team_monitoring(adams, stale, team_body("tools.status.cadence_minutes", 1))


def test_it_shows_a_team_to_its_members_only(team: Any, mallory: Any) -> None:
    outsider = Principal(PrincipalKind.SESSION, user_id=mallory.pk)
    with pytest.raises(NotFound):
        queries.team_monitoring(outsider, team.pk)


def test_it_reads_a_team_in_one_query(
    team: Any, adams: Principal, django_assert_num_queries: Any
) -> None:
    update_team_monitoring(adams, team, EXPIRY)
    with django_assert_num_queries(1):
        queries.team_monitoring(adams, team.pk)
