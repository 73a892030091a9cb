"""Recording slots that did not run: run-length gaps, and their days' roll-ups."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tocsin.checks import bulk
from tocsin.checks.claim_rules import GapKind, Unrun
from tocsin.checks.columns import date_column, uuid_column
from tocsin.kit import clock


@dataclass(frozen=True, slots=True)
class UnrunOf:
    """Slots of one tool at one site that did not run."""

    site_id: UUID
    tool: str
    unrun: Unrun


def record(items: Iterable[UnrunOf]) -> None:
    """Write each as a gap, or as more of the gap that it continues.

    Call inside the transaction that moves the schedule past these slots: that, and not this, is
    what makes a slot be accounted for once.
    """
    items = list(items)
    for item in items:
        _write_gap(item)
    bulk.write_many(bulk.ADD_TO_ROLLUP, [row for item in items for row in _rollups(item)])


def _write_gap(item: UnrunOf) -> None:
    run, reason = item.unrun.run, item.unrun.reason
    site = uuid_column(item.site_id)
    before = run.first - run.cadence
    extension = (run.last, run.count, site, item.tool, before, reason.value, run.cadence)
    if bulk.write(bulk.EXTEND_GAP, extension):
        return
    gap = (site, item.tool, reason.kind.value, reason.value, run.first, run.last, run.cadence)
    bulk.write(bulk.INSERT_GAP, (*gap, run.count))


def _rollups(item: UnrunOf) -> Iterator[tuple[Any, ...]]:
    site = uuid_column(item.site_id)
    skips = item.unrun.reason.kind is GapKind.SKIPPED
    for day, count in item.unrun.run.by_day():
        skipped, lost = (count, 0) if skips else (0, count)
        date = date_column(clock.from_timestamp(day).date())
        yield (site, item.tool, date, 0, 0, 0, skipped, lost, 0.0, 0, None)
