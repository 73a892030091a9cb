"""Reading reports, always through a principal."""

from datetime import date, timedelta
from uuid import UUID

from tocsin.access.principal import Principal
from tocsin.checks import reports
from tocsin.checks.models import DailyRollup
from tocsin.checks.reports import DayRow, PerformanceReport, UptimeReport
from tocsin.kit import clock
from tocsin.kit.errors import NotFound, invalid
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
        raise invalid("days", f"It must be 1 to {MOST_DAYS}.")
    if sites.site(principal, site_uuid) is None:
        raise NotFound("There is no such site.")
    found = DailyRollup.objects.filter(
        site_id=site_uuid, tool=tool.value, date__gt=today - timedelta(days=days), date__lte=today
    )
    return [DayRow(*values) for values in found.values_list(*DayRow._fields)]
