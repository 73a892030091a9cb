"""Reads of teams."""

from typing import Any

import pytest

from tests.teams.conftest import Acting
from tocsin.access.gates import Standing
from tocsin.access.principal import SYSTEM
from tocsin.access.roles import Role
from tocsin.kit.errors import NotFound
from tocsin.teams import actions, queries
from tocsin.teams.models import Team


def test_it_says_where_somebody_stands_in_one_query(
    team: Team, bob: Any, acting: Acting, django_assert_num_queries: Any
) -> None:
    Team.objects.filter(pk=team.pk).update(require_two_factor=True, plan_state="inactive")
    principal = acting(bob)
    with django_assert_num_queries(1):
        standing = queries.standing_of(principal, team.pk)
    assert standing == Standing(
        team_id=team.pk, role=Role.MEMBER, requires_two_factor=True, plan_active=False
    )


def test_it_asks_as_much_of_outsiders_as_of_nothing(
    team: Team, mallory: Any, acting: Acting, django_assert_num_queries: Any
) -> None:
    principal = acting(mallory)
    for team_id in (team.pk, 404, 2**70):
        with django_assert_num_queries(1 if team_id < 2**63 else 0):
            assert queries.standing_of(principal, team_id) is None


def test_it_lists_teams_in_one_query_however_many(
    team: Team, bob: Any, site: Any, acting: Acting, django_assert_num_queries: Any
) -> None:
    for name in ("Zeta", "Beta"):
        actions.create_team(SYSTEM, owner_id=bob.pk, name=name)
    principal = acting(bob)
    with django_assert_num_queries(1):
        views = queries.teams_of(principal)
    assert [(view.name, view.role, view.sites_count, view.members_count) for view in views] == [
        ("Acme", Role.MEMBER, 1, 2),
        ("Beta", Role.OWNER, 0, 1),
        ("Zeta", Role.OWNER, 0, 1),
    ]
    assert views[0].owner_id == team.memberships.get(role="owner").user_id


def test_it_shows_a_team_to_its_members_only(
    team: Team, vera: Any, mallory: Any, acting: Acting
) -> None:
    assert queries.team_of(acting(vera), team.pk).role is Role.VIEWER
    assert queries.team_of(SYSTEM, team.pk).role is None
    for read in (queries.team_of, queries.members_of, queries.invitations_of):
        with pytest.raises(NotFound):
            read(acting(mallory), team.pk)


def test_it_lists_members_by_name(team: Team, adam: Any, bob: Any, acting: Acting) -> None:
    members = queries.members_of(acting(bob), team.pk)
    assert [(member.name, member.role) for member in members] == [
        ("Adam", "admin"),
        ("Alice", "owner"),
        ("Bob", "member"),
    ]
