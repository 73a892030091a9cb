"""Claiming due slots, exactly once however many schedulers run.

One transaction of two statements for up to 500 schedules: read what is due with what its run needs,
and advance it. PostgreSQL locks the rows and skips those that another claim holds. SQLite takes its
write lock when the transaction begins, so nobody can claim in between.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import floor
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Min, QuerySet, TextField
from django.db.models.functions import Cast

from tocsin.checks import accounting, bulk
from tocsin.checks.accounting import UnrunOf
from tocsin.checks.claim_rules import DueSchedule, GapReason, Unrun, Verdict, decide
from tocsin.checks.columns import uuid_column
from tocsin.checks.models import Schedule
from tocsin.checks.retries import NEAR
from tocsin.checks.slots import Grid, Run
from tocsin.checks.tools import EFFORTS, LEASE_MARGIN
from tocsin.kit import clock, ids
from tocsin.probes.contract import ProbeRequest, RunReason, Ticket, Tool
from tocsin.sites.monitoring.probing import probe_settings, request_headers
from tocsin.sites.monitoring.resolving import resolve_text
from tocsin.teams.rules import is_plan_active

log = logging.getLogger(__name__)
LIMIT = 500


class _Row(NamedTuple):
    """A due schedule with what its run needs, as read."""

    id: int
    site_id: UUID
    tool: str
    cadence: int
    phase: int
    next_slot: int
    inflight_slot: int | None
    inflight_until: int | None
    inflight_check: UUID | None
    inflight_reason: str
    retry_at: int | None
    retry_reason: str
    site__url: str
    overrides: str
    team_settings: str | None
    site__dns_expected_records: dict[str, Any] | None
    site__js_rendered: bool
    site__team__plan_state: str
    site__team__plan_state_since: datetime


@dataclass(frozen=True, slots=True)
class _Taken:
    """A due schedule, what becomes of it, and the request if it runs."""

    row: _Row
    verdict: Verdict
    request: ProbeRequest | None


@dataclass(frozen=True, slots=True)
class Claim:
    """`requests` to run now; `due` schedules were looked at, so at the limit more may be due."""

    requests: tuple[ProbeRequest, ...]
    due: int


def next_due(tools: Sequence[Tool]) -> int | None:
    """Return when the next run waits, in epoch seconds; None where nothing is scheduled."""
    found = Schedule.objects.filter(next_slot__isnull=False, tool__in=tools)
    slot: int | None = found.aggregate(earliest=Min("next_slot"))["earliest"]
    free = found.filter(retry_at__isnull=False, inflight_slot__isnull=True)
    extra: int | None = free.aggregate(earliest=Min("retry_at"))["earliest"]
    return min((moment for moment in (slot, extra) if moment is not None), default=None)


def claim(tools: Sequence[Tool], *, now: float, running_since: float, limit: int = LIMIT) -> Claim:
    """Take up to `limit` schedules that are due and return the requests of those that run.

    Slots that do not run are accounted for in the same transaction. Each taken slot has a lease;
    who lets it run out loses the slot (see `leases`). Extra runs that are due (see `retries`) come
    after the slots, as many as the limit leaves room for.
    """
    with transaction.atomic():
        rows = _due(tools, now, limit)
        taken = [_take(row, now, running_since) for row in rows]
        bulk.write_many(bulk.ADVANCE_SCHEDULE, [_advance(each, now) for each in taken])
        bulk.write_many(bulk.SERVE_RETRY, _served(taken))
        accounting.record(
            UnrunOf(each.row.site_id, each.row.tool, unrun)
            for each in taken
            for unrun in each.verdict.unrun
        )
        extra = _claim_extra(tools, now, limit - len(rows)) if len(rows) < limit else []
    requests = tuple(each.request for each in taken if each.request is not None)
    return Claim((*requests, *extra), len(rows) + len(extra))


def _due(tools: Sequence[Tool], now: float, limit: int) -> list[_Row]:
    due = Schedule.objects.filter(next_slot__lte=floor(now), tool__in=tools)
    return _read(due.order_by("next_slot"), limit)


def _read(due: QuerySet[Schedule], limit: int) -> list[_Row]:
    """Lock schedules and read what their runs need; those that another claim holds are left out."""
    found: Any = (
        due.select_for_update(skip_locked=True, of=("self",))
        .annotate(
            # As text: the same settings of hundreds of sites are then read once.
            overrides=Cast("site__monitoring_overrides", TextField()),
            team_settings=Cast("site__team__monitoring__settings", TextField()),
        )
        .values_list(*_Row._fields)
    )
    return [_Row(*values) for values in found[:limit]]


def _judge(row: _Row, now: float, running_since: float) -> Verdict:
    due = DueSchedule(
        grid=Grid(row.phase, row.cadence),
        next_slot=row.next_slot,
        held_slot=row.inflight_slot,
        held_until=row.inflight_until,
        holds_slot=not row.inflight_reason,
        plan_active=is_plan_active(
            row.site__team__plan_state,
            row.site__team__plan_state_since,
            clock.from_timestamp(now),
        ),
    )
    return decide(due, now=now, running_since=running_since)


def _take(row: _Row, now: float, running_since: float) -> _Taken:
    verdict = _judge(row, now, running_since)
    if verdict.slot is None:
        return _Taken(row, verdict, None)
    try:
        request = _request(row, verdict.slot, RunReason.SCHEDULED, now)
        return _Taken(row, verdict, request)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # Settings are judged when they are saved; a row that is wrong nevertheless must not keep
        # the others from running.
        log.warning("schedule %s cannot run: %s", row.id, error)
        unrun = Unrun(Run(verdict.slot, verdict.slot, row.cadence), GapReason.SETTINGS_INVALID)
        return _Taken(row, replace(verdict, slot=None, unrun=(*verdict.unrun, unrun)), None)


def _request(row: _Row, moment: int, reason: RunReason, now: float) -> ProbeRequest:
    tool = Tool(row.tool)
    settings = resolve_text(row.team_settings, row.overrides)
    return ProbeRequest(
        check_id=str(ids.new_uuid()),
        tool=tool,
        url=row.site__url,
        settings=probe_settings(
            settings, tool, row.site__dns_expected_records, js_rendered=row.site__js_rendered
        ),
        deadline=now + EFFORTS[tool].seconds,
        headers=request_headers(settings, tool),
        ticket=Ticket(
            site_id=str(row.site_id),
            schedule_id=row.id,
            slot=moment,
            run_reason=reason,
            cadence_seconds=row.cadence,
        ),
    )


def _advance(taken: _Taken, now: float) -> tuple[Any, ...]:
    row, verdict, request = taken.row, taken.verdict, taken.request
    if request is not None:
        return (verdict.next_slot, verdict.slot, *_lease(request, now), "", row.id)
    if verdict.keeps_held and row.inflight_check is not None:
        held = (row.inflight_slot, row.inflight_until, uuid_column(row.inflight_check))
        return (verdict.next_slot, *held, row.inflight_reason, row.id)
    return (verdict.next_slot, None, None, None, "", row.id)


def _lease(request: ProbeRequest, now: float) -> tuple[int, Any]:
    until = floor(now) + EFFORTS[request.tool].seconds + LEASE_MARGIN
    return until, uuid_column(UUID(request.check_id))


def _served(taken: list[_Taken]) -> list[tuple[int, int]]:
    """Name the schedules whose extra run is served by the slot's, with the moment up to which."""
    return [
        (each.row.id, each.verdict.slot + NEAR)
        for each in taken
        if each.verdict.slot is not None and each.row.retry_at is not None
    ]


def _claim_extra(tools: Sequence[Tool], now: float, limit: int) -> list[ProbeRequest]:
    """Take the extra runs that are due; one whose schedule is busy waits."""
    due = Schedule.objects.filter(
        retry_at__lte=floor(now), inflight_slot__isnull=True, next_slot__isnull=False
    )
    rows = _read(due.filter(tool__in=tools).order_by("retry_at"), limit)
    taken = [(row, _extra_request(row, now)) for row in rows]
    running = [(row, request) for row, request in taken if request is not None]
    bulk.write_many(
        bulk.TAKE_RETRY,
        [(row.retry_at, *_lease(each, now), row.retry_reason, row.id) for row, each in running],
    )
    refused = [(None, "", row.id) for row, request in taken if request is None]
    bulk.write_many(bulk.ASK_RETRY, refused)
    return [request for _, request in running]


def _extra_request(row: _Row, now: float) -> ProbeRequest | None:
    """Make the request of an extra run; None where the plan or bad settings forbid it."""
    moment = clock.from_timestamp(now)
    if not is_plan_active(row.site__team__plan_state, row.site__team__plan_state_since, moment):
        return None
    try:
        return _request(row, row.retry_at or floor(now), RunReason(row.retry_reason), now)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        log.warning("schedule %s cannot run: %s", row.id, error)
        return None
