"""Who belongs to a team, and as what."""

from django.db import transaction
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.accounts.queries import get_user
from tocsin.audit.actions import record
from tocsin.kit.errors import Conflict
from tocsin.teams import rules
from tocsin.teams.limits import require_room
from tocsin.teams.locking import locked_team, membership_of
from tocsin.teams.models import Invitation, InvitationState, Membership, Team
from tocsin.teams.usage import Resource


@transaction.atomic
def add_member(
    principal: Principal, team_id: int, user_id: int, role: str, *, force: bool = False
) -> Membership:
    """Add somebody to a team, or give a member another role. For operators.

    `force` passes over the plan's seats. Raises Conflict, InvalidInput, LimitReached, NotFound.
    """
    team = locked_team(team_id)
    user = get_user(user_id)
    new_role = rules.checked_role(role)
    membership = Membership.objects.filter(team=team, user=user).first()
    if membership is not None:
        return _give_role(principal, membership, new_role)
    # Whoever was asked by mail as well holds that seat already.
    Invitation.objects.filter(team=team, email=user.email, state=InvitationState.PENDING).update(
        state=InvitationState.ACCEPTED
    )
    if not force:
        require_room(team.pk, Resource.SEATS)
    return join(principal, team, user.pk, new_role)


@transaction.atomic
def change_role(principal: Principal, team_id: int, user_id: int, role: str) -> Membership:
    """Give a member another role. Raises Conflict for the owner, InvalidInput, NotFound."""
    membership = membership_of(locked_team(team_id), user_id)
    return _give_role(principal, membership, rules.checked_role(role))


@transaction.atomic
def remove_member(principal: Principal, team_id: int, user_id: int) -> None:
    """Take a member out of a team. Raises Conflict for the owner, NotFound."""
    membership = membership_of(locked_team(team_id), user_id)
    rules.refuse_for_owner(
        membership.role, gettext("The owner cannot be removed; transfer the ownership first.")
    )
    _remove(principal, membership, "member.removed")


@transaction.atomic
def leave_team(principal: Principal, team_id: int) -> None:
    """Take oneself out of a team. Raises Conflict for the owner, NotFound."""
    if principal.user_id is None:
        raise Conflict(gettext("Only a person can leave a team."))
    membership = membership_of(locked_team(team_id), principal.user_id)
    rules.refuse_for_owner(
        membership.role, gettext("The owner cannot leave; transfer the ownership first.")
    )
    _remove(principal, membership, "member.left")


def join(principal: Principal, team: Team, user_id: int, role: str) -> Membership:
    """Add a member to a locked team."""
    membership = Membership.objects.create(team=team, user_id=user_id, role=role)
    record(
        principal,
        "member.added",
        f"user:{user_id}",
        team.pk,
        after={"role": membership.role},
    )
    return membership


def _give_role(principal: Principal, membership: Membership, role: str) -> Membership:
    rules.refuse_for_owner(
        membership.role,
        gettext("The owner cannot become something else; transfer the ownership first."),
    )
    before = {"role": membership.role}
    membership.role = role
    membership.save(update_fields=("role",))
    record(
        principal,
        "member.role_changed",
        f"user:{membership.user_id}",
        membership.team_id,
        before=before,
        after={"role": membership.role},
    )
    return membership


def _remove(principal: Principal, membership: Membership, action: str) -> None:
    before = {"role": membership.role}
    membership.delete()
    record(principal, action, f"user:{membership.user_id}", membership.team_id, before=before)
