"""Extra runs beside the slots: to confirm a failure, and to follow an incident.

They are no slots. One that falls within half a minute of a slot is served by the slot's run.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from tocsin.checks import bulk
from tocsin.checks.columns import among_uuids
from tocsin.checks.models import Schedule
from tocsin.checks.slots import Grid
from tocsin.probes.contract import RunReason, Tool

NEAR = 30


@dataclass(frozen=True, slots=True)
class Wish:
    """The extra run that a schedule should have next, at UTC epoch seconds; None takes it back."""

    schedule_id: int
    at: float | None = None
    reason: RunReason | None = None


class Slots(NamedTuple):
    """When a schedule without an extra run has its slots, epoch seconds; `cadence` in seconds."""

    id: int
    site_id: UUID
    tool: str
    phase: int
    cadence: int
    next_slot: int


def ask(wishes: Sequence[Wish]) -> None:
    """Put wishes in the place of what was wished before. Call with the schedules locked."""
    wanted = [wish.schedule_id for wish in wishes if wish.at is not None]
    rows = Schedule.objects.filter(pk__in=wanted, next_slot__isnull=False)
    slots = {each.id: each for each in _slots(rows)} if wanted else {}
    bulk.write_many(bulk.ASK_RETRY, [_row(wish, slots.get(wish.schedule_id)) for wish in wishes])


def take_back(site_id: UUID, tools: Collection[Tool]) -> None:
    """Take back the wishes of some tools of a site, if there are any."""
    waiting = Schedule.objects.filter(site_id=site_id, tool__in=tools, retry_at__isnull=False)
    waiting.update(retry_at=None, retry_reason="")


def without_wish(site_ids: Collection[UUID]) -> list[Slots]:
    """Return the schedules of sites that run and wait for no extra run. One query."""
    idle = Schedule.objects.filter(retry_at__isnull=True, next_slot__isnull=False)
    return _slots(idle.filter(site_id__in=among_uuids(set(site_ids))))


def _slots(rows: QuerySet[Schedule]) -> list[Slots]:
    found: Any = rows.values_list(*Slots._fields)
    return [Slots(*values) for values in found]


def _row(wish: Wish, slots: Slots | None) -> tuple[int | None, str, int]:
    if wish.at is None or wish.reason is None or slots is None:
        return None, "", wish.schedule_id
    at = ceil(wish.at)
    if is_near_slot(at, Grid(slots.phase, slots.cadence)):
        return None, "", wish.schedule_id
    return at, wish.reason.value, wish.schedule_id


def is_near_slot(moment: int, grid: Grid) -> bool:
    """Tell whether a slot lies within half a minute of a moment."""
    before = grid.at_or_before(moment)
    return min(moment - before, before + grid.cadence - moment) <= NEAR
