"""The first page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tocsin.checks.models import Schedule
from tocsin.kit import clock
from tocsin.sites.models import Site
from tocsin.web import assets

NASTY = '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7|add:7 }}'


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice)


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the assets were built."""
    monkeypatch.setattr(assets, "find", lambda name: assets.Asset(f"dist/{name}", "sha384-x"))


def _watch(team: Any, name: str, outcome: str = "ok", summary: str = "200 in 12 ms") -> Site:
    domain = f"{abs(hash(name))}.example.com"
    site = Site.objects.create(team=team, name=name, url=f"https://{domain}", domain=domain)
    for tool in ("status", "ssl", "dns"):
        Schedule.objects.create(
            site=site,
            tool=tool,
            cadence=60,
            phase=0,
            since=0,
            next_slot=2**40,
            latest_status="completed" if outcome else "",
            latest_outcome=outcome,
            latest_summary=summary,
            latest_at=clock.now() - timedelta(minutes=3) if outcome else None,
        )
    return site


def _page(client: Client, team: Any, path: str = "sites") -> str:
    answer = client.get(f"/teams/{team.pk}/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_leads_home_to_the_team_that_was_looked_at_last(
    client: Client, alice: Any, team: Any
) -> None:
    from tocsin.access.principal import SYSTEM
    from tocsin.teams.actions import create_team

    other = create_team(SYSTEM, owner_id=alice.pk, name="Another")
    for each in (team, other, team):
        _page(client, each)
        assert client.get("/")["Location"] == f"/teams/{each.pk}/"


@pytest.mark.parametrize(
    ("outcome", "word", "icon"),
    [
        ("ok", "Up", "#circle-check"),
        ("failing", "Down", "#octagon-x"),
        ("unknown", "Unknown", "#circle-question-mark"),
        ("", "Waiting", "#circle-dashed"),
    ],
)
@pytest.mark.usefixtures("built")
def test_it_tells_states_apart_by_word_and_shape_and_not_by_colour_alone(
    client: Client, team: Any, outcome: str, word: str, icon: str
) -> None:
    _watch(team, "Shop", outcome)
    page = _page(client, team)
    assert f"</span>{word}</span>" in page
    assert icon in page


def test_it_shows_what_each_tool_found_and_when(client: Client, team: Any) -> None:
    _watch(team, "Shop", summary="Valid for 62 more days")
    page = _page(client, team)
    assert "Valid for 62 more days" in page
    assert re.search(r'<time datetime="[^"]+">3\xa0minutes ago</time>', page)


def test_it_sums_up_in_one_sentence(client: Client, team: Any) -> None:
    _watch(team, "Good")
    assert "All is well" in _page(client, team)
    _watch(team, "Bad", "failing")
    assert "1 of 2 sites need attention" in _page(client, team, "sites/live")


def test_it_escapes_what_people_and_sites_say(client: Client, team: Any) -> None:
    _watch(team, NASTY, summary=NASTY)
    page = _page(client, team)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7|add:7 }}" in page


def test_it_pages_through_many_sites(client: Client, team: Any) -> None:
    for number in range(51):
        _watch(team, f"site {number}")
    assert "?page=2" in _page(client, team)
    assert "site 0" in _page(client, team, "sites?page=2")


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "١"])
def test_it_finds_no_page_of_a_number_that_is_none(client: Client, team: Any, page: str) -> None:
    assert client.get(f"/teams/{team.pk}/sites", {"page": page}).status_code == 404


def _names(client: Client, team: Any, **query: str) -> list[str]:
    page = client.get(f"/teams/{team.pk}/sites", query).content.decode()
    return re.findall(r'id="show-[^"]+" href="[^"]+" title="([^"]*)"', page)


def test_it_searches_filters_and_sorts(client: Client, team: Any) -> None:
    good, bad = _watch(team, "Beta good"), _watch(team, "alpha bad", "failing")
    _watch(team, "gamma unknown", "unknown")
    _watch(team, "delta waiting", "")
    Site.objects.filter(pk=good.pk).update(pinned_at=clock.now())
    assert _names(client, team, search="BETA") == ["Beta good"]
    assert _names(client, team, search=bad.domain[3:9]) == ["alpha bad"]
    assert _names(client, team, health="failing") == ["alpha bad"]
    assert _names(client, team, health="unknown") == ["gamma unknown"]
    assert _names(client, team, health="ok") == ["Beta good"]
    assert _names(client, team, health="waiting") == ["delta waiting"]
    assert _names(client, team, pinned="yes") == ["Beta good"]
    assert _names(client, team, sort="name")[:2] == ["alpha bad", "Beta good"]
    assert _names(client, team)[0] == "Beta good"
    assert len(_names(client, team, health="x", tool="y", sort="z", pinned="q")) == 4


def test_it_filters_by_the_health_of_one_tool(client: Client, team: Any) -> None:
    site = _watch(team, "Half")
    Schedule.objects.filter(site=site, tool="dns").update(latest_outcome="failing")
    assert _names(client, team, health="failing", tool="dns") == ["Half"]
    assert _names(client, team, health="failing", tool="ssl") == []
    Schedule.objects.filter(site=site, tool="dns").update(next_slot=None)
    assert _names(client, team, health="failing") == []


def test_it_says_that_nothing_fits_and_keeps_the_filters_in_links(
    client: Client, team: Any
) -> None:
    for number in range(51):
        _watch(team, f"site {number}")
    assert "?search=site&amp;page=2" in _page(client, team, "sites?search=site")
    assert "sites/live?search=site&amp;page=1" in _page(client, team, "sites?search=site")
    page = _page(client, team, "sites?search=%00nothing")
    assert "No site fits these filters" in page


def test_it_teaches_where_there_are_no_sites(client: Client, team: Any) -> None:
    assert "Add your first site" in _page(client, team)


def test_it_offers_viewers_no_form(sign_in: SignIn, vera: Any, team: Any) -> None:
    page = _page(sign_in(vera), team)
    assert "No sites yet" in page
    assert "Add your first site" not in page


def test_it_adds_a_site(client: Client, team: Any) -> None:
    answer = client.post(
        f"/teams/{team.pk}/sites/new", {"url": "HTTPS://Example.com:443/", "name": ""}, follow=True
    )
    assert answer.redirect_chain[-1][0] == f"/teams/{team.pk}/sites/{Site.objects.get().pk}/"
    assert "is being watched" in answer.content.decode()
    assert "https://example.com" in answer.content.decode()
    assert Site.objects.get().name == "example.com"


@pytest.mark.parametrize(
    "url", ["", "not a url", "ftp://example.com", "http://127.0.0.1", "http://user:pw@example.com"]
)
def test_it_says_beside_the_address_why_it_is_refused(client: Client, team: Any, url: str) -> None:
    answer = client.post(f"/teams/{team.pk}/sites/new", {"url": url})
    assert answer.status_code == 422
    assert 'id="id_url_error"' in answer.content.decode()
    assert not Site.objects.exists()
