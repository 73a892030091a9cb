"""Checks: what ran, and what to run now."""

from tocsin.access.permissions import Permission
from tocsin.access.scopes import Scope
from tocsin.checks import history, manual
from tocsin.checks.periods import read_period
from tocsin.mcp import waiting
from tocsin.mcp.answers import Answer, ListAnswer, listed
from tocsin.mcp.arguments import CheckArguments, ChecksArguments, RunArguments
from tocsin.mcp.finding import check_named, site_named
from tocsin.mcp.operation import Call, Report, operation
from tocsin.mcp.rows import CheckRow, check_row
from tocsin.resources import site_shapes
from tocsin.resources.site_schemas import Check


@operation(title="List checks", permission=Permission.VIEW_CHECKS, find=site_named)
def list_checks(call: Call[ChecksArguments]) -> ListAnswer[CheckRow]:
    """List a site's checks, newest first: automatic ones and those that somebody asked for.

    `outcome` is `ok`, `failing`, or `unknown` where the monitor itself was at fault.
    """
    asked, wanted = call.arguments, call.arguments.wanted()
    filters = history.CheckFilters(
        type=asked.type,
        status=asked.status,
        automatic=asked.automatic,
        period=read_period(asked.first, asked.last),
    )
    found = history.checks_of_site(call.principal, asked.site_uuid, filters, wanted)
    return listed(wanted, map(check_row, found.items), found.total)


@operation(title="Show a check", permission=Permission.VIEW_CHECKS, find=check_named)
def get_check(call: Call[CheckArguments]) -> Answer[Check]:
    """Show one check with the tool's full result and, where it failed, why."""
    return Answer(data=site_shapes.check(call.thing))


async def _wait(
    call: Call[RunArguments], queued: Answer[list[Check]], report: Report
) -> Answer[list[Check]]:
    if not call.arguments.wait:
        return queued
    ended = await waiting.wait_for(call.principal, [check.uuid for check in queued.data], report)
    return Answer(data=[site_shapes.check(check) for check in ended])


@operation(
    title="Run checks",
    permission=Permission.RUN_CHECK,
    find=site_named,
    read_only=False,
    follow=_wait,
    also={"wait": Scope.CHECKS_READ},
)
def run_check(call: Call[RunArguments]) -> Answer[list[Check]]:
    """Run tools against a site now, all of those asked for or none; uses up the plan's quota.

    Answers with the queued checks; with `wait` true, with their results. Manual checks never open
    or resolve issues.
    """
    asked = call.arguments
    tools = None if asked.tools is None else [tool.value for tool in asked.tools]
    queued = manual.queue_checks(call.principal, call.thing, tools=tools, url=asked.url)
    return Answer(data=[site_shapes.check(check) for check in queued])
