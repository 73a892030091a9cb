"""One issue: why it opened, its cycles, who was told, and what people do about it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.issues.conftest import MIDNIGHT, acting, check
from tests.web.conftest import SignIn
from tests.web.incidents import NASTY, down, recover, see
from tocsin.issues import actions
from tocsin.issues.models import Issue
from tocsin.kit import clock
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.models import Delivery, Destination, Escalation
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site
from tocsin.teams.models import Team


@pytest.fixture
def destination(team: Any) -> Any:
    return Destination.objects.create(
        team=team,
        label="On call",
        channel=ChannelKind.SLACK,
        configuration="",
        masked="https://hooks.slack.com/…9876",
        events=["resolve"],
        secret="",
    )


@pytest.fixture
def issue(site: Any) -> Issue:
    return down(site)


def _page(client: Client, issue: Issue, status: int = 200) -> str:
    answer = client.get(f"/teams/{issue.team_id}/issues/{issue.pk}")
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def _do(client: Client, issue: Issue, what: str) -> str:
    answer = client.post(f"/teams/{issue.team_id}/issues/{issue.pk}/{what}", follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_what_happened_and_which_checks_decided(
    sign_in: SignIn, vera: Any, issue: Any
) -> None:
    with clock.frozen(MIDNIGHT + 720):
        page = _page(sign_in(vera), issue)
    assert "<h1>Example is down</h1>" in page
    assert "The site answers with status 503. It has been open for 10 minutes." in page
    assert "2 checks in a row found it; 2 open an issue." in page
    assert "settings revision" in page
    opening = issue.context["opening"]["checks"]
    assert len(opening) == 2
    assert all(f"/check-link/{uuid}" in page for uuid in opening)
    assert "confirmation" in page


def test_it_says_how_it_ended(sign_in: SignIn, vera: Any, issue: Any) -> None:
    recover()
    page = _page(sign_in(vera), issue)
    assert "<h1>Example was down</h1>" in page
    assert "It was open for 5 minutes, until its checks were good again." in page
    assert "1 good check in a row; 1 resolves it." in page


def test_it_says_who_resolved_it(sign_in: SignIn, vera: Any, bob: Any, issue: Any) -> None:
    actions.resolve(acting(bob), issue.pk)
    page = _page(sign_in(vera), issue)
    assert "until Bob resolved it by hand." in page
    assert "Why it was resolved" not in page


def test_it_keeps_every_cycle(sign_in: SignIn, vera: Any, bob: Any, issue: Any) -> None:
    actions.acknowledge(acting(bob), issue.pk)
    for moment, word in ((420, "good"), (600, "down"), (720, "down")):
        check(MIDNIGHT + moment, word)
    page = _page(sign_in(vera), issue)
    assert "One earlier cycle" in page
    assert "Opened again" in page
    assert "· Bob" in page
    assert "Cycle 1 lasted" in page


@pytest.mark.parametrize(
    ("tool", "word", "texts"),
    [
        (
            Tool.SSL,
            "expiring",
            ("The certificate of Example expires soon", "Days left", ">9<", "14"),
        ),
        (Tool.DNS, "failed", ("Example cannot be looked up", "Resolvers that failed")),
        (Tool.BROKEN_LINKS, "found", ("Example has broken links", "Opens at")),
        (Tool.PERFORMANCE, "slow", ("Example is slow", "Score", ">30<", ">50<")),
    ],
)
def test_it_shows_the_numbers_of_each_tool(
    sign_in: SignIn, vera: Any, site: Any, tool: Tool, word: str, texts: tuple[str, ...]
) -> None:
    page = _page(sign_in(vera), see(site, tool, word))
    for text in texts:
        assert text in page


def test_it_shows_changed_records_beside_the_expected_ones(
    sign_in: SignIn, vera: Any, site: Any
) -> None:
    site.dns_expected_records = {"A": ["192.0.2.1"]}
    site.save()
    page = _page(sign_in(vera), see(site, Tool.DNS, "changed"))
    assert "DNS records of Example have changed" in page
    assert "198.51.100.7" in page
    assert "2 of 3 resolvers" in page


def test_it_says_who_was_told_and_why_not(
    sign_in: SignIn, vera: Any, destination: Any, issue: Any
) -> None:
    assert Delivery.objects.filter(subject=issue.pk).count() == 1
    page = _page(sign_in(vera), issue)
    assert "Slack · https://hooks.slack.com/…9876" in page
    assert "On call" in page
    assert "<strong>Opening</strong>" in page
    assert "Not sent" in page
    assert "this destination does not want such events" in page


def _live(client: Client, issue: Issue, page: str) -> Any:
    """Ask as a page does that was loaded as `page`."""
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen
    return client.get(f"/teams/{issue.team_id}/issues/{issue.pk}/live?seen={seen[1]}")


def test_it_renews_itself_when_something_happened(
    sign_in: SignIn, vera: Any, bob: Any, issue: Any
) -> None:
    client = sign_in(vera)
    with clock.frozen(MIDNIGHT + 1200):
        page = _page(client, issue)
        assert f'hx-get="/teams/{issue.team_id}/issues/{issue.pk}/live"' in page
        assert 'data-refresh-seconds="10"' in page
        assert _live(client, issue, page).status_code == 204
        actions.acknowledge(acting(bob), issue.pk)
        renewed = _live(client, issue, page).content.decode()
        assert "Bob takes care of it." in renewed
        assert "data-settled" not in renewed
        assert _live(client, issue, renewed).status_code == 204
    with clock.frozen(MIDNIGHT + 1260):
        assert "open for 19\xa0minutes" in _live(client, issue, renewed).content.decode()
    actions.resolve(acting(bob), issue.pk)
    renewed = _live(client, issue, renewed).content.decode()
    assert "<title>Example was down · Tocsin</title>" in renewed
    assert "<html" not in renewed
    assert "data-settled" in renewed


def test_it_shows_how_a_delivery_ended_also_of_an_issue_that_is_over(
    sign_in: SignIn, vera: Any, destination: Any, issue: Any
) -> None:
    client = sign_in(vera)
    recover()
    told = Delivery.objects.filter(subject=issue.pk)
    told.update(status="pending", reason="")
    page = _page(client, issue)
    assert "On its way" in page
    assert "data-settled" not in page
    assert _live(client, issue, page).status_code == 204
    told.update(status="delivered")
    renewed = _live(client, issue, page).content.decode()
    assert "Delivered" in renewed
    assert "On its way" not in renewed
    assert "data-settled" in renewed


def test_it_says_when_the_next_reminder_is_due(sign_in: SignIn, vera: Any, issue: Any) -> None:
    assert "No reminder is due" in _page(sign_in(vera), issue)
    Escalation.objects.create(issue=issue, next_at=clock.now() + timedelta(hours=3, seconds=30))
    assert "Next reminder" in _page(sign_in(vera), issue)


def test_it_shows_other_issues_of_the_site(
    sign_in: SignIn, vera: Any, site: Any, issue: Any
) -> None:
    other = see(site, Tool.SSL, "expiring")
    page = _page(sign_in(vera), issue)
    assert f"/issues/{other.pk}" in page
    assert "Certificate expires soon" in page


def test_it_offers_what_the_role_allows(
    sign_in: SignIn, vera: Any, bob: Any, adam: Any, issue: Any
) -> None:
    offered = [
        sum(
            f"/{verb}" in _page(sign_in(user), issue)
            for verb in ("acknowledge", "resolve", "delete")
        )
        for user in (vera, bob, adam)
    ]
    assert offered == [0, 2, 3]
    recover()
    assert "/resolve" not in _page(sign_in(bob), issue)


def test_it_acknowledges_resolves_and_deletes(sign_in: SignIn, adam: Any, issue: Any) -> None:
    client = sign_in(adam)
    assert "It is yours." in _do(client, issue, "acknowledge")
    assert "takes care of it" in _page(client, issue)
    assert "nobody was told" in _do(client, issue, "resolve")
    assert "The issue is deleted." in _do(client, issue, "delete")
    assert not Issue.objects.exists()


def test_it_bears_double_and_stale_submits(sign_in: SignIn, adam: Any, issue: Any) -> None:
    client = sign_in(adam)
    for _ in range(2):
        assert "It is yours." in _do(client, issue, "acknowledge")
    for _ in range(2):
        assert "It is resolved" in _do(client, issue, "resolve")
    assert "resolved issue cannot be acknowledged" in _do(client, issue, "acknowledge")
    _do(client, issue, "delete")
    for what in ("delete", "resolve", "acknowledge"):
        assert "This issue is gone already." in _do(client, issue, what)
    _page(client, issue, status=404)


def test_it_leads_an_expired_session_to_the_sign_in_page_and_back(issue: Any) -> None:
    address = f"/teams/{issue.team_id}/issues/{issue.pk}"
    answer = Client().get(address)
    assert answer["Location"] == f"/accounts/login/?next={address}"


def test_it_shows_and_changes_no_issue_of_another_team(
    sign_in: SignIn, bob: Any, issue: Any
) -> None:
    from tests.cast import _join

    own = Team.objects.create(name="Bob's")
    _join(own, bob, "owner")
    client = sign_in(bob)
    assert client.get(f"/teams/{own.pk}/issues/{issue.pk}").status_code == 404
    for what in ("acknowledge", "resolve", "delete"):
        client.post(f"/teams/{own.pk}/issues/{issue.pk}/{what}")
    assert Issue.objects.get().status == "open"


def test_it_shows_hostile_text_as_text(sign_in: SignIn, vera: Any, site: Any, issue: Any) -> None:
    Site.objects.filter(pk=site.pk).update(name=NASTY)
    hostile = {"facts": {"error": NASTY, "effective_url": NASTY, NASTY: NASTY, "code": []}}
    broken = {"opening": {"checks": [NASTY, None, 7], "breaches_in_a_row": "x"}, "latest": []}
    Issue.objects.update(summary=NASTY * 50, context=hostile | broken | {"resolution": 3})
    page = _page(sign_in(vera), issue)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page
