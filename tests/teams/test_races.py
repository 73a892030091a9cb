"""Two requests at once: one of them wins, and nothing is had twice."""

from typing import Any

import pytest

from tests.racing import AT_ONCE, at_once, refusals
from tests.teams.conftest import Acting, MailedToken
from tocsin.access.principal import SYSTEM
from tocsin.kit.errors import Conflict, LimitReached
from tocsin.sites.actions import create_site
from tocsin.sites.models import Site
from tocsin.teams import actions
from tocsin.teams.limits import current_limits
from tocsin.teams.models import Membership, Team

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def small_team(transactional_db: None, team: Team) -> Team:
    """A team on the starter plan with one of three seats used."""
    Team.objects.filter(pk=team.pk).update(plan="starter")
    return team


def test_it_gives_away_the_last_seats_once(small_team: Team) -> None:
    found = at_once(
        lambda number: actions.invite(
            SYSTEM, small_team.pk, email=f"p{number}@example.com", role="member"
        )
    )
    assert refusals(found) == [LimitReached] * 4
    seats = current_limits(small_team.pk).seats
    assert (seats.used, seats.remaining) == (3, 0)


def test_it_gives_away_the_last_sites_once(small_team: Team) -> None:
    found = at_once(
        lambda number: create_site(SYSTEM, small_team, url=f"https://{number}.example.com")
    )
    assert refusals(found) == [LimitReached]
    assert Site.objects.filter(team=small_team).count() == 5


def test_it_accepts_an_invitation_once(
    small_team: Team, mallory: Any, mailed_token: MailedToken, acting: Acting
) -> None:
    actions.invite(SYSTEM, small_team.pk, email=mallory.email, role="member")
    token, principal = mailed_token(), acting(mallory)
    found = at_once(lambda _: actions.accept_by_link(principal, token))
    assert refusals(found) == [Conflict] * (AT_ONCE - 1)
    assert Membership.objects.filter(team=small_team, user=mallory).count() == 1


def test_it_invites_an_address_once(small_team: Team) -> None:
    found = at_once(
        lambda _: actions.invite(SYSTEM, small_team.pk, email="carol@example.com", role="member")
    )
    assert refusals(found) == [Conflict] * (AT_ONCE - 1)


def test_it_has_one_owner_whoever_hands_over(small_team: Team, bob: Any, vera: Any) -> None:
    heirs = (bob.pk, vera.pk)
    at_once(lambda number: actions.transfer_team(SYSTEM, small_team.pk, heirs[number % 2]))
    assert Membership.objects.filter(team=small_team, role="owner").count() == 1
    assert Membership.objects.filter(team=small_team).count() == 3
