"""Reports: a team's sites together and one by one, on paper and as a table."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.checks.report_queries import performance_report, uptime_report
from tocsin.checks.reports import PerformanceDay, UptimeDay, UptimeReport
from tocsin.checks.team_reports import team_report
from tocsin.kit import clock
from tocsin.kit.pagination import PageOf, PageRequest
from tocsin.sites import queries as sites
from tocsin.sites.models import Site
from tocsin.web.charts.uptime_bars import uptime_bars
from tocsin.web.doors import Place, in_team
from tocsin.web.paging import page_number
from tocsin.web.tables import csv_file

PAGE = 50
MOST_ROWS = 10_000
DEFAULT_DAYS = 90
SPANS = ((7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("1 year")))
TEAM_HEADING = (
    "site", "url", "uptime_percentage", "checks", "failing_checks", "unobserved_checks",
    "average_response_time_ms", "slowest_response_time_ms", "performance_score",
)  # fmt: skip
SITE_HEADING = (
    "date", "uptime_percentage", "total_checks", "up_checks", "unobserved_checks",
    "slowest_response_time_ms", "performance_score", "speed_index_seconds", "performance_checks",
)  # fmt: skip


@in_team(Permission.VIEW_REPORTS)
@require_GET
def reports(request: HttpRequest, place: Place) -> HttpResponse:
    """Show all sites of the team."""
    days, wanted = _days(request), PageRequest(page_number(request), PAGE)
    report = team_report(place.principal, place.team.id, days=days, page=wanted)
    variables = {
        "report": report,
        "page": PageOf(wanted, len(report.lines), report.total),
        "query": f"days={days}&",
        **_span(days),
    }
    return render(request, "reports/team.html", variables)


@in_team(Permission.VIEW_REPORTS)
@require_GET
def reports_table(request: HttpRequest, place: Place) -> HttpResponse:
    """Send the same as a file."""
    days = _days(request)
    every = PageRequest(per_page=MOST_ROWS)
    report = team_report(place.principal, place.team.id, days=days, page=every)
    rows = (
        (
            line.name, line.url, line.figures.uptime_percentage, line.figures.checks,
            line.figures.failing, line.figures.unobserved, line.figures.average_response_time,
            line.figures.slowest, line.figures.performance_score,
        )
        for line in report.lines
    )  # fmt: skip
    return csv_file(_file_name(place.team.name, days), TEAM_HEADING, rows)


@in_team(Permission.VIEW_REPORTS)
@require_GET
def report(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Show one site."""
    found, days = _site(place, site), _days(request)
    uptime = uptime_report(place.principal, site, days=days)
    performance = performance_report(place.principal, site, days=days)
    both = zip(uptime.days, performance.days, strict=True)
    variables: dict[str, Any] = {
        "site": found,
        "uptime": uptime,
        "performance": performance,
        "totals": _totals(uptime),
        "chart": uptime_bars(uptime),
        "rows": [pair for pair in both if _says_something(*pair)][::-1],
        **_span(days),
    }
    return render(request, "reports/site.html", variables)


@in_team(Permission.VIEW_REPORTS)
@require_GET
def report_table(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Send the same as a file, every day in it."""
    found, days = _site(place, site), _days(request)
    uptime = uptime_report(place.principal, site, days=days)
    performance = performance_report(place.principal, site, days=days)
    rows = (
        (
            up.date.date().isoformat(), up.uptime_percentage, up.total_checks, up.up_checks,
            up.unobserved_checks, up.response_time, speed.performance_score, speed.speed,
            speed.total_checks,
        )
        for up, speed in zip(uptime.days, performance.days, strict=True)
    )  # fmt: skip
    return csv_file(_file_name(found.domain, days), SITE_HEADING, rows)


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return next((days for days, _ in SPANS if str(days) == asked), DEFAULT_DAYS)


def _span(days: int) -> dict[str, Any]:
    last = clock.now().date()
    return {"days": days, "spans": SPANS, "until": last, "since": _first(last, days)}


def _first(last: date, days: int) -> date:
    return date.fromordinal(last.toordinal() - days + 1)


def _site(place: Place, uuid: UUID) -> Site:
    found = sites.site(place.principal, uuid)
    if found is None or found.team_id != place.team.id:
        raise Http404("There is no such site.")
    return found


def _totals(uptime: UptimeReport) -> dict[str, int | float | None]:
    checks = sum(day.total_checks for day in uptime.days)
    return {
        "checks": checks,
        "failing": checks - sum(day.up_checks for day in uptime.days),
        "unobserved": sum(day.unobserved_checks for day in uptime.days),
        "slowest": max((day.response_time or 0.0 for day in uptime.days), default=0.0) or None,
    }


def _says_something(up: UptimeDay, speed: PerformanceDay) -> bool:
    return bool(up.total_checks or up.unobserved_checks or speed.total_checks)


def _file_name(what: str, days: int) -> str:
    return f"tocsin-{slugify(what) or 'report'}-{days}-days-{clock.now().date()}.csv"
