"""GET /teams/{team}/sites and GET /sites/{site}."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.conftest import ClientFor
from tests.api.golden import SITE, differences
from tocsin.checks.models import Check, Schedule
from tocsin.kit import clock
from tocsin.sites.models import Site, TeamMonitoring


def make(team: Any, number: int, **more: Any) -> Site:
    domain = f"s{number}.example.com"
    values = {"name": f"Site {number:03}", "url": f"https://{domain}", "domain": domain}
    return Site.objects.create(team=team, **{**values, **more})


def checked(site: Site, tool: str = "status", status: str = "completed") -> Check:
    now = clock.now()
    check = Check.objects.create(
        site=site,
        type=tool,
        status=status,
        outcome="ok",
        automatic=True,
        run_reason="scheduled",
        scheduled_for=now,
        vantage="local",
        result={"up": True, "code": 200},
        updated_at=now,
        completed_at=now,
    )
    Schedule.objects.create(
        site=site,
        tool=tool,
        cadence=300,
        phase=0,
        since=0,
        latest_check=check.pk,
        latest_status=status,
        latest_outcome="ok",
    )
    return check


def names(client: Any, team: Any, query: str = "") -> list[str]:
    response = client.get(f"/api/v1/teams/{team.pk}/sites{query}")
    assert response.status_code == 200, response.content
    return [each["name"] for each in response.json()["data"]]


def test_it_shows_all_of_a_site(client_for: ClientFor, team: Any, vera: Any, site: Any) -> None:
    """As section 4 says, in the list and alone, with the latest checks."""
    check = checked(site)
    client = client_for(vera)
    listed = client.get(f"/api/v1/teams/{team.pk}/sites").json()["data"][0]
    shown = client.get(f"/api/v1/sites/{site.pk}").json()["data"]
    assert differences(shown, SITE) == []
    assert listed == shown
    assert shown["latest_checks"]["status"]["uuid"] == str(check.pk)
    assert shown["latest_checks"]["status"]["result"] == {"up": True, "code": 200}
    assert shown["latest_checks"]["ssl"] is None
    assert shown["reports"]["uptime"].endswith(f"/api/v1/sites/{site.pk}/reports/uptime")
    assert shown["enabled_checks"] == ["status", "ssl", "dns", "broken-links", "performance"]


def test_it_lists_pinned_first_then_newest(client_for: ClientFor, team: Any, bob: Any) -> None:
    """The default order, and the others by name."""
    now = clock.now()
    for number in range(4):
        make(team, number, created_at=now + timedelta(seconds=number))
    Site.objects.filter(name="Site 001").update(pinned_at=now)
    Site.objects.filter(name="Site 000").update(pinned_at=now - timedelta(days=1))
    client = client_for(bob)
    default = ["Site 001", "Site 000", "Site 003", "Site 002"]
    rising = ["Site 000", "Site 001", "Site 002", "Site 003"]
    assert names(client, team) == names(client, team, "?sort=pinned") == default
    assert names(client, team, "?sort=created_at") == names(client, team, "?sort=name") == rising
    assert names(client, team, "?sort=-created_at") == rising[::-1]
    assert names(client, team, "?sort=-name") == rising[::-1]


def test_it_filters(client_for: ClientFor, team: Any, bob: Any) -> None:
    """By part of name or URL, pin, tool and status; together they all must hold."""
    shop = make(team, 1, name="The Shop", pinned_at=clock.now())
    blog = make(team, 2, monitoring_overrides={"tools": {"dns": {"enabled": False}}})
    checked(shop, status="failed")
    checked(blog)
    client = client_for(bob)
    assert names(client, team, "?search=sHOp") == ["The Shop"]
    assert names(client, team, "?search=S2.EXAMPLE") == ["Site 002"]
    Site.objects.filter(pk=shop.pk).update(name="Ärzte-Shop")
    assert names(client, team, "?search=%C3%A4rzte") == ["Ärzte-Shop"]
    Site.objects.filter(pk=shop.pk).update(name="The Shop")
    assert names(client, team, "?search=%25") == names(client, team, "?search=_") == []
    assert names(client, team, "?pinned=true") == ["The Shop"]
    assert names(client, team, "?pinned=false") == ["Site 002"]
    assert names(client, team, "?tool=dns") == ["The Shop"]
    assert names(client, team, "?tool=ssl") == ["The Shop", "Site 002"]
    assert names(client, team, "?status=failed") == ["The Shop"]
    assert names(client, team, "?status=failed&pinned=false") == []


def test_it_knows_what_the_team_runs(client_for: ClientFor, team: Any, bob: Any) -> None:
    """A tool that the team turned off is found only where the site turned it on."""
    TeamMonitoring.objects.create(
        team=team, settings={"tools": {"broken-links": {"enabled": False}}}
    )
    make(team, 1)
    make(team, 2, monitoring_overrides={"tools": {"broken-links": {"enabled": True}}})
    assert names(client_for(bob), team, "?tool=broken-links") == ["Site 002"]


@pytest.mark.parametrize(
    "query",
    [
        "search=%00",
        "pinned=perhaps",
        "tool=telnet",
        "status=odd",
        "sort=url",
        "search=" + "x" * 256,
    ],
)
def test_it_refuses_other_values(query: str, client_for: ClientFor, team: Any, bob: Any) -> None:
    """422 on the parameter."""
    response = client_for(bob).get(f"/api/v1/teams/{team.pk}/sites?{query}")
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [query.partition("=")[0]]


def test_it_shows_only_the_teams_own(
    client_for: ClientFor, team: Any, bob: Any, mallory: Any, site: Any
) -> None:
    """Nothing of another team of the same person's either."""
    other = type(team).objects.create(name="Other")
    other.memberships.create(user=bob, role="viewer")
    make(other, 9)
    client = client_for(bob)
    assert names(client, team) == ["Example"]
    assert names(client, other) == ["Site 009"]


def test_it_counts_a_manual_check_as_the_latest(client_for: ClientFor, team: Any, bob: Any) -> None:
    """Asked for after the schedule's: it is shown, and found by its status."""
    site = make(team, 1)
    checked(site)
    client = client_for(bob)
    asked = client.post(
        f"/api/v1/sites/{site.pk}/checks", '{"tools": ["status"]}', content_type="application/json"
    ).json()["data"][0]
    assert names(client, team, "?status=pending") == ["Site 001"]
    assert names(client, team, "?status=completed") == []
    shown = client.get(f"/api/v1/sites/{site.pk}").json()["data"]["latest_checks"]["status"]
    assert shown == asked
