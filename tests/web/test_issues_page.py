"""The list of issues: filters, counts, and doing one thing to many."""

from typing import Any

import pytest
from django.test import Client

from tests.api.plenty import fill
from tests.web.conftest import SignIn
from tests.web.incidents import NASTY, down, recover, see
from tocsin.issues.models import Issue
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site
from tocsin.teams.models import Team


@pytest.fixture
def issue(site: Any) -> Issue:
    return down(site)


def _list(client: Client, team: Any, query: str = "") -> str:
    answer = client.get(f"/teams/{team.pk}/issues{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def _bulk(client: Client, team: Any, verb: str, *issues: Any, query: str = "") -> str:
    body = {"verb": verb, "issue": [str(getattr(each, "pk", each)) for each in issues]}
    return client.post(f"/teams/{team.pk}/issues/bulk{query}", body, follow=True).content.decode()


def _row(issue: Issue) -> str:
    return f"/issues/{issue.pk}"


def test_it_says_that_nothing_is_wrong(sign_in: SignIn, vera: Any, team: Any) -> None:
    assert "Nothing is wrong" in _list(sign_in(vera), team)
    assert "Nothing has happened yet" in _list(sign_in(vera), team, "?status=all")


def test_it_shows_what_is_active_first(sign_in: SignIn, vera: Any, team: Any, issue: Any) -> None:
    page = _list(sign_in(vera), team)
    assert _row(issue) in page
    assert "Critical" in page
    recover()
    client = sign_in(vera)
    assert _row(issue) not in _list(client, team)
    assert _row(issue) in _list(client, team, "?status=resolved")
    assert _row(issue) in _list(client, team, "?status=all")


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("?tool=status", True),
        ("?tool=ssl", False),
        ("?severity=critical", True),
        ("?severity=warning", False),
        ("?search=EXAMPLE.com", True),
        ("?search=503", True),
        ("?search=%00exam", True),
        ("?search=nowhere", False),
        ("?status=acknowledged", False),
        ("?status=smelly&tool=taste&severity=loud", True),
    ],
)
def test_it_filters(
    sign_in: SignIn, vera: Any, team: Any, issue: Any, query: str, is_found: bool
) -> None:
    assert (_row(issue) in _list(sign_in(vera), team, query)) is is_found


def test_it_counts_by_status_within_the_other_filters(
    sign_in: SignIn, vera: Any, team: Any, site: Any, issue: Any
) -> None:
    see(site, Tool.SSL, "expiring")
    page = " ".join(_list(sign_in(vera), team, "?tool=ssl").split())
    assert 'Active <span class="tab-count">1</span>' in page
    assert 'Resolved <span class="tab-count">0</span>' in page


def test_it_shows_those_of_one_site(sign_in: SignIn, vera: Any, team: Any, issue: Any) -> None:
    client = sign_in(vera)
    page = _list(client, team, f"?site={issue.site_id}")
    assert "Only of <strong>Example</strong>" in page
    foreign = Site.objects.create(team=Team.objects.create(name="Other"), url="https://o.example")
    for site in (foreign.pk, "nonsense"):
        assert client.get(f"/teams/{team.pk}/issues?site={site}").status_code == 404


def test_it_offers_viewers_nothing_to_do(
    sign_in: SignIn, vera: Any, bob: Any, adam: Any, team: Any, issue: Any
) -> None:
    offered = {
        name: [verb for verb in ("acknowledge", "resolve", "delete") if f'value="{verb}"' in page]
        for name, page in ((user.name, _list(sign_in(user), team)) for user in (vera, bob, adam))
    }
    assert offered == {
        "Vera": [],
        "Bob": ["acknowledge", "resolve"],
        "Adam": ["acknowledge", "resolve", "delete"],
    }


def test_it_does_one_thing_to_many_and_keeps_the_filters(
    sign_in: SignIn, bob: Any, team: Any, site: Any, issue: Any
) -> None:
    other = see(site, Tool.SSL, "expiring")
    client = sign_in(bob)
    page = _bulk(client, team, "acknowledge", issue, other, query="?severity=critical&page=2")
    assert "2 issues acknowledged." in page
    assert _row(other) not in page
    assert Issue.objects.filter(status="acknowledged", acknowledged_by=bob).count() == 2
    assert "2 issues resolved." in _bulk(client, team, "resolve", issue, other)
    stale = _bulk(client, team, "acknowledge", issue, other)
    assert "2 were left alone: they are resolved already." in stale


def test_it_lets_only_who_may_delete(
    sign_in: SignIn, bob: Any, adam: Any, team: Any, issue: Any
) -> None:
    assert "does not allow it" in _bulk(sign_in(bob), team, "delete", issue)
    assert "1 issue deleted." in _bulk(sign_in(adam), team, "delete", issue)
    assert "1 is gone already." in _bulk(sign_in(adam), team, "delete", issue)


def test_it_touches_no_issue_of_another_team(sign_in: SignIn, bob: Any, issue: Any) -> None:
    # Bob owns another team: what he may do there must not reach into this one by its address.
    from tests.cast import _join

    own = Team.objects.create(name="Bob's")
    _join(own, bob, "owner")
    assert "1 is gone already." in _bulk(sign_in(bob), own, "delete", issue)
    assert Issue.objects.get().status == "open"


@pytest.mark.parametrize("verb", ["", "burn"])
def test_it_does_nothing_it_does_not_know(
    sign_in: SignIn, bob: Any, team: Any, issue: Any, verb: str
) -> None:
    _bulk(sign_in(bob), team, verb, issue)
    assert Issue.objects.get().status == "open"


def test_it_asks_to_choose_first(sign_in: SignIn, bob: Any, team: Any, issue: Any) -> None:
    assert "Choose at least one issue" in _bulk(sign_in(bob), team, "resolve")
    assert "Choose at least one issue" in _bulk(sign_in(bob), team, "resolve", "no-uuid")


def test_it_shows_hostile_names_as_text(
    sign_in: SignIn, bob: Any, team: Any, site: Any, issue: Any
) -> None:
    Site.objects.filter(pk=site.pk).update(name=NASTY[:255])
    Issue.objects.update(summary=NASTY * 100)
    for query in ("", f"?site={site.pk}", "?search=%3Cscript%3Ealert(1)"):
        page = _list(sign_in(bob), team, query)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_it_pages_within_the_filters(sign_in: SignIn, bob: Any, team: Any) -> None:
    client = sign_in(bob)
    fill(team, bob, 60)
    page = _list(client, team, "?status=all")
    assert "Page 1 of 3" in page
    assert "?status=all&amp;page=2" in page
    assert "Page 3 of 3" in _list(client, team, "?status=all&page=3")
    assert client.get(f"/teams/{team.pk}/issues?page=x").status_code == 404
