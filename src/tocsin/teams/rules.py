"""Decisions about plans and roles, as plain functions of plain data."""

from datetime import datetime, timedelta

from django.utils.translation import gettext

from tocsin.access.roles import Role
from tocsin.kit.choosing import choose_one_of
from tocsin.kit.errors import Conflict, invalid
from tocsin.teams.models import PlanState

PAST_DUE_GRACE = timedelta(days=14)


def is_plan_active(state: str, since: datetime, now: datetime) -> bool:
    """Say whether a plan may be used; one that is past due may for 14 days."""
    match PlanState(state):
        case PlanState.ACTIVE | PlanState.TRIALING:
            return True
        case PlanState.PAST_DUE:
            return now < since + PAST_DUE_GRACE
        case PlanState.INACTIVE:
            return False


def checked_role(value: str) -> Role:
    """Return a role that can be given. Raises InvalidInput on `role`: ownership is transferred."""
    givable = [role for role in Role if role is not Role.OWNER]
    if value == Role.OWNER:
        raise invalid("role", gettext("A team has one owner; transfer the ownership instead."))
    if value not in givable:
        raise invalid("role", choose_one_of(givable))
    return Role(value)


def refuse_for_owner(role: str, sentence: str) -> None:
    """Raise Conflict with a sentence where something would leave a team without its owner."""
    if role == Role.OWNER:
        raise Conflict(sentence)
