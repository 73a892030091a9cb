"""Reads of teams, always through a principal."""

from datetime import datetime
from typing import Any

import msgspec
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery

from tocsin.access.gates import Standing
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.access.roles import Role
from tocsin.kit import clock
from tocsin.kit.prepared import Prepared
from tocsin.teams import tokens, usage
from tocsin.teams.limits import Limits, Used, limits_of
from tocsin.teams.locking import no_such_team
from tocsin.teams.models import Invitation, Membership, Team
from tocsin.teams.plans import plan_of
from tocsin.teams.rules import is_plan_active
from tocsin.teams.usage import Resource

MAX_ID = BigIntegerField.MAX_BIGINT


class TeamView(msgspec.Struct, frozen=True):
    """A team as the contract shows one, and what its pages need besides.

    `role` is the principal's own, None for the system.
    """

    id: int
    name: str
    personal_team: bool
    owner_id: int
    sites_count: int
    members_count: int
    role: Role | None
    limits: Limits
    created_at: datetime
    updated_at: datetime
    require_two_factor: bool
    plan_state: str
    plan_active: bool


class MemberView(msgspec.Struct, frozen=True):
    """One member of a team."""

    user_id: int
    name: str
    email: str
    role: Role
    joined_at: datetime


class InvitationView(msgspec.Struct, frozen=True):
    """One invitation, without its token."""

    id: int
    team_id: int
    team_name: str
    email: str
    role: Role
    invited_by: str | None
    created_at: datetime
    expires_at: datetime
    expired: bool


def standing_of(principal: Principal, team_id: int) -> Standing | None:
    """Say where a principal stands in a team; None where it has no part in it. One query."""
    if team_id > MAX_ID:  # SQLite cannot even compare with it
        return None
    row = _STANDING.first(team=team_id, user=_person(principal))
    if row is None:
        return None
    return standing_by(
        team_id,
        row["role"],
        requires_two_factor=row["team__require_two_factor"],
        plan=(row["team__plan_state"], row["team__plan_state_since"]),
    )


def standing_by(
    team_id: int, role: str, *, requires_two_factor: bool, plan: tuple[str, datetime]
) -> Standing:
    """Say where somebody of a role stands in a team, by its columns; `plan` is state and since."""
    return Standing(
        team_id=team_id,
        role=Role(role),
        requires_two_factor=requires_two_factor,
        plan_active=is_plan_active(*plan, clock.now()),
    )


def standing_in(team: TeamView) -> Standing | None:
    """Say where the principal of a view stands in its team; None for the system."""
    if team.role is None:
        return None
    return Standing(
        team_id=team.id,
        role=team.role,
        requires_two_factor=team.require_two_factor,
        plan_active=team.plan_active,
    )


def standing_as(team: Team, role: str) -> Standing:
    """Say where somebody of a role stands in a team whose row was read already."""
    return Standing(
        team_id=team.pk,
        role=Role(role),
        requires_two_factor=team.require_two_factor,
        plan_active=is_plan_active(team.plan_state, team.plan_state_since, clock.now()),
    )


def teams_of(principal: Principal) -> list[TeamView]:
    """List the principal's teams, the personal one first, then by name. One query."""
    rows = _counted(principal, usage.Period.at(clock.now()))
    return [_view(row) for row in rows.order_by("-personal_team", "name", "pk")]


def team_of(principal: Principal, team_id: int) -> TeamView:
    """Return one of the principal's teams. One query. Raises NotFound."""
    period = usage.Period.at(clock.now())
    if principal.kind is PrincipalKind.SYSTEM:
        row = _counted(principal, period).filter(pk=team_id).first()
    else:
        row = _ONE_TEAM.first(
            team=team_id, user=_person(principal), now=period.now, month=period.month
        )
    if row is None:
        raise no_such_team(team_id)
    return _view(row)


def get_team(team_id: int) -> Team:
    """Find a team for an action of the system's. Raises NotFound."""
    team = Team.objects.filter(pk=team_id).first()
    if team is None:
        raise no_such_team(team_id)
    return team


def personal_team_id(user_id: int) -> int:
    """Return the id of the team that came with somebody's account."""
    return Team.objects.values_list("pk", flat=True).get(
        personal_team=True, memberships__user_id=user_id, memberships__role=Role.OWNER
    )


def members_of(principal: Principal, team_id: int) -> list[MemberView]:
    """List a team's members by name. Raises NotFound."""
    team_of(principal, team_id)
    memberships = (
        Membership.objects.filter(team_id=team_id).select_related("user").order_by("user__name")
    )
    return [
        MemberView(
            user_id=membership.user_id,
            name=membership.user.name,
            email=membership.user.email,
            role=Role(membership.role),
            joined_at=membership.created_at,
        )
        for membership in memberships
    ]


def invitations_of(principal: Principal, team_id: int) -> list[InvitationView]:
    """List what a team has asked and not been answered, newest first. Raises NotFound."""
    team_of(principal, team_id)
    rows = Invitation.objects.filter(team_id=team_id, state="pending").order_by("-pk")
    return [_invitation_view(row) for row in rows.select_related("team", "invited_by")]


def invitations_for(email: str) -> list[InvitationView]:
    """List the invitations that an address can accept now."""
    rows = Invitation.objects.open(clock.now()).filter(email=email).order_by("-pk")
    return [_invitation_view(row) for row in rows.select_related("team", "invited_by")]


def invitation_by_token(token: str) -> InvitationView | None:
    """Return the pending invitation that a mailed link names, expired or not."""
    row = (
        Invitation.objects.filter(token_hash__in=tokens.token_hashes(token), state="pending")
        .select_related("team", "invited_by")
        .first()
    )
    return None if row is None else _invitation_view(row)


def _person(principal: Principal) -> int:
    return principal.user_id or 0  # the system is nobody, and no user has the id 0


def _counted(principal: Principal, period: usage.Period) -> "QuerySet[Team, Any]":
    memberships = Membership.objects.filter(team=OuterRef("pk"))
    counted = Team.objects.visible_to(principal).annotate(
        owner_id=Subquery(memberships.filter(role=Role.OWNER).values("user_id")[:1]),
        own_role=Subquery(memberships.filter(user_id=_person(principal)).values("role")[:1]),
        sites_count=usage.counters[Resource.SITES](period),
        members_count=usage.members(),
        invitations_count=usage.pending_invitations(period),
        manual_checks_count=usage.counters[Resource.MANUAL_CHECKS](period),
    )
    return counted.values()


def _one_counted(team: int, user: int, now: datetime, month: datetime) -> "QuerySet[Team, Any]":
    principal = Principal(kind=PrincipalKind.SESSION, user_id=user)
    return _counted(principal, usage.Period(now, month)).filter(pk=team)


def _one_standing(team: int, user: int) -> "QuerySet[Membership, Any]":
    return Membership.objects.filter(team_id=team, user_id=user).values(
        "role", "team__require_two_factor", "team__plan_state", "team__plan_state_since"
    )


# Every request for something of a team asks these, so they are composed once.
_ONE_TEAM = Prepared(_one_counted, team=int, user=int, now=datetime, month=datetime)
_STANDING = Prepared(_one_standing, team=int, user=int)


def _view(row: dict[str, Any]) -> TeamView:
    used = Used(
        sites=row["sites_count"],
        members=row["members_count"],
        pending_invitations=row["invitations_count"],
        manual_checks=row["manual_checks_count"],
    )
    state, since = row["plan_state"], row["plan_state_since"]
    return TeamView(
        id=row["id"],
        name=row["name"],
        personal_team=row["personal_team"],
        owner_id=row["owner_id"],
        sites_count=used.sites,
        members_count=used.members,
        role=None if row["own_role"] is None else Role(row["own_role"]),
        limits=limits_of(plan_of(row["plan"]), used),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        require_two_factor=row["require_two_factor"],
        plan_state=state,
        plan_active=is_plan_active(state, since, clock.now()),
    )


def _invitation_view(row: Invitation) -> InvitationView:
    return InvitationView(
        id=row.pk,
        team_id=row.team_id,
        team_name=row.team.name,
        email=row.email,
        role=Role(row.role),
        invited_by=None if row.invited_by is None else row.invited_by.name,
        created_at=row.created_at,
        expires_at=row.expires_at,
        expired=row.expires_at <= clock.now(),
    )
