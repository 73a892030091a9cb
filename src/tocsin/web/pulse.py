"""How a site is right now, and since when: the first thing on its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tocsin.checks.reports import UptimeReport
from tocsin.checks.tool_watches import ToolWatch
from tocsin.issues.active import IssueLine
from tocsin.issues.vocabulary import Fingerprint
from tocsin.probes.contract import Outcome, Tool
from tocsin.sites.models import Site
from tocsin.web.board import Look, look_of
from tocsin.web.charts.uptime_bars import UptimeBars, percent, uptime_bars
from tocsin.web.phrases import said
from tocsin.web.troubles import Trouble, trouble_of


@dataclass(frozen=True, slots=True)
class Pulse:
    """A site's state; `since` is when it went down or came up again, else when it was added.

    `is_confirmed` False: it failed, and nobody is told before it has failed as often as set.
    """

    look: Look
    since: datetime
    was_down: bool
    is_confirmed: bool
    summary: str
    checked_at: datetime | None
    next_at: datetime | None
    cadence: int | None
    uptime: str
    average: float | None
    bars: UptimeBars
    troubles: tuple[Trouble, ...]


def pulse_of(
    site: Site,
    watches: Mapping[Tool, ToolWatch],
    records: Iterable[IssueLine],
    report: UptimeReport,
) -> Pulse:
    """Put a site's state together."""
    records = tuple(records)
    watch = watches.get(Tool.STATUS)
    state = watch.state if watch else None
    downs = [each for each in records if each.fingerprint == Fingerprint.STATUS_DOWN]
    down = downs[0] if downs else None
    is_down = down is not None and down.is_active
    failing = state is not None and state.outcome == Outcome.FAILING
    return Pulse(
        look=look_of(Tool.STATUS, state),
        since=_since(site, down),
        was_down=down is not None,
        is_confirmed=is_down or not failing,
        summary=said(state.summary) if state else "",
        checked_at=state.checked_at if state else None,
        next_at=watch.next_at if watch else None,
        cadence=watch.cadence if watch else None,
        uptime=percent(report.total_uptime_percentage),
        average=report.average_response_time,
        bars=uptime_bars(report),
        troubles=tuple(trouble_of(each) for each in records if each.is_active),
    )


def _since(site: Site, down: IssueLine | None) -> datetime:
    if down is None:
        return site.created_at
    return down.opened_at if down.is_active else down.resolved_at or down.opened_at
