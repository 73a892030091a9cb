"""All tools, in the order in which clients see them; a new one is a function and a line here."""

from tocsin.mcp.operation import Operation
from tocsin.mcp.tools import checks, issues, reports, sites, teams

TOOLS: dict[str, Operation] = {
    each.name: each
    for each in (
        teams.list_teams,
        sites.list_sites,
        sites.get_site,
        checks.list_checks,
        checks.get_check,
        issues.list_issues,
        issues.get_issue,
        checks.run_check,
        reports.get_uptime_report,
        reports.get_performance_report,
        issues.acknowledge_issue,
    )
}
