"""All of a team's sites in one report, from the daily roll-ups; a constant number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Max, QuerySet, Sum
from django.db.models.functions import Lower
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.checks.models import DailyRollup
from tocsin.checks.report_queries import MOST_DAYS
from tocsin.checks.reports import percentage
from tocsin.kit import clock
from tocsin.kit.errors import invalid
from tocsin.kit.pagination import PageRequest
from tocsin.probes.contract import Tool
from tocsin.sites import queries as sites

_SUMS = {
    "ok": Sum("ok"),
    "failing": Sum("failing"),
    "unobserved": Sum(F("unknown") + F("skipped") + F("lost")),
    "time": Sum("response_time_sum"),
    "times": Sum("response_time_count"),
    "slowest": Max("response_time_max"),
    "score": Sum("score_sum"),
    "scores": Sum("score_count"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Some days in numbers; times in milliseconds, None of nothing.

    `unobserved` status checks say nothing of the site and count neither up nor down.
    """

    uptime_percentage: float | None
    checks: int
    failing: int
    unobserved: int
    average_response_time: float | None
    slowest: float | None
    performance_score: float | None


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site of the report."""

    uuid: UUID
    name: str
    url: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class TeamReport:
    """One page of sites by name, of `total`; `figures` are those of all sites together."""

    lines: Sequence[SiteLine]
    total: int
    figures: Figures


def team_report(principal: Principal, team_id: int, *, days: int, page: PageRequest) -> TeamReport:
    """Report the last days, today included. Four queries. Raises InvalidInput on `days`."""
    if not 1 <= days <= MOST_DAYS:
        raise invalid("days", gettext("It must be 1 to %(most)s.") % {"most": MOST_DAYS})
    own = sites.sites(principal, team_id=team_id)
    by_name = own.order_by(Lower("name"), "pk").values_list("pk", "name", "url")
    chosen = list(by_name[page.offset : page.offset + page.per_page])
    rows = _days(clock.now().date(), days)
    by_site = _by_site(rows.filter(site__in=[pk for pk, _, _ in chosen]))
    return TeamReport(
        lines=[SiteLine(pk, name, url, _figures(by_site.get(pk, {}))) for pk, name, url in chosen],
        total=own.count(),
        figures=_figures(_together(rows.filter(site__in=own.order_by()))),
    )


def _days(today: date, days: int) -> "QuerySet[DailyRollup]":
    tools = (Tool.STATUS.value, Tool.PERFORMANCE.value)
    after = today - timedelta(days=days)
    return DailyRollup.objects.filter(tool__in=tools, date__gt=after, date__lte=today)


def _by_site(rows: "QuerySet[DailyRollup]") -> dict[UUID, dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows.order_by().values("site_id", "tool").annotate(**_SUMS):
        found.setdefault(row["site_id"], {})[row["tool"]] = row
    return found


def _together(rows: "QuerySet[DailyRollup]") -> dict[str, Any]:
    return {row["tool"]: row for row in rows.order_by().values("tool").annotate(**_SUMS)}


def _figures(by_tool: Mapping[str, Mapping[str, Any]]) -> Figures:
    status = by_tool.get(Tool.STATUS.value, {})
    performance = by_tool.get(Tool.PERFORMANCE.value, {})
    up, failing = status.get("ok", 0), status.get("failing", 0)
    return Figures(
        uptime_percentage=percentage(up, up + failing),
        checks=up + failing,
        failing=failing,
        unobserved=status.get("unobserved", 0),
        average_response_time=_mean(status, "time", "times"),
        slowest=status.get("slowest"),
        performance_score=_mean(performance, "score", "scores"),
    )


def _mean(sums: Mapping[str, Any], total: str, count: str) -> float | None:
    return sums[total] / sums[count] if sums.get(count) else None
