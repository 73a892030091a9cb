"""The plans as data; contract, section 10. None means unlimited."""

from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext

from tocsin.kit.errors import invalid
from tocsin.probes.contract import Tool

SELF_HOSTED = "self-hosted"
FIRST_PAID = "starter"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a team may use. Manual checks count by calendar month (UTC)."""

    key: str
    sites: int | None
    seats: int | None
    manual_checks: int | None
    minimum_check_cadence_minutes: int
    history_retention_days: int
    priority_queue: bool
    enabled_checks: tuple[Tool, ...] = tuple(Tool)


PLANS: dict[str, Plan] = {
    plan.key: plan
    for plan in (
        Plan(SELF_HOSTED, None, None, None, 1, 90, priority_queue=True),
        Plan("starter", 5, 3, 50, 10, 30, priority_queue=False),
        Plan("growth", 25, 10, 250, 5, 90, priority_queue=True),
        Plan("agency", 100, 25, 1000, 1, 365, priority_queue=True),
    )
}


def plan_of(key: str) -> Plan:
    """Return a plan; the self-hosted one keeps history as long as the operator set."""
    plan = PLANS[key]
    if key == SELF_HOSTED:
        return replace(plan, history_retention_days=settings.HISTORY_RETENTION_DAYS)
    return plan


def checked_plan(key: str) -> str:
    """Return the key of a known plan. Raises InvalidInput on `plan`."""
    if key not in PLANS:
        sentence = gettext("There is no plan %(plan)s; choose one of %(choices)s.")
        raise invalid("plan", sentence % {"plan": repr(key), "choices": ", ".join(PLANS)})
    return key


def default_plan() -> str:
    """Return the plan of a new team: without billing everything is open."""
    return FIRST_PAID if settings.BILLING else SELF_HOSTED
