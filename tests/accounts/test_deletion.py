"""Deleting an account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import PASSWORD
from tocsin.access.principal import SYSTEM
from tocsin.accounts.actions import create_user, set_user
from tocsin.accounts.deletion import purge_deleted, request_deletion
from tocsin.accounts.models import User
from tocsin.accounts.queries import session_principal
from tocsin.kit import clock
from tocsin.kit.errors import Conflict, InvalidInput
from tocsin.teams.actions import create_team, delete_team
from tocsin.teams.models import Team


@pytest.fixture
def ann(db: None) -> User:
    """Somebody with a personal team."""
    return create_user(SYSTEM, email="ann@example.com", name="Ann", password=PASSWORD)


def test_it_switches_off_at_once_and_purges_after_thirty_days(
    ann: User, audited: Callable[[], list[str]]
) -> None:
    request_deletion(session_principal(ann), ann.pk, PASSWORD)
    ann.refresh_from_db()
    assert not ann.is_active
    assert ann.deletion_requested_at is not None
    due = ann.deletion_requested_at + timedelta(days=30)
    assert purge_deleted(SYSTEM, due - timedelta(seconds=1)) == 0
    assert purge_deleted(SYSTEM, due) == 1
    assert purge_deleted(SYSTEM, due) == 0
    assert not User.objects.exists()
    assert not Team.objects.exists()
    assert audited()[-3:] == ["user.deletion_requested", "team.deleted", "user.purged"]


def test_it_needs_the_password(ann: User) -> None:
    with pytest.raises(InvalidInput):
        request_deletion(session_principal(ann), ann.pk, "not the password")
    ann.refresh_from_db()
    assert ann.is_active


def test_it_is_refused_while_owning_another_team(ann: User) -> None:
    team = create_team(SYSTEM, owner_id=ann.pk, name="Ops")
    with pytest.raises(Conflict, match="You own Ops"):
        request_deletion(session_principal(ann), ann.pk, PASSWORD)
    delete_team(SYSTEM, team.pk)
    request_deletion(session_principal(ann), ann.pk, PASSWORD)


def test_it_spares_who_was_switched_on_again(ann: User) -> None:
    request_deletion(session_principal(ann), ann.pk, PASSWORD)
    set_user(SYSTEM, ann.pk, active=True)
    assert purge_deleted(SYSTEM, clock.now() + timedelta(days=365)) == 0
    assert User.objects.exists()


def test_it_leaves_other_peoples_teams(ann: User, team: Team, alice: Any) -> None:
    team.memberships.create(user=ann, role="member")
    request_deletion(session_principal(ann), ann.pk, PASSWORD)
    purge_deleted(SYSTEM, clock.now() + timedelta(days=31))
    assert [member.user for member in team.memberships.all()] == [alice]
