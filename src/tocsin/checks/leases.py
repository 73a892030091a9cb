"""Slots that a worker took and never answered: accounted as lost, or handed back."""

from collections.abc import Iterable, Sequence
from math import floor
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tocsin.checks import accounting, bulk
from tocsin.checks.accounting import UnrunOf
from tocsin.checks.claim_rules import GapReason, Unrun
from tocsin.checks.models import Schedule
from tocsin.checks.slots import Grid, Run
from tocsin.probes.contract import ProbeRequest

LIMIT = 500
_FIELDS = (
    "id", "site_id", "tool", "cadence", "phase", "next_slot", "inflight_slot", "since",
    "inflight_reason",
)  # fmt: skip
_Row = tuple[int, UUID, str, int, int, int | None, int, int, str]


def expire(*, now: float, limit: int = LIMIT) -> int:
    """Account for up to `limit` slots whose lease has run out; return how many there were."""
    return _lose(Schedule.objects.filter(inflight_until__lte=floor(now)), limit)


def expire_all(*, limit: int = LIMIT) -> int:
    """Account for up to `limit` slots in flight, whatever their lease; return how many.

    For a worker that starts alone on its database: whoever took these slots is dead.
    """
    return _lose(Schedule.objects.filter(inflight_until__isnull=False), limit)


def release(requests: Iterable[ProbeRequest]) -> int:
    """Hand back slots that were taken and will not be run, so that the next claim may run them.

    A slot after which others have been accounted for cannot run any more: it is lost.
    Returns how many slots were let go.
    """
    checks = [UUID(request.check_id) for request in requests]
    return sum(
        _let_go(Schedule.objects.filter(inflight_check__in=checks[start : start + LIMIT]))
        for start in range(0, len(checks), LIMIT)
    )


def _lose(held: QuerySet[Schedule], limit: int) -> int:
    with transaction.atomic():
        rows = _lock(held, limit)
        _account(_give_back_extra(rows))
    return len(rows)


def _let_go(held: QuerySet[Schedule]) -> int:
    with transaction.atomic():
        rows = _lock(held, LIMIT)
        slots = _give_back_extra(rows)
        again = [row for row in slots if _is_latest(row)]
        bulk.write_many(
            bulk.ADVANCE_SCHEDULE, [(row[6], None, None, None, "", row[0]) for row in again]
        )
        _account([row for row in slots if not _is_latest(row)])
    return len(rows)


def _give_back_extra(rows: Sequence[_Row]) -> Sequence[_Row]:
    """Wish for extra runs again, which nobody accounts for; return the rows that hold slots."""
    bulk.write_many(bulk.RETURN_RETRY, [(row[0],) for row in rows if row[8]])
    return [row for row in rows if not row[8]]


def _lock(held: QuerySet[Schedule], limit: int) -> Sequence[_Row]:
    found: Any = held.select_for_update(skip_locked=True).order_by("id").values_list(*_FIELDS)
    return list(found[:limit])


def _is_latest(row: _Row) -> bool:
    _, _, _, cadence, phase, next_slot, slot, since, _ = row
    # A slot from before the timetable changed is not one that it can wait for again.
    return slot >= since and next_slot == Grid(phase, cadence).after(slot)


def _account(rows: Sequence[_Row]) -> None:
    bulk.write_many(bulk.ADVANCE_SCHEDULE, [(row[5], None, None, None, "", row[0]) for row in rows])
    accounting.record(
        UnrunOf(site_id, tool, Unrun(Run(slot, slot, cadence), GapReason.WORKER_LOST))
        for _, site_id, tool, cadence, _, _, slot, *_ in rows
    )
