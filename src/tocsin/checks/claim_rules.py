"""What becomes of a schedule whose slot is due: a pure decision.

Only the latest due slot runs. Earlier ones are accounted for, not replayed, so that downtime ends
without a burst and the next slot runs on time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tocsin.checks.slots import Grid, Run


class GapKind(StrEnum):
    """How slots that did not run ended."""

    SKIPPED = "skipped"
    LOST = "lost"


class GapReason(StrEnum):
    """Why slots did not run."""

    SCHEDULER_DOWN = "scheduler_down"
    WORKER_LOST = "worker_lost"
    OVERLOAD = "overload"
    PREVIOUS_STILL_RUNNING = "previous_still_running"
    PLAN_INACTIVE = "snoozed_plan_inactive"
    SETTINGS_INVALID = "settings_invalid"
    TOOL_DISABLED = "tool_disabled"

    @property
    def kind(self) -> GapKind:
        """Return whether the reason skips slots on purpose or loses them."""
        return GapKind.SKIPPED if self in _SKIPPING else GapKind.LOST


_SKIPPING = frozenset(
    {
        GapReason.PREVIOUS_STILL_RUNNING,
        GapReason.PLAN_INACTIVE,
        GapReason.SETTINGS_INVALID,
        GapReason.TOOL_DISABLED,
    }
)


@dataclass(frozen=True, slots=True)
class Unrun:
    """Slots in a row that did not run, and why."""

    run: Run
    reason: GapReason


@dataclass(frozen=True, slots=True)
class DueSchedule:
    """The facts that decide; times in epoch seconds, `held_*` describe what is in flight.

    `holds_slot` is False where that is an extra run, which nobody has to account for.
    """

    grid: Grid
    next_slot: int
    held_slot: int | None = None
    held_until: int | None = None
    holds_slot: bool = True
    plan_active: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """`slot` is what to run now, None where nothing; `keeps_held`: what is in flight stays so."""

    slot: int | None
    next_slot: int
    unrun: tuple[Unrun, ...]
    keeps_held: bool = False


def decide(due: DueSchedule, *, now: float, running_since: float) -> Verdict:
    """Decide what to run and what to account for; `due.next_slot` is not after `now`.

    `running_since` is when scheduling began: what was due earlier was missed because nobody
    scheduled, what was due later because the machine did not keep up.
    """
    latest = max(due.grid.at_or_before(now), due.next_slot)
    following = due.grid.after(max(now, latest))
    lapsed: tuple[Unrun, ...] = ()
    if due.held_slot is not None:
        if due.held_until is not None and due.held_until > now:
            why = GapReason.PREVIOUS_STILL_RUNNING
            unrun = _account(due, latest, running_since, why)
            return Verdict(None, following, tuple(unrun), keeps_held=True)
        if due.holds_slot:
            held = Run(due.held_slot, due.held_slot, due.grid.cadence)
            lapsed = (Unrun(held, GapReason.WORKER_LOST),)
    if not due.plan_active:
        unrun = _account(due, latest, running_since, GapReason.PLAN_INACTIVE)
        return Verdict(None, following, (*lapsed, *unrun))
    missed = _account(due, latest - 1, running_since, GapReason.OVERLOAD)
    return Verdict(latest, following, (*lapsed, *missed))


def _account(
    due: DueSchedule, last: int, running_since: float, reason: GapReason
) -> Iterator[Unrun]:
    """Yield the slots from the due one to `last`: down time first, then `reason`."""
    for run in _runs(due, last):
        before, since = run.split(running_since)
        if before is not None:
            yield Unrun(before, GapReason.SCHEDULER_DOWN)
        if since is not None:
            yield Unrun(since, reason)


def _runs(due: DueSchedule, last: int) -> Iterator[Run]:
    """Yield the slots from the due one to `last`; an opening beside the grid by itself."""
    grid, first = due.grid, due.next_slot
    if first > last:
        return
    if not grid.holds(first):
        yield Run(first, first, grid.cadence)
        first = grid.after(first)
    if first <= last:
        yield Run(first, grid.at_or_before(last), grid.cadence)
