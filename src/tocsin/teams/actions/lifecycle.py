"""Teams themselves: made, named, handed over, deleted, put on a plan."""

from django.db import transaction
from django.utils.translation import gettext

from tocsin.access.principal import Principal, PrincipalKind
from tocsin.access.roles import Role
from tocsin.accounts.queries import get_user
from tocsin.accounts.validators import checked_name
from tocsin.audit.actions import record
from tocsin.kit import clock
from tocsin.kit.choosing import choose_one_of
from tocsin.kit.errors import Conflict, invalid
from tocsin.teams.hooks import plan_changed
from tocsin.teams.locking import locked_team, membership_of
from tocsin.teams.models import Membership, PlanState, Team
from tocsin.teams.plans import checked_plan, default_plan


@transaction.atomic
def create_team(
    principal: Principal,
    *,
    owner_id: int,
    name: str,
    plan: str | None = None,
    personal: bool = False,
) -> Team:
    """Create a team with its owner. Raises InvalidInput, NotFound."""
    team = Team.objects.create(
        name=checked_name(name),
        personal_team=personal,
        plan=default_plan() if plan is None else checked_plan(plan),
    )
    Membership.objects.create(team=team, user=get_user(owner_id), role=Role.OWNER)
    record(
        principal,
        "team.created",
        f"team:{team.pk}",
        team.pk,
        after={"name": team.name, "plan": team.plan, "owner_id": owner_id},
    )
    return team


@transaction.atomic
def rename_team(principal: Principal, team_id: int, name: str) -> Team:
    """Give a team another name. Raises InvalidInput, NotFound."""
    team = locked_team(team_id)
    before = {"name": team.name}
    team.name = checked_name(name)
    team.save(update_fields=("name", "updated_at"))
    record(
        principal, "team.renamed", f"team:{team.pk}", team.pk, before=before, after={"name": name}
    )
    return team


@transaction.atomic
def transfer_team(principal: Principal, team_id: int, to_user_id: int) -> Team:
    """Make another member the owner; the owner before becomes an admin.

    Raises Conflict for a personal team, NotFound where the other is not a member.
    """
    team = locked_team(team_id)
    if team.personal_team:
        raise Conflict(gettext("A personal team stays with its person."))
    owner = Membership.objects.get(team=team, role=Role.OWNER)
    heir = membership_of(team, to_user_id)
    if heir.pk == owner.pk:
        raise Conflict(gettext("This person owns the team already."))
    if not heir.user.is_active:
        raise Conflict(gettext("This person's account is switched off."))
    # In this order: a team never has two owners, the database sees to it.
    _set_role(owner, Role.ADMIN)
    _set_role(heir, Role.OWNER)
    record(
        principal,
        "team.transferred",
        f"team:{team.pk}",
        team.pk,
        before={"owner_id": owner.user_id},
        after={"owner_id": heir.user_id},
    )
    return team


@transaction.atomic
def delete_team(principal: Principal, team_id: int) -> None:
    """Delete a team with all it owns. Raises Conflict for a personal team, NotFound."""
    team = locked_team(team_id)
    if team.personal_team:
        raise Conflict(gettext("A personal team goes with its person's account."))
    remove_team(principal, team)


def remove_team(principal: Principal, team: Team) -> None:
    """Delete a team, personal or not; inside a transaction."""
    team_id, name = team.pk, team.name
    team.delete()
    record(principal, "team.deleted", f"team:{team_id}", team_id, before={"name": name})


@transaction.atomic
def set_plan(principal: Principal, team_id: int, *, plan: str, state: str | None = None) -> Team:
    """Put a team on a plan; `state` None leaves the state. Raises InvalidInput, NotFound.

    A team that already uses more than the plan has keeps what it has and gets nothing more.
    """
    team = locked_team(team_id)
    before = {"plan": team.plan, "state": team.plan_state}
    team.plan = checked_plan(plan)
    if state is not None and state != team.plan_state:
        if state not in PlanState.values:
            raise invalid("state", choose_one_of(PlanState.values))
        team.plan_state = state
        team.plan_state_since = clock.now()
    team.save()
    after = {"plan": team.plan, "state": team.plan_state}
    record(principal, "team.plan_changed", f"team:{team.pk}", team.pk, before=before, after=after)
    plan_changed(team)
    return team


@transaction.atomic
def set_two_factor_requirement(principal: Principal, team_id: int, *, required: bool) -> Team:
    """Require two-factor of a team's members, or no longer. Raises Conflict, NotFound.

    A person who requires it must have it, or would be shut out by their own click.
    """
    team = locked_team(team_id)
    by_person = principal.kind is PrincipalKind.SESSION
    if required and by_person and not principal.has_two_factor:
        raise Conflict(gettext("Set up two-factor authentication for yourself first."))
    before = {"require_two_factor": team.require_two_factor}
    team.require_two_factor = required
    team.save(update_fields=("require_two_factor", "updated_at"))
    record(
        principal,
        "team.two_factor_requirement_changed",
        f"team:{team.pk}",
        team.pk,
        before=before,
        after={"require_two_factor": required},
    )
    return team


def _set_role(membership: Membership, role: Role) -> None:
    membership.role = role
    membership.save(update_fields=("role",))
