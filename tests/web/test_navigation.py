"""The navigation marks, on every page that links lead to, the one entry the page belongs to."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.web.conftest import SignIn
from tests.web.incidents import down
from tests.web.results import check_of
from tocsin.access.principal import SYSTEM
from tocsin.notifications.actions import destinations
from tocsin.probes.contract import Tool

FEWEST_PAGES = 30
NO_PAGES = ("/openapi/", "/static/")


@pytest.fixture
def story(team: Any, alice: Any, site: Any) -> Any:
    """A site with a check and an issue, and a destination that was told of it."""
    wishes: dict[str, Any] = {"config": {"url": "https://hooks.example.com/x"}, "events": ["open"]}
    destinations.add(SYSTEM, team.pk, channel="webhook", **wishes)
    check_of(site, Tool.SSL)
    down(site)
    return site


def _crawl(client: Client, start: str) -> dict[str, LexborHTMLParser]:
    """Open every page that links lead to from one, each path once."""
    pages, ahead, seen = {}, [start], {start}
    while ahead:
        answer = client.get(ahead.pop(0), follow=True)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        assert answer.status_code == 200, answer.request["PATH_INFO"]
        page = LexborHTMLParser(answer.content)
        pages[answer.request["PATH_INFO"]] = page
        found = {urlsplit(link.attributes["href"] or "") for link in page.css("a[href]")}
        paths = {each.path for each in found if not each.netloc and each.path.startswith("/")}
        new = sorted(path for path in paths - seen if not path.startswith(NO_PAGES))
        ahead += new
        seen |= {*new}
    return pages


def _marked(page: LexborHTMLParser, place: str = ".side") -> list[str]:
    return [link.attributes["href"] or "" for link in page.css(f'{place} a[aria-current="page"]')]


def test_each_page_marks_the_entry_that_it_belongs_to(
    sign_in: SignIn, alice: Any, story: Any
) -> None:
    home = f"/teams/{story.team_id}/"
    pages = _crawl(sign_in(alice, proven=True), home)
    framed = {path: page for path, page in pages.items() if page.css_first(".side")}
    assert len(framed) > FEWEST_PAGES
    assert {path: _marked(page) for path, page in framed.items() if len(_marked(page)) != 1} == {}
    entries = {link.attributes["href"] or "" for link in framed[home].css(".side a[href]")}
    there = {path for path in entries & {*framed} if not path.startswith("/teams/new/")}
    assert len(there) > len(("home", "sites", "issues", "reports", "monitoring", "team"))
    assert {path: _marked(framed[path]) for path in there} == {path: [path] for path in there}


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("deliveries", "destinations"),
        ("destinations/new/slack", "destinations"),
        ("sites/new", "sites"),
        ("sites/import", "sites"),
        ("sites/{site}/", "sites"),
        ("sites/{site}/checks", "sites"),
        ("sites/{site}/settings", "sites"),
        ("sites/{site}/delete", "sites"),
        ("reports/{site}", "reports"),
        ("audit", "audit"),
    ],
)
def test_it_marks_what_a_page_is_part_of(
    sign_in: SignIn, adam: Any, site: Any, path: str, entry: str
) -> None:
    team = f"/teams/{site.team_id}/"
    answer = sign_in(adam).get(team + path.format(site=site.pk))
    assert _marked(LexborHTMLParser(answer.content)) == [team + entry]


def test_it_marks_issues_for_those_who_have_no_entry_for_deliveries(
    sign_in: SignIn, vera: Any, team: Any
) -> None:
    answer = sign_in(vera).get(f"/teams/{team.pk}/deliveries")
    assert _marked(LexborHTMLParser(answer.content)) == [f"/teams/{team.pk}/issues"]


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/accounts/2fa/totp/activate/", "/accounts/2fa/"),
        ("/accounts/2fa/webauthn/add/", "/accounts/2fa/webauthn/"),
        ("/settings/account/delete", "/settings/profile"),
        ("/settings/mcp", "/settings/mcp"),
    ],
)
def test_it_marks_where_one_is_in_the_settings(
    sign_in: SignIn, alice: Any, team: Any, path: str, entry: str
) -> None:
    page = LexborHTMLParser(sign_in(alice, proven=True).get(path).content)
    assert _marked(page) == ["/settings/profile"]
    assert _marked(page, ".settings-nav") == [entry]


def test_the_bell_stays_marked_when_it_is_asked_for_anew(
    sign_in: SignIn, alice: Any, team: Any
) -> None:
    client = sign_in(alice)
    page = LexborHTMLParser(client.get("/notices/").content)
    bell = page.css_first(".side .bell").attributes["hx-get"] or ""
    assert _marked(LexborHTMLParser(client.get(bell).content), "body") == ["/notices/"]
    assert _marked(LexborHTMLParser(client.get("/notices/bell").content), "body") == []
