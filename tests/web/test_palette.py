"""The command palette: what it finds, for whom, and that it shows text as text."""

from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.incidents import NASTY
from tocsin.sites.models import Site
from tocsin.teams.models import Team


def _found(client: Client, query: str = "", team: Any = None) -> str:
    if team is not None:
        client.get(f"/teams/{team.pk}/issues")
    answer = client.get("/palette", {"q": query})
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_finds_sites_pages_and_actions(sign_in: SignIn, bob: Any, team: Any, site: Any) -> None:
    client = sign_in(bob)
    assert f"/teams/{team.pk}/sites/{site.pk}/" in _found(client, "EXAMPLE.c", team)
    assert f"/teams/{team.pk}/issues" in _found(client, "issu")
    assert "#add-site" in _found(client, "add a")
    assert f'href="/teams/{team.pk}/"' in _found(client, "acme")
    assert "Nothing fits “zebra”." in _found(client, "zebra")


def test_it_offers_what_the_role_allows(
    sign_in: SignIn, vera: Any, adam: Any, team: Any, site: Any
) -> None:
    looking, leading = (_found(sign_in(each), "", team) for each in (vera, adam))
    for offer in ("Add a site", "Destinations", "Audit log", "Invite somebody"):
        assert offer in leading
        assert offer not in looking
    assert "Reports" in looking


def test_it_shows_nothing_of_other_teams(
    sign_in: SignIn, vera: Any, mallory: Any, team: Any, site: Any
) -> None:
    other = Team.objects.create(name="Other")
    Site.objects.create(team=other, name="Example 2", url="https://2.example", domain="2")
    assert "Example 2" not in _found(sign_in(vera), "example", team)
    assert "Nothing fits" in _found(sign_in(mallory), "example")


@pytest.mark.parametrize("query", [NASTY, "\0", "x" * 10_000, "%' OR 1=1 --", "\u202e"])
def test_it_takes_anything_and_shows_it_as_text(
    sign_in: SignIn, vera: Any, team: Any, site: Any, query: str
) -> None:
    Site.objects.filter(pk=site.pk).update(name=NASTY)
    for typed in (query, "alert"):
        page = _found(sign_in(vera), typed, team)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
