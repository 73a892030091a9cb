"""What the first routes show; contract, section 4."""

from datetime import timedelta
from typing import Any

from tests.api.conftest import ClientFor
from tocsin.access.lifetime import expiry_of
from tocsin.access.models import Token
from tocsin.access.scopes import Scope
from tocsin.kit import clock

LIMITS = {
    "plan": "self-hosted",
    "sites": {"used": 1, "limit": None, "remaining": None},
    "seats": {
        "members": 2,
        "pending_invitations": 0,
        "used": 2,
        "limit": None,
        "remaining": None,
    },
    "manual_checks": {"used": 0, "limit": None, "remaining": None},
    "enabled_checks": {"allowed": ["status", "ssl", "dns", "broken-links", "performance"]},
    "minimum_check_cadence_minutes": 1,
    "history_retention_days": 90,
    "priority_queue": True,
}


def written(moment: Any) -> str:
    return str(moment.strftime("%Y-%m-%dT%H:%M:%S+00:00"))


def test_it_shows_a_team(
    client_for: ClientFor,
    team: Any,
    alice: Any,
    bob: Any,
    site: Any,
    django_assert_num_queries: Any,
) -> None:
    """All fields of the contract, in at most three queries and without a write."""
    client = client_for(bob)
    with django_assert_num_queries(2) as queries:
        response = client.get(f"/api/v1/teams/{team.pk}")
    assert all(query["sql"].startswith("SELECT") for query in queries)
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert response.json() == {
        "data": {
            "id": team.pk,
            "name": "Acme",
            "personal_team": False,
            "owner_id": alice.pk,
            "sites_count": 1,
            "members_count": 2,
            "role": "member",
            "limits": LIMITS,
            "created_at": written(team.created_at),
            "updated_at": written(team.updated_at),
        }
    }


def test_it_shows_the_caller_and_their_teams(
    client_for: ClientFor, team: Any, bob: Any, site: Any, mallory: Any
) -> None:
    """The user under `user`, all teams under `teams`, nobody else's."""
    data = client_for(bob).get("/api/v1/me").json()["data"]
    assert data["user"] == {
        "id": bob.pk,
        "name": "Bob",
        "role": None,
        "email": "bob@example.com",
        "email_verified_at": written(bob.email_verified_at),
    }
    assert [each["id"] for each in data["teams"]] == [team.pk]
    assert data["teams"] == client_for(bob).get("/api/v1/teams").json()["data"]
    assert client_for(mallory).get("/api/v1/me").json()["data"]["teams"] == []


def test_it_lists_teams_whatever_their_state(client_for: ClientFor, team: Any, bob: Any) -> None:
    """Those that ask for two factors or have not paid are listed too."""
    type(team).objects.filter(pk=team.pk).update(require_two_factor=True, plan_state="inactive")
    assert [each["id"] for each in client_for(bob).get("/api/v1/teams").json()["data"]] == [team.pk]


def test_it_lists_many_teams_in_as_many_queries_as_one(
    client_for: ClientFor, team: Any, alice: Any, django_assert_num_queries: Any
) -> None:
    """The token, and all teams with their counts."""
    client = client_for(alice)
    for number in range(5):
        other = type(team).objects.create(name=f"Team {number}")
        other.memberships.create(user=alice, role="owner")
    with django_assert_num_queries(2):
        assert len(client.get("/api/v1/teams").json()["data"]) == 6


def test_it_shows_the_token_in_use(client_for: ClientFor, alice: Any) -> None:
    """By any scope; never its value."""
    client = client_for(alice, scopes=[Scope.ISSUES_READ, Scope.CHECKS_RUN])
    data = client.get("/api/v1/token").json()["data"]
    row = Token.objects.get()
    assert data == {
        "name": "test",
        "scopes": ["checks:run", "issues:read"],
        "expires_at": written(expiry_of(row.created_at)),
        "last_used_at": None,
    }
    used = clock.now() - timedelta(days=1)
    Token.objects.update(last_used_at=used)
    assert client.get("/api/v1/token").json()["data"]["last_used_at"] == written(used)
