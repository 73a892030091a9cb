"""The audit log: who did what, to what, in names that people know."""

from typing import Any

from tests.issues.conftest import acting
from tests.web.conftest import SignIn
from tests.web.incidents import NASTY, down
from tocsin.issues.actions import acknowledge, delete
from tocsin.sites.actions import create_site, delete_site
from tocsin.sites.models import Site


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
