"""Whether manual runs may be queued: a pure decision, all or nothing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext

from tocsin.checks.tools import EFFORTS, Weight
from tocsin.probes.contract import Tool

SPACING = {
    Weight.LIGHT: timedelta(minutes=1),
    Weight.HEAVY: timedelta(minutes=15),
    Weight.BROWSER: timedelta(minutes=15),
}
# From the asking to the moment at which nobody waits any more; room for a worker that restarts.
PATIENCE = {
    Weight.LIGHT: timedelta(minutes=5),
    Weight.HEAVY: timedelta(hours=1),
    Weight.BROWSER: timedelta(hours=1),
}
# What was asked for longer ago than this decides nothing.
LOOKBACK = max(*SPACING.values(), *PATIENCE.values())


class RefusalReason(StrEnum):
    """Why a manual run is not queued."""

    NOT_ENABLED = "not_enabled"
    NOT_RUNNABLE = "not_runnable"
    PENDING = "pending"
    TOO_SOON = "too_soon"
    QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one tool may not run, or all may not where `tool` is None; words for people."""

    tool: Tool | None
    reason: RefusalReason
    message: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides: the site's enabled tools, those that some probe runs, and earlier asking.

    `last_asked` is when each tool was last asked for, `pending` those that still wait. `remaining`
    is what is left of the month's quota, None where it is unlimited.
    """

    now: datetime
    enabled: Collection[Tool]
    runnable: Collection[Tool]
    pending: Collection[Tool]
    last_asked: Mapping[Tool, datetime]
    remaining: int | None


def spacing_of(tool: Tool) -> timedelta:
    """Return how long after one manual run of a tool the next may be asked for."""
    return SPACING[EFFORTS[tool].weight]


def patience_of(tool: Tool) -> timedelta:
    """Return how long a manual run may stay pending before it is lost."""
    return PATIENCE[EFFORTS[tool].weight]


def refusals(tools: Sequence[Tool], facts: Facts) -> tuple[Refusal, ...]:
    """Return every reason against queueing `tools`; empty where all may be queued."""
    return (*_of_tools(tools, facts), *_of_quota(len(tools), facts.remaining))


def _of_tools(tools: Sequence[Tool], facts: Facts) -> Iterator[Refusal]:
    for tool in tools:
        refusal = _of_tool(tool, facts)
        if refusal is not None:
            yield refusal


def _of_tool(tool: Tool, facts: Facts) -> Refusal | None:
    if tool not in facts.enabled:
        sentence = gettext("%(tool)s is not enabled on this site.")
        return _refusal(tool, RefusalReason.NOT_ENABLED, sentence)
    if tool not in facts.runnable:
        return _refusal(tool, RefusalReason.NOT_RUNNABLE, gettext("%(tool)s cannot run here yet."))
    if tool in facts.pending:
        sentence = gettext("A manual run of %(tool)s is still pending.")
        return _refusal(tool, RefusalReason.PENDING, sentence)
    last = facts.last_asked.get(tool)
    if last is not None and facts.now < last + spacing_of(tool):
        seconds = -(-(last + spacing_of(tool) - facts.now) // timedelta(seconds=1))
        sentence = gettext("%(tool)s ran too recently; try again in %(seconds)s s.")
        message = sentence % {"tool": tool, "seconds": seconds}
        return Refusal(tool, RefusalReason.TOO_SOON, message)
    return None


def _refusal(tool: Tool, reason: RefusalReason, sentence: str) -> Refusal:
    return Refusal(tool, reason, sentence % {"tool": tool})


def _of_quota(count: int, remaining: int | None) -> Iterator[Refusal]:
    if remaining is None or count <= remaining:
        return
    if remaining == 0:
        message = gettext("The plan has none of this month's manual checks left.")
    else:
        sentence = gettext("The plan has only %(count)s of this month's manual checks left.")
        message = sentence % {"count": remaining}
    yield Refusal(None, RefusalReason.QUOTA, message)
