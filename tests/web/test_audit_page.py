"""The audit log: who did what, to what, in names that people know."""

from datetime import UTC, datetime
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.issues.conftest import acting
from tests.web.conftest import SignIn
from tests.web.incidents import NASTY, down
from tocsin.access.principal import SYSTEM
from tocsin.audit.actions import record
from tocsin.issues.actions import acknowledge, delete
from tocsin.kit import clock
from tocsin.sites.actions import create_site, delete_site
from tocsin.sites.models import Site
from tocsin.web.audit_words import ACTIONS, action_choices, actions_of


def _page(client: Any, team: Any, query: str = "") -> str:
    answer = client.get(f"/teams/{team.pk}/audit{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_names_sites_and_links_to_them(sign_in: SignIn, adam: Any, team: Any) -> None:
    site = create_site(acting(adam), team, url="https://shop.example.com", name="Shop")
    page = _page(sign_in(adam), team)
    assert f'href="/teams/{team.pk}/sites/{site.pk}/">Shop</a>' in page
    gone = site.pk
    delete_site(acting(adam), site)
    page = _page(sign_in(adam), team)
    assert f"site {gone}" in page
    assert f"/sites/{gone}" not in page


def test_it_leads_to_issues_that_are_there(
    sign_in: SignIn, adam: Any, team: Any, site: Any
) -> None:
    issue = down(site)
    acknowledge(acting(adam), issue.pk)
    link = f'href="/teams/{team.pk}/issues/{issue.pk}"'
    assert _page(sign_in(adam), team).count(link) == 1
    delete(acting(adam), issue.pk)
    assert _page(sign_in(adam), team).count(link) == 1


def test_it_shows_hostile_names_as_text(sign_in: SignIn, adam: Any, team: Any) -> None:
    site = create_site(acting(adam), team, url="https://shop.example.com")
    Site.objects.filter(pk=site.pk).update(name=NASTY)
    page = _page(sign_in(adam), team)
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_it_stands_in_the_teams_own_navigation(
    sign_in: SignIn, adam: Any, vera: Any, team: Any
) -> None:
    assert 'aria-label="Team"' in _page(sign_in(adam), team)
    looking = sign_in(vera).get(f"/teams/{team.pk}/team").content.decode()
    assert "#members" in looking
    assert "/audit" not in looking
    assert "#security" not in looking


@pytest.fixture
def told(adam: Any, bob: Any, team: Any) -> None:
    """Three entries: of adam's in January, of bob's and of Tocsin's in February."""
    for month, who, action, target in (
        (1, acting(adam), "site.created", "site:january"),
        (2, acting(bob), "issue.resolved", "issue:february"),
        (2, SYSTEM, "site.deleted", "site:february"),
    ):
        with clock.frozen(datetime(2030, month, 28, 12, tzinfo=UTC).timestamp()):
            record(who, action, target, team.pk)


def _targets(page: str) -> list[str]:
    rows = LexborHTMLParser(page).css(".rows > li")
    return [row.css_first(".row-main > .faint").text() for row in rows]


JANUARY, ISSUE, BY_TOCSIN = "site january", "issue february", "site february"
EVERYTHING = [BY_TOCSIN, ISSUE, JANUARY]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", EVERYTHING),
        ("who={adam}", [JANUARY]),
        ("who=tocsin", [BY_TOCSIN]),
        ("action=sites", [BY_TOCSIN, JANUARY]),
        ("action=site.created", [JANUARY]),
        ("from=2030-02-28", [BY_TOCSIN, ISSUE]),
        ("to=2030-01-28", [JANUARY]),
        ("who={bob}&action=issues&from=2030-02-01&to=2030-02-28", [ISSUE]),
        ("who={bob}&action=sites", []),
        ("who=99999999999999999999&action=drop&from=&to=", EVERYTHING),  # means nothing
    ],
)
def test_it_filters(
    sign_in: SignIn, adam: Any, bob: Any, team: Any, told: None, query: str, shown: list[str]
) -> None:
    asked = query.format(adam=adam.pk, bob=bob.pk)
    page = _page(sign_in(adam), team, f"?{asked}")
    assert _targets(page) == shown
    assert ("No entry fits these filters" in page) is (shown == [])


def test_it_keeps_what_is_chosen_from_page_to_page(sign_in: SignIn, adam: Any, team: Any) -> None:
    for number in range(51):
        record(acting(adam), "site.changed", f"site:{number}", team.pk)
        record(acting(adam), "team.renamed", f"team:{number}", team.pk)
    chosen = f"who={adam.pk}&action=sites&from=2020-01-01&to=2999-01-01"
    page = _page(sign_in(adam), team, f"?{chosen}")
    tree = LexborHTMLParser(page)
    assert [each.attributes["value"] for each in tree.css(".filters option[selected]")] == [
        f"{adam.pk}", "sites",
    ]  # fmt: skip
    assert "51 entries in all" in page
    (older,) = tree.css('nav[aria-label="Pages"] a')
    assert _targets(_page(sign_in(adam), team, older.attributes["href"] or "")) == ["site 0"]


def test_it_finds_those_who_have_left(sign_in: SignIn, adam: Any, bob: Any, team: Any) -> None:
    record(acting(bob), "site.changed", "site:1", team.pk)
    team.memberships.filter(user=bob).delete()
    page = LexborHTMLParser(_page(sign_in(adam), team))
    link = page.css_first(".rows a").attributes["href"] or ""
    assert link == f"?who={bob.pk}"
    left = LexborHTMLParser(_page(sign_in(adam), team, link))
    assert left.css_first("#audit-who option[selected]").text() == f"User {bob.pk}, no longer here"


def test_it_explains_dates_that_are_none(sign_in: SignIn, adam: Any, team: Any) -> None:
    page = _page(sign_in(adam), team, "?from=2030-01-02&to=2030-01-01")
    assert "It must not lie before" in page


def test_it_teaches_where_nothing_was_recorded(sign_in: SignIn, adam: Any, team: Any) -> None:
    assert "Every change in this team will be listed here." in _page(sign_in(adam), team)


def test_one_can_ask_for_every_action_of_a_team() -> None:
    offered = {value for _group, choices in action_choices() for value, _label in choices[1:]}
    personal = ("oauth_", "token.", "two_factor.", "user.")
    assert offered == {action for action in ACTIONS if not action.startswith(personal)}
    assert actions_of("checks") == ("check.deleted", "checks.queued")


def test_it_writes_values_as_people_do(sign_in: SignIn, adam: Any, team: Any) -> None:
    after = {"on": True, "gone": None, "tools": ["ssl", "dns"], "limits": {"most": None}}
    record(acting(adam), "site.changed", "site:1", team.pk, after=after)
    page = LexborHTMLParser(_page(sign_in(adam), team))
    shown = [each.text() for each in page.css(".badge-code")]
    assert shown == ["on: true", "gone: –", "tools: ssl, dns", 'limits: {"most": null}']
