"""Two requests at once: one of them wins, and nothing is had twice."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from tests.teams.conftest import Acting, MailedToken
from tocsin.access.principal import SYSTEM
from tocsin.kit.errors import Conflict, DomainError, LimitReached
from tocsin.sites.actions import create_site
from tocsin.sites.models import Site
from tocsin.teams import actions
from tocsin.teams.limits import current_limits
from tocsin.teams.models import Membership, Team

AT_ONCE = 6

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(call: Callable[[int], object]) -> list[DomainError | None]:
    """Call with 0 … 5 from as many threads at the same moment; return their refusals."""
    barrier = threading.Barrier(AT_ONCE)

    def one(number: int) -> DomainError | None:
        try:
            barrier.wait()
            call(number)
        except DomainError as refusal:
            return refusal
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def _refusals(found: list[DomainError | None]) -> list[type]:
    return [type(each) for each in found if each is not None]


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
    assert _refusals(found) == [LimitReached] * 4
    seats = current_limits(small_team.pk).seats
    assert (seats.used, seats.remaining) == (3, 0)


def test_it_gives_away_the_last_sites_once(small_team: Team) -> None:
    found = at_once(
        lambda number: create_site(SYSTEM, small_team, url=f"https://{number}.example.com")
    )
    assert _refusals(found) == [LimitReached]
    assert Site.objects.filter(team=small_team).count() == 5


def test_it_accepts_an_invitation_once(
    small_team: Team, mallory: Any, mailed_token: MailedToken, acting: Acting
) -> None:
    actions.invite(SYSTEM, small_team.pk, email=mallory.email, role="member")
    token, principal = mailed_token(), acting(mallory)
    found = at_once(lambda _: actions.accept_by_link(principal, token))
    assert _refusals(found) == [Conflict] * (AT_ONCE - 1)
    assert Membership.objects.filter(team=small_team, user=mallory).count() == 1


def test_it_invites_an_address_once(small_team: Team) -> None:
    found = at_once(
        lambda _: actions.invite(SYSTEM, small_team.pk, email="carol@example.com", role="member")
    )
    assert _refusals(found) == [Conflict] * (AT_ONCE - 1)


def test_it_has_one_owner_whoever_hands_over(small_team: Team, bob: Any, vera: Any) -> None:
    heirs = (bob.pk, vera.pk)
    at_once(lambda number: actions.transfer_team(SYSTEM, small_team.pk, heirs[number % 2]))
    assert Membership.objects.filter(team=small_team, role="owner").count() == 1
    assert Membership.objects.filter(team=small_team).count() == 3
