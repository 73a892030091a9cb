"""The page that a mailed invitation leads to."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tocsin.access.principal import SYSTEM
from tocsin.kit import clock
from tocsin.teams import actions
from tocsin.teams.models import Invitation, Membership


@pytest.fixture
def link(team: Any, mails: list[Any]) -> str:
    """Of mallory's invitation."""
    actions.invite(SYSTEM, team.pk, email="mallory@example.com", role="member")
    text = str(mails[-1].body)
    return next(word for word in text.split() if "/invitations/" in word).partition("8000")[2]


def _members(team: Any) -> int:
    return Membership.objects.filter(team=team).count()


def test_it_tells_a_stranger_who_asks_and_how_to_answer(link: str) -> None:
    page = Client().get(link).content.decode()
    assert "Join Acme" in page
    assert "mallory@example.com" in page
    assert f"/accounts/signup/?next={link}" in page


def test_it_lets_the_addressee_join(link: str, sign_in: SignIn, mallory: Any, team: Any) -> None:
    client = sign_in(mallory)
    assert "Join the team" in client.get(link).content.decode()
    assert client.post(f"{link}/accept")["Location"] == f"/teams/{team.pk}/sites"
    assert _members(team) == 2
    assert client.get(link).status_code == 404


def test_it_lets_nobody_else_join(link: str, sign_in: SignIn, bob: Any, team: Any) -> None:
    client = sign_in(bob)
    page = client.get(link).content.decode()
    assert "only mallory@example.com can accept" in page
    before = _members(team)
    client.post(f"{link}/accept")
    assert _members(team) == before
    assert Invitation.objects.get().state == "pending"


def test_it_takes_a_no_without_an_account(link: str) -> None:
    Client().post(f"{link}/decline")
    assert Invitation.objects.get().state == "declined"


def test_it_says_when_it_came_too_late(link: str, sign_in: SignIn, mallory: Any, team: Any) -> None:
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    client = sign_in(mallory)
    assert "has expired" in client.get(link).content.decode()
    client.post(f"{link}/accept")
    assert _members(team) == 1


@pytest.mark.parametrize("token", ["x", "a" * 43, "%00", "..", "x" * 3000])
def test_it_knows_nothing_of_forged_links(token: str, db: None) -> None:
    assert Client().get(f"/invitations/{token}").status_code == 404


def test_it_waits_on_the_profile_of_whoever_is_asked(
    link: str, sign_in: SignIn, mallory: Any, team: Any
) -> None:
    client = sign_in(mallory)
    assert "Invitations for you" in client.get("/settings/profile").content.decode()
    waiting = Invitation.objects.get().pk
    client.post(f"/invitations/waiting/{waiting}/accept")
    assert _members(team) == 2
