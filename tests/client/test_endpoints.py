"""Every endpoint through the client."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.api.conftest import make_check, make_issue
from tests.api.routes import PREFIX, all_routes
from tests.client.conftest import ClientOf, Recorder
from tocsin.checks.models import Check, Schedule
from tocsin.kit import clock
from tocsin.sites.models import Site
from tocsin_client import ForbiddenError, InvalidError, NotFoundError


def test_it_knows_who_and_where(client_of: ClientOf, bob: Any, team: Any) -> None:
    """The caller, their teams, the token."""
    tocsin = client_of(bob)
    me = tocsin.me()
    assert (me.user.email, [each.id for each in me.teams]) == ("bob@example.com", [team.pk])
    assert tocsin.teams() == me.teams == [tocsin.team(team.pk)]
    assert tocsin.team(team.pk).limits.sites.used == 0
    assert tocsin.token().expires_at > clock.now()


def test_it_changes_what_a_team_watches_by(client_of: ClientOf, adam: Any, team: Any) -> None:
    """What comes back is what is read again."""
    tocsin = client_of(adam)
    tools = {"ssl": {"enabled": True, "cadence_minutes": 720}}
    changed = tocsin.update_team_monitoring(team.pk, {"tools": tools})
    assert changed.settings["tools"]["ssl"]["cadence_minutes"] == 720
    assert tocsin.team_monitoring(team.pk) == changed


def test_it_creates_changes_and_deletes_sites(client_of: ClientOf, adam: Any, team: Any) -> None:
    """Left out stays, None inherits again."""
    tocsin = client_of(adam)
    site = tocsin.create_site(team.pk, "https://one.example.com", notes="First")
    assert tocsin.site(site.uuid) == site
    overrides = {"tools": {"status": {"cadence_minutes": 10}}}
    changed = tocsin.update_site(site.uuid, pinned=True, monitoring_settings=overrides)
    assert (changed.is_pinned, changed.notes) == (True, "First")
    assert changed.monitoring_overrides == overrides
    assert not tocsin.update_site(site.uuid, monitoring_settings=None).monitoring_overrides
    wanted = [{"url": "https://one.example.com"}, {"url": "https://two.example.com"}, {"url": "x:"}]
    many = tocsin.create_sites(team.pk, wanted)  # type: ignore[arg-type]
    assert [len(each) for each in (many.created, many.skipped, many.failed)] == [1, 1, 1]
    tocsin.delete_site(str(site.uuid))
    with pytest.raises(NotFoundError):
        tocsin.site(site.uuid)


def test_it_filters_sites(client_of: ClientOf, vera: Any, team: Any, site: Any) -> None:
    """As the query of the list does."""
    tocsin = client_of(vera)
    assert [each.uuid for each in tocsin.sites(team.pk, search="exam", tool="dns")] == [site.pk]
    assert tocsin.sites(team.pk, pinned=True).total() == 0
    assert next(iter(tocsin.sites(team.pk))).latest_checks["ssl"] is None


def test_it_reads_and_deletes_checks(client_of: ClientOf, adam: Any, site: Any) -> None:
    """By type, status and period."""
    tocsin = client_of(adam)
    scheduled, asked = make_check(site), make_check(site, type="ssl", automatic=False)
    today = clock.now().date()
    found = tocsin.checks(site.pk, automatic=False, since=today - timedelta(days=1), until=today)
    assert [each.uuid for each in found] == [asked.pk]
    assert tocsin.check(asked.pk) == next(iter(found))
    assert tocsin.check(scheduled.pk).is_terminal
    tocsin.delete_check(asked.pk)
    assert [each.uuid for each in tocsin.checks(site.pk)] == [scheduled.pk]
    with pytest.raises(ForbiddenError) as refused:
        tocsin.delete_check(scheduled.pk)
    assert refused.value.code == "automatic_check"


def test_it_reports(client_of: ClientOf, vera: Any, site: Any) -> None:
    """Days, and slots of a period."""
    tocsin = client_of(vera)
    assert len(tocsin.uptime_report(site.pk).days) == 90
    assert len(tocsin.performance_report(site.pk, days=7).days) == 7
    Schedule.objects.create(site=site, tool="ssl", cadence=600, phase=0, since=0, next_slot=0)
    slots = tocsin.slots(site.pk, "ssl", since=clock.now() - timedelta(days=2))
    assert slots.expected == slots.ran + sum(slots.skipped.values()) + sum(slots.lost.values())


def test_it_triages_issues(client_of: ClientOf, bob: Any, team: Any, site: Any) -> None:
    """Acknowledges and resolves."""
    tocsin, issue = client_of(bob), make_issue(site)
    assert [each.uuid for each in tocsin.issues(team=team.pk, site=site.pk)] == [issue.pk]
    acknowledged = tocsin.acknowledge_issue(issue.pk)
    assert acknowledged.acknowledged_by is not None
    assert acknowledged.acknowledged_by.id == bob.pk
    assert not tocsin.resolve_issue(issue.pk).is_active
    assert tocsin.issue(issue.pk).status == "resolved"
    assert tocsin.issues(status="resolved").total() == 1
    assert list(tocsin.deliveries(issue.pk)) == []


def test_it_sends_a_post_under_a_key_of_its_own(
    client_of: ClientOf, bob: Any, team: Any, recorder: Recorder
) -> None:
    """Another key each time; the same where the caller names one."""
    tocsin = client_of(bob)
    for number in range(2):
        tocsin.create_site(team.pk, f"https://s{number}.example.com")
    keys = [request.headers["Idempotency-Key"] for request in recorder.requests]
    assert len({UUID(key) for key in keys}) == 2
    for _ in range(2):
        tocsin.create_site(team.pk, "https://once.example.com", idempotency_key="once")
    assert Site.objects.count() == 3


def test_it_says_what_was_wrong(client_of: ClientOf, vera: Any, bob: Any, team: Any) -> None:
    """Typed, with the API's own words and the id to ask about."""
    with pytest.raises(InvalidError) as invalid:
        client_of(bob).create_site(team.pk, "http://10.0.0.1")
    assert list(invalid.value.errors) == ["url"]
    with pytest.raises(ForbiddenError) as forbidden:
        client_of(vera).create_site(team.pk, "https://example.com")
    assert forbidden.value.required_permission == "createSite"
    assert len(forbidden.value.request_id or "") == 32


@pytest.mark.parametrize("odd", ["../me", "1", "01890000-0000-7000-8000-000000000000/checks", ""])
def test_it_takes_nothing_but_ids_into_paths(odd: str, client_of: ClientOf, bob: Any) -> None:
    """No part of a path comes from elsewhere."""
    with pytest.raises(ValueError, match="UUID"):
        client_of(bob).site(odd)


def test_it_asks_for_pages_as_they_are_read(
    client_of: ClientOf, vera: Any, site: Any, recorder: Recorder
) -> None:
    """Not before the first item; all of them in the end, each once."""
    rows = [make_check(site, created_at=clock.now()) for _ in range(205)]
    found = client_of(vera).checks(site.pk)
    assert recorder.requests == []
    items = iter(found)
    next(items)
    assert len(recorder.requests) == 1
    assert {each.uuid for each in items} == {row.pk for row in rows} - {next(iter(found)).uuid}
    assert [page.meta.current_page for page in found.pages()] == [1, 2, 3]
    assert found.page(9).data == []
    assert found.total() == Check.objects.count()


def test_it_reaches_every_endpoint(
    client_of: ClientOf, alice: Any, team: Any, site: Any, recorder: Recorder
) -> None:
    """What the API has, the client has."""
    tocsin, issue = client_of(alice), make_issue(site)
    check, other = make_check(site, automatic=False), uuid4()
    calls = [
        *(tocsin.me, tocsin.teams, tocsin.token, tocsin.issues().total),
        lambda: tocsin.team(team.pk),
        lambda: tocsin.team_monitoring(team.pk),
        lambda: tocsin.update_team_monitoring(team.pk, {}),
        tocsin.sites(team.pk).total,
        lambda: tocsin.create_site(team.pk, "https://a.example.com"),
        lambda: tocsin.create_sites(team.pk, [{"url": "https://b.example.com"}]),
        lambda: tocsin.site(site.pk),
        lambda: tocsin.update_site(site.pk, name="New"),
        tocsin.checks(site.pk).total,
        lambda: tocsin.run_checks(site.pk, ["ssl"]),
        lambda: tocsin.check(check.pk),
        lambda: tocsin.delete_check(check.pk),
        lambda: tocsin.uptime_report(site.pk),
        lambda: tocsin.performance_report(site.pk),
        lambda: tocsin.issue(issue.pk),
        lambda: tocsin.acknowledge_issue(issue.pk),
        lambda: tocsin.resolve_issue(issue.pk),
        tocsin.deliveries(issue.pk).total,
        lambda: tocsin.slots(site.pk, "ssl"),
        lambda: tocsin.delete_site(site.pk),
    ]
    for call in calls:
        call()  # type: ignore[operator]
    values = {"team": team.pk, "site": site.pk, "check": check.pk, "issue": issue.pk}
    assert {f"{each.method} {each.url.path}" for each in recorder.requests} == {
        f"{route.method} {route.url(**values)}" for route in all_routes()
    }
    assert len(all_routes()) == 24
    assert PREFIX == "/api/v1"
    with pytest.raises(NotFoundError):
        tocsin.issue(other)
