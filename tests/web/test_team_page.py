"""The team's page and what its forms do."""

from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tocsin.teams.models import Invitation, Membership, Team


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice, proven=True)


def _say(client: Client, team: Any, path: str, **fields: Any) -> tuple[int, str]:
    answer = client.post(f"/teams/{team.pk}/{path}", fields, follow=True)
    return answer.status_code, answer.content.decode()


def _role(team: Any, user: Any) -> str | None:
    return Membership.objects.filter(team=team, user=user).values_list("role", flat=True).first()


def test_it_shows_members_plan_and_limits(client: Client, team: Any, bob: Any) -> None:
    team.plan = "starter"
    team.save()
    page = client.get(f"/teams/{team.pk}/team").content.decode()
    for words in ("bob@example.com", "starter", "2 of 3", "of 50", "10 min", "30 days"):
        assert words in page


def test_it_shows_viewers_no_forms_but_the_one_to_leave(
    sign_in: SignIn, vera: Any, team: Any
) -> None:
    page = sign_in(vera).get(f"/teams/{team.pk}/team").content.decode()
    assert "Leave team" in page
    for words in ("Send invitation", "Rename", "Delete team", "Require it", "Remove"):
        assert words not in page


def test_it_creates_a_team_and_leads_there(client: Client) -> None:
    answer = client.post("/teams/new", {"name": "Night shift"})
    assert answer["Location"] == f"/teams/{Team.objects.get(name='Night shift').pk}/sites"
    assert client.post("/teams/new", {"name": "\u202e"}).status_code == 422


def test_it_renames(client: Client, team: Any) -> None:
    assert "has its new name" in _say(client, team, "name", name="Beacon")[1]
    assert _say(client, team, "name", name="")[0] == 422
    team.refresh_from_db()
    assert team.name == "Beacon"


def test_it_changes_roles_and_removes(client: Client, team: Any, bob: Any) -> None:
    _say(client, team, f"members/{bob.pk}/role", role="viewer")
    assert _role(team, bob) == "viewer"
    assert "transfer the ownership" in _say(client, team, f"members/{bob.pk}/role", role="owner")[1]
    assert _role(team, bob) == "viewer"
    _say(client, team, f"members/{bob.pk}/remove")
    assert _role(team, bob) is None
    assert _say(client, team, f"members/{bob.pk}/remove")[0] == 404


@pytest.mark.parametrize("path", ["members/{}/role", "members/{}/remove", "invitations/{}/revoke"])
def test_it_finds_nobody_under_numbers_that_no_database_holds(
    client: Client, team: Any, path: str
) -> None:
    assert _say(client, team, path.format(10**22), role="member")[0] == 404


def test_it_lets_members_leave_but_not_the_owner(
    client: Client, sign_in: SignIn, team: Any, alice: Any, bob: Any
) -> None:
    sign_in(bob).post(f"/teams/{team.pk}/leave")
    assert _role(team, bob) is None
    assert "notice-failing" in _say(client, team, "leave")[1]
    assert _role(team, alice) == "owner"


def test_it_invites_resends_and_takes_back(client: Client, team: Any) -> None:
    page = _say(client, team, "invitations", email="New@Example.com", role="member")[1]
    assert "on its way to new@example.com" in page
    invitation = Invitation.objects.get()
    assert "sent again" in _say(client, team, f"invitations/{invitation.pk}/resend")[1]
    assert "taken back" in _say(client, team, f"invitations/{invitation.pk}/revoke")[1]
    assert _say(client, team, "invitations/9999/revoke")[0] == 404


@pytest.mark.parametrize(
    ("email", "role"),
    [("nobody", "member"), ("x@example.com", "owner"), ("alice@example.com", "member"), ("", "")],
)
def test_it_says_what_is_wrong_with_an_invitation(
    client: Client, team: Any, email: str, role: str
) -> None:
    status, page = _say(client, team, "invitations", email=email, role=role)
    assert status == 422
    assert "errorlist" in page
    assert not Invitation.objects.exists()


def test_it_says_when_no_seat_is_left(client: Client, team: Any, bob: Any, vera: Any) -> None:
    team.plan = "starter"
    team.save()
    status, page = _say(client, team, "invitations", email="x@example.com", role="viewer")
    assert status == 422
    assert "none left of its seats" in page


def test_it_hands_over(client: Client, team: Any, alice: Any, bob: Any) -> None:
    assert _say(client, team, "transfer", user_id=10**6)[0] == 422
    _say(client, team, "transfer", user_id=bob.pk)
    assert (_role(team, alice), _role(team, bob)) == ("admin", "owner")


def test_it_deletes_only_for_whoever_types_the_name(client: Client, team: Any) -> None:
    assert _say(client, team, "delete", name="acme")[0] == 422
    assert Team.objects.filter(pk=team.pk).exists()
    client.post(f"/teams/{team.pk}/delete", {"name": "Acme"})
    assert not Team.objects.filter(pk=team.pk).exists()


def test_it_requires_two_factor_only_of_whoever_has_it(client: Client, team: Any) -> None:
    assert "for yourself first" in _say(client, team, "two-factor", required="yes")[1]
    team.refresh_from_db()
    assert not team.require_two_factor


def test_it_records_changes_for_the_audit_page(client: Client, team: Any) -> None:
    _say(client, team, "name", name="Beacon")
    page = client.get(f"/teams/{team.pk}/audit").content.decode()
    for words in ("team renamed", "Acme → ", "Beacon", "Alice", "Browser", "127.0.0.1"):
        assert words in page
