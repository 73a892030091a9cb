"""Settings that end issues, with their reason and without an alert."""

from typing import Any

import pytest

from tests.issues.conftest import MIDNIGHT, answer, check, claim, next_due, watch
from tocsin.access.principal import SYSTEM
from tocsin.checks import intake
from tocsin.checks.models import Schedule
from tocsin.issues.models import Issue, Transition
from tocsin.kit import clock
from tocsin.probes.egress import EgressPolicy
from tocsin.sites.actions import update_site
from tocsin.sites.monitoring.actions import snooze, update_team_monitoring

pytestmark = pytest.mark.django_db


def _patch(site: Any, body: dict[str, Any]) -> None:
    with clock.frozen(MIDNIGHT + 300):
        update_site(SYSTEM, site, body, policy=EgressPolicy())


def _resolved() -> tuple[str, str]:
    issue = Issue.objects.get()
    (row,) = Transition.objects.filter(key="resolved")
    assert not row.alerts
    assert row.user is None
    return issue.status, issue.resolve_reason


def test_it_ends_issues_of_a_tool_that_is_turned_off(down: Any) -> None:
    _patch(down, {"monitoring_settings": {"tools": {"status": {"enabled": False}}}})
    assert _resolved() == ("resolved", "tool_disabled")


def test_it_ends_issues_where_none_may_open(down: Any) -> None:
    _patch(down, {"monitoring_settings": {"tools": {"status": {"opens_issues": False}}}})
    assert _resolved() == ("resolved", "opens_issues_off")
    check(MIDNIGHT + 600, "down")
    check(MIDNIGHT + 1200, "down")
    assert Issue.objects.get().status == "resolved"


def test_it_ends_issues_of_the_address_before(down: Any) -> None:
    _patch(down, {"url": "https://example.net"})
    assert _resolved() == ("resolved", "target_changed")


def test_it_counts_from_nothing_at_the_new_address(down: Any) -> None:
    _patch(down, {"url": "https://example.net"})
    check(MIDNIGHT + 600, "down")
    assert Issue.objects.get().status == "resolved"
    check(next_due(), "down")
    assert Issue.objects.get().status == "open"


def test_it_takes_back_the_retries_of_a_tool_that_is_turned_off(watched: Any) -> None:
    check(MIDNIGHT, "down")
    _patch(watched, {"monitoring_settings": {"tools": {"status": {"opens_issues": False}}}})
    assert Schedule.objects.get(tool="status").retry_at is None


def _records_changed(site: Any) -> None:
    watch(site, "dns")
    check(MIDNIGHT, "good")
    check(MIDNIGHT + 600, "changed")
    check(next_due(), "changed")
    assert Issue.objects.get().status == "open"
    site.refresh_from_db()


@pytest.mark.parametrize("cleared", [None, {}])
def test_it_ends_changed_records_with_the_baseline(site: Any, cleared: Any) -> None:
    _records_changed(site)
    _patch(site, {"dns_expected_records": cleared})
    assert _resolved() == ("resolved", "baseline_deleted")
    Schedule.objects.filter(tool="dns").update(next_slot=MIDNIGHT + 1200)
    check(MIDNIGHT + 1200, "changed")
    site.refresh_from_db()
    assert site.dns_expected_records["A"] == ["198.51.100.7"]
    assert Issue.objects.get().status == "resolved"


def test_it_says_that_the_target_changed_for_records_too(site: Any) -> None:
    _records_changed(site)
    _patch(site, {"url": "https://example.net"})
    assert _resolved() == ("resolved", "target_changed")


def test_it_takes_no_baseline_from_the_address_before(site: Any) -> None:
    watch(site, "dns")
    (request,) = claim(MIDNIGHT)
    _patch(site, {"url": "https://example.net"})
    with clock.frozen(MIDNIGHT + 301):
        intake.store([answer(request, "good")])
    site.refresh_from_db()
    assert not site.dns_expected_records


def test_it_leaves_other_settings_alone(down: Any) -> None:
    body = {"monitoring_settings": {"tools": {"status": {"settings": {"failures_to_open": 5}}}}}
    _patch(down, body)
    assert Issue.objects.get().status == "open"


def test_it_follows_the_team(down: Any) -> None:
    tools = {"status": {"enabled": True, "cadence_minutes": 10, "opens_issues": False}}
    with clock.frozen(MIDNIGHT + 300):
        update_team_monitoring(SYSTEM, down.team, {"monitoring_settings": {"tools": tools}})
    assert _resolved() == ("resolved", "opens_issues_off")


def test_it_opens_nothing_while_snoozed(watched: Any) -> None:
    with clock.frozen(MIDNIGHT):
        snooze(SYSTEM, watched, clock.from_timestamp(MIDNIGHT + 1000))
    for moment in (0, 600):
        check(MIDNIGHT + moment, "down")
    assert not Issue.objects.exists()
    check(MIDNIGHT + 1200, "down")
    assert Issue.objects.get().status == "open"


def test_it_resolves_while_snoozed(down: Any) -> None:
    with clock.frozen(MIDNIGHT + 130):
        snooze(SYSTEM, down, clock.from_timestamp(MIDNIGHT + 9000))
    check(MIDNIGHT + 420, "good")
    assert Issue.objects.get().resolve_reason == "recovered"
