"""Reading reports, always through a principal."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.checks import reports
from tocsin.checks.models import DailyRollup
from tocsin.checks.reports import DayRow, PerformanceReport, UptimeReport
from tocsin.kit import clock
from tocsin.kit.errors import NotFound, invalid
from tocsin.kit.prepared import Prepared
from tocsin.probes.contract import Tool
from tocsin.sites import queries as sites

UPTIME_DAYS = 90
PERFORMANCE_DAYS = 30
MOST_DAYS = 365


def uptime_report(
    principal: Principal, site_uuid: UUID, *, days: int = UPTIME_DAYS
) -> UptimeReport:
    """Report a site's uptime of the last days. Two queries.

    Raises NotFound, and InvalidInput on `days` outside 1 to 365.
    """
    today = clock.now().date()
    rows = _rows(principal, site_uuid, Tool.STATUS, today, days)
    return reports.uptime_report(rows, today=today, days=days)


def uptime_of_site(site: UUID, *, days: int = UPTIME_DAYS) -> UptimeReport:
    """Report the same of a site that was found through a principal. One query."""
    today = clock.now().date()
    first = today - timedelta(days=days - 1)
    rows = _DAYS.texts(site=site, tool=Tool.STATUS.value, first=first, last=today)
    return reports.uptime_report(map(DayRow._make, rows), today=today, days=days)


def uptime_of_sites(
    principal: Principal, site_uuids: Collection[UUID], *, days: int = UPTIME_DAYS
) -> dict[UUID, UptimeReport]:
    """Report the uptime of each of some sites that the principal may see. Two queries."""
    today = clock.now().date()
    seen = sites.sites(principal).filter(pk__in=site_uuids).values_list("pk", flat=True)
    rows: dict[UUID, list[DayRow]] = {pk: [] for pk in seen}
    found = _of_last_days(Tool.STATUS, today, days).filter(site_id__in=list(rows))
    for site_id, *values in found.values_list("site_id", *DayRow._fields):
        rows[site_id].append(DayRow(*values))
    return {pk: reports.uptime_report(own, today=today, days=days) for pk, own in rows.items()}


def performance_report(
    principal: Principal, site_uuid: UUID, *, days: int = PERFORMANCE_DAYS
) -> PerformanceReport:
    """Report a site's performance of the last days. Two queries.

    Raises NotFound, and InvalidInput on `days` outside 1 to 365.
    """
    today = clock.now().date()
    rows = _rows(principal, site_uuid, Tool.PERFORMANCE, today, days)
    return reports.performance_report(rows, today=today, days=days)


def _rows(
    principal: Principal, site_uuid: UUID, tool: Tool, today: date, days: int
) -> list[DayRow]:
    if not 1 <= days <= MOST_DAYS:
        raise invalid("days", gettext("It must be 1 to %(most)s.") % {"most": MOST_DAYS})
    if sites.site(principal, site_uuid) is None:
        raise NotFound(gettext("There is no such site."))
    found = _of_last_days(tool, today, days).filter(site_id=site_uuid)
    return [DayRow(*values) for values in found.values_list(*DayRow._fields)]


def _of_last_days(tool: Tool, today: date, days: int) -> "QuerySet[DailyRollup]":
    return DailyRollup.objects.filter(
        tool=tool.value, date__gt=today - timedelta(days=days), date__lte=today
    )


def _build(site: UUID, tool: str, first: date, last: date) -> "QuerySet[DailyRollup, Any]":
    found = DailyRollup.objects.filter(site_id=site, tool=tool, date__gte=first, date__lte=last)
    return found.values_list(*DayRow._fields)


_DAYS = Prepared(_build, site=UUID, tool=str, first=date, last=date)
