"""Reports of a site, from numbers that outlive its checks."""

from tocsin.access.permissions import Permission
from tocsin.checks import report_queries
from tocsin.mcp.answers import Answer
from tocsin.mcp.arguments import PerformanceArguments, UptimeArguments
from tocsin.mcp.finding import site_named
from tocsin.mcp.operation import Call, operation
from tocsin.resources.reports import Performance, Uptime, performance, uptime


@operation(title="Uptime report", permission=Permission.VIEW_REPORTS, find=site_named)
def get_uptime_report(call: Call[UptimeArguments]) -> Answer[Uptime]:
    """Report, day by day, how much of the time a site was up and how fast it answered (ms).

    What was not observed counts neither up nor down.
    """
    asked = call.arguments
    return Answer(
        data=uptime(report_queries.uptime_report(call.principal, asked.site_uuid, days=asked.days))
    )


@operation(title="Performance report", permission=Permission.VIEW_REPORTS, find=site_named)
def get_performance_report(call: Call[PerformanceArguments]) -> Answer[Performance]:
    """Report, day by day, a site's Lighthouse scores, response times and speed."""
    asked = call.arguments
    return Answer(
        data=performance(
            report_queries.performance_report(call.principal, asked.site_uuid, days=asked.days)
        )
    )
