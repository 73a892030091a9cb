"""Reading the slot ledger as faces show it: contract, `GET /sites/{site}/slots`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.checks.ledger import Ledger, Span, ledgers
from tocsin.checks.periods import Period
from tocsin.checks.retention import kept_since
from tocsin.kit import clock
from tocsin.kit.errors import NotFound
from tocsin.probes.contract import Tool
from tocsin.sites import queries as sites

DEFAULT_SPAN = timedelta(days=7)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class SlotGap:
    """Slots in a row that did not run, both ends included."""

    first: datetime
    last: datetime
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class SlotAccount:
    """What became of the slots from `first` to `last`: `expected = ran + Σ skipped + Σ lost`."""

    tool: Tool
    first: datetime
    last: datetime
    expected: int
    ran: int
    late: int
    skipped: Mapping[str, int]
    lost: Mapping[str, int]
    unknown: int
    gaps: tuple[SlotGap, ...]


def slots_of_site(principal: Principal, site_uuid: UUID, tool: Tool, period: Period) -> SlotAccount:
    """Account for a tool's slots at one site; of the last 7 days where nothing else is said.

    What is older than the plan keeps is left out, and `first` says so. Raises NotFound.
    """
    return accounts_of_site(principal, site_uuid, {tool: period})[tool]


def accounts_of_site(
    principal: Principal, site_uuid: UUID, periods: Mapping[Tool, Period]
) -> Mapping[Tool, SlotAccount]:
    """Do the same for several tools. Six queries, however many. Raises NotFound."""
    site = sites.site(principal, site_uuid)
    if site is None:
        raise NotFound(gettext("There is no such site."))
    now = clock.now()
    earliest = kept_since(site.team.plan, now)
    spans = {tool: _span(period, now, earliest) for tool, period in periods.items()}
    found = ledgers(principal, site_uuid, spans)
    return {tool: _account(found.get(tool) or _nothing(tool), span) for tool, span in spans.items()}


def _span(period: Period, now: datetime, earliest: datetime) -> Span:
    last = now if period.end is None else period.end - _SECOND
    # Of the later one, because a week before the calendar begins is no moment.
    first = max(period.start or max(last, earliest) - DEFAULT_SPAN, earliest)
    return Span(first.timestamp(), last.timestamp())


def _account(found: Ledger, span: Span) -> SlotAccount:
    return SlotAccount(
        tool=found.tool,
        first=clock.from_timestamp(span.first),
        last=clock.from_timestamp(span.last),
        expected=found.expected,
        ran=found.ran,
        late=found.late,
        skipped=found.skipped,
        lost=found.lost,
        unknown=found.unknown,
        gaps=tuple(
            SlotGap(
                clock.from_timestamp(gap.first),
                clock.from_timestamp(gap.last),
                gap.count,
                gap.reason,
            )
            for gap in found.gaps
        ),
    )


def _nothing(tool: Tool) -> Ledger:
    """Account for a tool that was never turned on."""
    return Ledger(
        tool=tool,
        expected=0,
        ran=0,
        late=0,
        skipped={},
        lost={},
        unknown=0,
        pending=0,
        gaps=(),
    )
