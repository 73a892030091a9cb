"""Filing results: one transaction for up to 500, and each result at most once.

A result counts only while its schedule still holds its slot in flight; filing it lets the slot go
in the same transaction. So whatever is delivered twice, late or out of order changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from tocsin.checks import bulk, hooks, rollups, speeds
from tocsin.checks.columns import among_numbers, json_column, moment_column, uuid_column
from tocsin.checks.models import Schedule
from tocsin.checks.slots import is_late
from tocsin.checks.summaries import summarise
from tocsin.kit import clock
from tocsin.probes.contract import ProbeResult, RunReason, Ticket

# How far another machine's clock may be ahead of ours, in seconds.
CLOCK_SKEW = 60.0


class AsideReason(StrEnum):
    """Why a result was not filed."""

    NO_TICKET = "no_ticket"
    GONE = "gone"
    FOREIGN = "foreign"
    NOT_HELD = "not_held"
    FUTURE = "future"
    MALFORMED = "malformed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Stored:
    """How many results were filed, and how many were set aside, by reason."""

    stored: int
    set_aside: Mapping[AsideReason, int]


class Held(NamedTuple):
    """What a schedule has in flight."""

    id: int
    site_id: UUID
    tool: str
    inflight_slot: int | None
    inflight_check: UUID | None


@dataclass(frozen=True, slots=True)
class Filed:
    """A result that counts, with its rows as the database takes them."""

    result: ProbeResult
    ticket: Ticket
    held: Held
    check: tuple[Any, ...]
    schedule: tuple[Any, ...]


def store(results: Sequence[ProbeResult]) -> Stored:
    """File results, the bad ones set aside by reason.

    Raises django.db.OperationalError where the database cannot take them now: nothing was written,
    and the same results may be given again.
    """
    try:
        return _store_together(results)
    except (DataError, IntegrityError):
        # One of them has a value that only the database finds wrong; the others must not suffer.
        if len(results) == 1:
            return Stored(0, {AsideReason.REFUSED: 1})
    return _sum(store([result]) for result in results)


def _sum(parts: Iterable[Stored]) -> Stored:
    stored, aside = 0, Counter[AsideReason]()
    for part in parts:
        stored += part.stored
        aside.update(part.set_aside)
    return Stored(stored, aside)


def _store_together(results: Sequence[ProbeResult]) -> Stored:
    aside: Counter[AsideReason] = Counter()
    with transaction.atomic():
        held = _held(results)
        filed: dict[int, Filed] = {}
        for result in results:
            outcome = _file(result, held)
            if isinstance(outcome, AsideReason):
                aside[outcome] += 1
            elif outcome.held.id in filed:
                aside[AsideReason.NOT_HELD] += 1
            else:
                filed[outcome.held.id] = outcome
        _write(filed.values())
        _tell([item.result for item in filed.values()])
    return Stored(len(filed), aside)


def _held(results: Sequence[ProbeResult]) -> dict[int, Held]:
    """Read and lock the schedules, in one order so that two intakes cannot block each other."""
    tickets = (result.ticket for result in results)
    ids = {each.schedule_id for each in tickets if each and each.schedule_id is not None}
    rows = (
        Schedule.objects.select_for_update()
        .filter(id__in=among_numbers(ids))
        .order_by("id")
        .values_list(*Held._fields)
    )
    return {values[0]: Held(*values) for values in rows}


def _file(result: ProbeResult, held_by_id: Mapping[int, Held]) -> Filed | AsideReason:
    ticket = result.ticket
    if ticket is None or ticket.schedule_id is None or ticket.slot is None:
        return AsideReason.NO_TICKET
    held = held_by_id.get(ticket.schedule_id)
    if held is None:
        return AsideReason.GONE
    if str(held.site_id) != ticket.site_id or held.tool != result.tool.value:
        return AsideReason.FOREIGN
    check = held.inflight_check
    if check is None or held.inflight_slot != ticket.slot or str(check) != result.check_id:
        return AsideReason.NOT_HELD
    # That the slot has come is certain, even where our own clock is behind.
    if result.completed_at > max(clock.timestamp(), ticket.slot) + CLOCK_SKEW:
        return AsideReason.FUTURE
    try:
        return _rows(result, ticket, held, uuid_column(check))
    except (TypeError, ValueError, OverflowError, RecursionError):
        return AsideReason.MALFORMED


def _rows(result: ProbeResult, ticket: Ticket, held: Held, check: UUID | str) -> Filed:
    """Make a result's rows. Raises TypeError or ValueError where a value has no stored form."""
    completed = moment_column(result.completed_at)
    slot = ticket.slot or 0
    return Filed(
        result=result,
        ticket=ticket,
        held=held,
        check=(
            check,
            uuid_column(held.site_id),
            result.tool.value,
            result.status.value,
            result.outcome.value,
            True,
            ticket.run_reason.value if ticket.run_reason else "",
            moment_column(slot),
            _is_late(result, ticket),
            result.vantage,
            json_column(result.result),
            json_column(result.error),
            moment_column(result.started_at),
            moment_column(clock.timestamp()),
            completed,
        ),
        schedule=(
            check,
            result.status.value,
            result.outcome.value,
            completed,
            summarise(result),
            held.id,
        ),
    )


def _is_late(result: ProbeResult, ticket: Ticket) -> bool:
    """Tell whether a slot's run began late; extra runs have no slot to be late for."""
    return ticket.run_reason is RunReason.SCHEDULED and is_late(
        ticket.slot or 0, result.started_at, ticket.cadence_seconds
    )


def _tell(results: Sequence[ProbeResult]) -> None:
    if results:
        for hook in hooks.FILED:
            hook(results)


def _write(filed: Iterable[Filed]) -> None:
    filed = list(filed)
    bulk.insert_checks([item.check for item in filed])
    bulk.write_many(bulk.SETTLE_SCHEDULE, [item.schedule for item in filed])
    counted = [(item.held.site_id, item.ticket.slot or 0, item.result) for item in filed]
    bulk.write_many(bulk.ADD_TO_ROLLUP, rollups.rows(counted))
    bulk.write_many(bulk.ADD_SPEED_TO_ROLLUP, speeds.rows(counted))
