"""GET /issues and what is under it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.api.conftest import ClientFor, make_check, make_issue
from tests.api.golden import ISSUE, differences
from tocsin.api.v1.issues import StatusWord
from tocsin.issues.models import Issue, Transition
from tocsin.issues.queries import STATUS_WORDS
from tocsin.kit import clock
from tocsin.sites.models import Site


def listed(client: Any, query: str = "") -> list[str]:
    response = client.get(f"/api/v1/issues{query}")
    assert response.status_code == 200, response.content
    return [each["uuid"] for each in response.json()["data"]]


def status_of(client: Any, query: str) -> int:
    return int(client.get(f"/api/v1/issues{query}").status_code)


def told(issue: Issue, key: str, user: Any = None) -> None:
    Transition.objects.create(
        issue=issue,
        key=key,
        at=clock.now(),
        user=user,
        severity=issue.severity,
        summary=issue.summary,
        alerts=False,
    )


def test_it_shows_all_of_an_issue(client_for: ClientFor, vera: Any, bob: Any, site: Any) -> None:
    """As section 4 says, in the list and alone; null where nothing is."""
    check = make_check(site)
    issue = make_issue(
        site, latest_check=check.pk, previous_check=uuid4(), context={"facts": {"code": 500}}
    )
    told(issue, "opened")
    told(issue, "acknowledged", bob)
    client = client_for(vera)
    data = client.get(f"/api/v1/issues/{issue.pk}").json()["data"]
    assert differences(data, ISSUE) == []
    assert data == client.get("/api/v1/issues").json()["data"][0]
    assert data["check"] == client.get(f"/api/v1/checks/{check.pk}").json()["data"]
    assert data["previous_check"] is None
    assert [(each["key"], each["user"]) for each in data["timeline"]] == [
        ("opened", None),
        ("acknowledged", {"id": bob.pk, "name": "Bob"}),
    ]


def test_it_filters(client_for: ClientFor, vera: Any, team: Any, site: Any) -> None:
    """What is active, unless told otherwise; newest opening first."""
    now = clock.now()
    older = make_issue(site, opened_at=now - timedelta(hours=1), status="acknowledged")
    newer = make_issue(site, fingerprint="ssl:expiring", type="ssl", severity="warning")
    ended = make_issue(
        site, fingerprint="dns:lookup_failed", type="dns", status="resolved", opened_at=now
    )
    client = client_for(vera)
    active = [str(newer.pk), str(older.pk)]
    assert listed(client) == listed(client, "?status=active") == active
    assert set(listed(client, "?status=all")) == {*active, str(ended.pk)}
    assert listed(client, "?status=resolved") == [str(ended.pk)]
    assert listed(client, "?status=open") == [str(newer.pk)]
    assert listed(client, "?status=acknowledged") == [str(older.pk)]
    assert listed(client, "?tool=ssl") == listed(client, "?severity=warning") == [str(newer.pk)]
    assert listed(client, f"?team={team.pk}&site={site.pk}") == active


def test_it_knows_every_word_for_a_status() -> None:
    """The same that the query takes."""
    assert set(StatusWord) == set(STATUS_WORDS)


@pytest.mark.parametrize(
    "query", ["team=x", "site=x", "tool=telnet", "severity=bad", "status=gone"]
)
def test_it_refuses_other_values(query: str, client_for: ClientFor, vera: Any) -> None:
    """422 on the parameter."""
    response = client_for(vera).get(f"/api/v1/issues?{query}")
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [query.partition("=")[0]]


def test_it_knows_no_foreign_team_or_site(
    client_for: ClientFor, mallory: Any, bob: Any, team: Any, site: Any
) -> None:
    """404 in a filter as in a path; nothing of it without one."""
    make_issue(site)
    client = client_for(mallory)
    assert listed(client, "?status=all") == []
    for query in (f"?team={team.pk}", f"?site={site.pk}", "?team=0", "?team=" + "9" * 40):
        assert status_of(client, query) == 404
    other = type(team).objects.create(name="Other")
    other.memberships.create(user=bob, role="viewer")
    assert status_of(client_for(bob), f"?team={other.pk}&site={site.pk}") == 404


@pytest.mark.parametrize(
    ("change", "status"), [({"plan_state": "inactive"}, 402), ({"require_two_factor": True}, 403)]
)
def test_it_leaves_out_teams_whose_gates_refuse(
    change: Any, status: int, client_for: ClientFor, bob: Any, team: Any, site: Any
) -> None:
    """Unless the team or its site is named: then its gates answer."""
    make_issue(site)
    other = type(team).objects.create(name="Other")
    other.memberships.create(user=bob, role="viewer")
    elsewhere = Site.objects.create(team=other, name="O", url="https://o.example", domain="o")
    seen = make_issue(elsewhere)
    type(team).objects.filter(pk=team.pk).update(**change)
    client = client_for(bob)
    assert listed(client) == [str(seen.pk)]
    assert status_of(client, f"?team={team.pk}") == status
    assert status_of(client, f"?site={site.pk}") == status


def test_it_acknowledges(client_for: ClientFor, bob: Any, site: Any) -> None:
    """200, and again 200; 409 once it is resolved."""
    issue = make_issue(site)
    client, url = client_for(bob), f"/api/v1/issues/{issue.pk}"
    first = client.generic("POST", f"{url}/acknowledge")
    assert first.status_code == 200
    data = first.json()["data"]
    assert differences(data, ISSUE) == []
    assert (data["status"], data["acknowledged_by"]["id"]) == ("acknowledged", bob.pk)
    assert client.generic("POST", f"{url}/acknowledge").json()["data"] == data
    assert client.generic("POST", f"{url}/resolve").status_code == 200
    late = client.generic("POST", f"{url}/acknowledge")
    assert (late.status_code, late.json()["code"]) == (409, "conflict")


def test_it_resolves(client_for: ClientFor, bob: Any, site: Any) -> None:
    """200, and again 200, by whom and when."""
    issue = make_issue(site)
    client, url = client_for(bob), f"/api/v1/issues/{issue.pk}"
    data = client.generic("POST", f"{url}/resolve").json()["data"]
    assert differences(data, ISSUE) == []
    assert (data["status"], data["is_active"]) == ("resolved", False)
    assert data["resolved_by"] == {"id": bob.pk, "name": "Bob"}
    again = client.generic("POST", f"{url}/resolve")
    assert (again.status_code, again.json()["data"]) == (200, data)
