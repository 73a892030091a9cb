"""Filing the results of manual runs: each completes its pending check, and nothing else.

Schedules, roll-ups and issues are of automatic checks only. A result counts while its run is
unfinished, and filing it finishes the run in the same transaction: whatever comes twice, or after
the run was lost, changes nothing.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import DataError, transaction

from tocsin.checks import bulk, findings
from tocsin.checks.columns import json_column, moment_column, uuid_column
from tocsin.checks.intake import CLOCK_SKEW, AsideReason, Stored
from tocsin.checks.models import ManualRun
from tocsin.kit import clock
from tocsin.probes.contract import ProbeResult


def store(results: Sequence[ProbeResult]) -> Stored:
    """File results of manual runs, the bad ones set aside by reason.

    Raises django.db.OperationalError where the database cannot take them now: nothing was written
    of the result at hand, and all may be given again.
    """
    stored, aside = 0, Counter[AsideReason]()
    for result in results:
        try:
            reason = _store(result)
        except DataError:
            reason = AsideReason.REFUSED
        if reason is None:
            stored += 1
        else:
            aside[reason] += 1
    return Stored(stored, aside)


@transaction.atomic
def _store(result: ProbeResult) -> AsideReason | None:
    """File one result; return why it was set aside instead."""
    if result.ticket is None:
        return AsideReason.NO_TICKET
    run = _held(result.check_id)
    if run is None:
        return AsideReason.GONE
    if str(run.site_uuid) != result.ticket.site_id or run.tool != result.tool.value:
        return AsideReason.FOREIGN
    if run.finished_at is not None:
        return AsideReason.NOT_HELD
    if result.completed_at > max(clock.timestamp(), run.asked_at.timestamp()) + CLOCK_SKEW:
        return AsideReason.FUTURE
    try:
        columns = _columns(result)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return AsideReason.MALFORMED
    bulk.write(bulk.COMPLETE_CHECK, columns)
    findings.follow([result])
    run.finished_at = clock.now()
    run.save(update_fields=("finished_at",))
    return None


def _held(check_id: str) -> ManualRun | None:
    try:
        uuid = UUID(check_id)
    except ValueError:
        return None
    return ManualRun.objects.select_for_update().filter(check_uuid=uuid).first()


def _columns(result: ProbeResult) -> tuple[Any, ...]:
    """Make a result's columns. Raises TypeError or ValueError where a value has no stored form."""
    return (
        result.status.value,
        result.outcome.value,
        result.vantage,
        json_column(result.result),
        json_column(result.error),
        moment_column(clock.timestamp()),
        moment_column(result.completed_at),
        uuid_column(UUID(result.check_id)),
    )
