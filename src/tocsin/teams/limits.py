"""A team's limits as the contract shows them, and the check that there is room."""

import msgspec
from django.utils.translation import gettext, gettext_noop

from tocsin.kit import clock
from tocsin.kit.errors import LimitReached
from tocsin.teams import usage
from tocsin.teams.models import Team
from tocsin.teams.plans import Plan, plan_of
from tocsin.teams.usage import Resource

_NONE_LEFT = {
    Resource.SITES: gettext_noop("The plan %(plan)s has none left of its sites."),
    Resource.SEATS: gettext_noop("The plan %(plan)s has none left of its seats."),
    Resource.MANUAL_CHECKS: gettext_noop(
        "The plan %(plan)s has none left of its manual checks this month."
    ),
}
_FEW_LEFT = {
    Resource.SITES: gettext_noop("The plan %(plan)s has only %(left)s left of its sites."),
    Resource.SEATS: gettext_noop("The plan %(plan)s has only %(left)s left of its seats."),
    Resource.MANUAL_CHECKS: gettext_noop(
        "The plan %(plan)s has only %(left)s left of its manual checks this month."
    ),
}


class Allowance(msgspec.Struct, frozen=True):
    """Used of a limit; None means unlimited. `remaining` is never below zero."""

    used: int
    limit: int | None
    remaining: int | None


class Seats(msgspec.Struct, frozen=True):
    """Seats are held by members and by pending invitations."""

    members: int
    pending_invitations: int
    used: int
    limit: int | None
    remaining: int | None


class EnabledChecks(msgspec.Struct, frozen=True):
    """The tools that the plan lets run."""

    allowed: tuple[str, ...]


class Limits(msgspec.Struct, frozen=True):
    """The `limits` object of a team; contract, section 4."""

    plan: str
    sites: Allowance
    seats: Seats
    manual_checks: Allowance
    enabled_checks: EnabledChecks
    minimum_check_cadence_minutes: int
    history_retention_days: int
    priority_queue: bool


class Used(msgspec.Struct, frozen=True):
    """How much a team uses."""

    sites: int
    members: int
    pending_invitations: int
    manual_checks: int


def limits_of(plan: Plan, used: Used) -> Limits:
    """Put a plan and what is used of it together."""
    seats = _allowance(used.members + used.pending_invitations, plan.seats)
    return Limits(
        plan=plan.key,
        sites=_allowance(used.sites, plan.sites),
        seats=Seats(
            members=used.members,
            pending_invitations=used.pending_invitations,
            used=seats.used,
            limit=seats.limit,
            remaining=seats.remaining,
        ),
        manual_checks=_allowance(used.manual_checks, plan.manual_checks),
        enabled_checks=EnabledChecks(allowed=plan.enabled_checks),
        minimum_check_cadence_minutes=plan.minimum_check_cadence_minutes,
        history_retention_days=plan.history_retention_days,
        priority_queue=plan.priority_queue,
    )


def current_limits(team_id: int) -> Limits:
    """Count what a team uses now. One query."""
    period = usage.Period.at(clock.now())
    row = (
        Team.objects.filter(pk=team_id)
        .annotate(
            sites_used=usage.counters[Resource.SITES](period),
            members_used=usage.members(),
            invitations_used=usage.pending_invitations(period),
            manual_checks_used=usage.counters[Resource.MANUAL_CHECKS](period),
        )
        .values_list("plan", "sites_used", "members_used", "invitations_used", "manual_checks_used")
        .get()
    )
    return limits_of(plan_of(row[0]), Used(*row[1:]))


def require_room(team_id: int, resource: Resource, count: int = 1) -> None:
    """Refuse where the plan has no room for `count` more. Raises LimitReached.

    Call it under the team's lock (`locking.locked_team`), else two at once may pass.
    """
    limits = current_limits(team_id)
    remaining = {
        Resource.SITES: limits.sites.remaining,
        Resource.SEATS: limits.seats.remaining,
        Resource.MANUAL_CHECKS: limits.manual_checks.remaining,
    }[resource]
    if remaining is not None and remaining < count:
        sentence = gettext((_FEW_LEFT if remaining else _NONE_LEFT)[resource])
        raise LimitReached(sentence % {"plan": limits.plan, "left": remaining})


def _allowance(used: int, limit: int | None) -> Allowance:
    remaining = None if limit is None else max(0, limit - used)
    return Allowance(used=used, limit=limit, remaining=remaining)
