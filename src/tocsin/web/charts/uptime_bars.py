"""Uptime day by day: one bar a day, red from below by how much of the day was down."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tocsin.checks.reports import UptimeDay, UptimeReport

STEP, WIDTH, HEIGHT = 10, 7, 100
# The least of a bar that is red, so that one failed check of a day can be seen.
LEAST = 16
_WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One day; `down` is the height of its red part, `tone` one of ok, failing, unknown, idle."""

    x: int
    tone: str
    down: float
    label: str

    @property
    def rest(self) -> float:
        """Return where the red part begins, from the top."""
        return round(HEIGHT - self.down, 1)


@dataclass(frozen=True, slots=True)
class UptimeBars:
    """The drawing; `label` says in a sentence what it shows."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    bar_width: int
    label: str


def uptime_bars(report: UptimeReport) -> UptimeBars:
    """Draw a report's days, oldest first."""
    bars = tuple(_bar(index * STEP, day) for index, day in enumerate(report.days))
    return UptimeBars(
        bars=bars,
        width=len(bars) * STEP - (STEP - WIDTH),
        height=HEIGHT,
        bar_width=WIDTH,
        label=_summary(report.total_uptime_percentage, report.days),
    )


def percent(share: float | None) -> str:
    """Write a percentage with two decimals; 100 has none."""
    if share is None:
        return "–"
    return "100 %" if share == _WHOLE else f"{number_format(f'{share:.2f}', 2)} %"


def _bar(x: int, day: UptimeDay) -> Bar:
    when = date_format(day.date, _("j F"))
    if day.uptime_percentage is None:
        if day.unobserved_checks:
            return Bar(x, "unknown", 0, f"{when}: {_('not observed')}")
        return Bar(x, "idle", 0, f"{when}: {_('no checks')}")
    label = _("%(when)s: %(share)s up, %(up)s of %(total)s checks") % {
        "when": when,
        "share": percent(day.uptime_percentage),
        "up": day.up_checks,
        "total": day.total_checks,
    }
    share_down = 1 - day.up_checks / day.total_checks
    if not share_down:
        return Bar(x, "ok", 0, label)
    return Bar(x, "failing", round(LEAST + (HEIGHT - LEAST) * sqrt(share_down), 1), label)


def _summary(total: float | None, days: Sequence[UptimeDay]) -> str:
    if total is None:
        return _("No uptime is known of the last %(days)s days.") % {"days": len(days)}
    bad = sum(day.up_checks < day.total_checks for day in days)
    words = ngettext("%(bad)s day with downtime", "%(bad)s days with downtime", bad) % {"bad": bad}
    return _("%(share)s up in the last %(days)s days; %(words)s.") % {
        "share": percent(total),
        "days": len(days),
        "words": words,
    }
