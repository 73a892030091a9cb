"""Issues: what is wrong, and saying that somebody takes care of it."""

from tocsin.access.permissions import Permission
from tocsin.access.scopes import Scope
from tocsin.issues import actions, queries
from tocsin.mcp.answers import Answer, ListAnswer, listed
from tocsin.mcp.arguments import IssueArguments, IssuesArguments
from tocsin.mcp.finding import issue_named
from tocsin.mcp.operation import Call, demand_in_team, operation
from tocsin.mcp.rows import IssueRow, issue_row
from tocsin.resources import issue_shapes
from tocsin.resources.issue_schemas import Issue
from tocsin.teams.queries import standing_of


@operation(title="List issues", scope=Scope.ISSUES_READ)
def list_issues(call: Call[IssuesArguments]) -> ListAnswer[IssueRow]:
    """List issues, newest opening first: what is wrong now, or with `status` what was.

    Without `team_id` or `site_uuid`, those of all your teams.
    """
    asked, wanted = call.arguments, call.arguments.wanted()
    filters = queries.IssueFilters(
        asked.team_id, asked.site_uuid, asked.tool, asked.severity, asked.status
    )
    team_id = queries.team_concerned(call.principal, filters)
    if team_id is not None:
        standing = standing_of(call.principal, team_id)
        demand_in_team(call.principal, Permission.VIEW_ISSUES, standing)
    found = queries.issues(call.principal, filters, wanted)
    return listed(wanted, map(issue_row, found.items), found.total)


@operation(title="Show an issue", permission=Permission.VIEW_ISSUES, find=issue_named)
def get_issue(call: Call[IssueArguments]) -> Answer[Issue]:
    """Show one issue: the numbers that opened it (`context`), its checks, and its timeline."""
    return _shown(call)


@operation(
    title="Acknowledge an issue",
    permission=Permission.TRIAGE_ISSUES,
    find=issue_named,
    read_only=False,
)
def acknowledge_issue(call: Call[IssueArguments]) -> Answer[Issue]:
    """Say, in the user's name, that somebody takes care of an issue; twice changes nothing.

    Do this only where the user asked for it.
    """
    actions.acknowledge(call.principal, call.arguments.issue_uuid)
    return _shown(call)


def _shown(call: Call[IssueArguments]) -> Answer[Issue]:
    return Answer(data=issue_shapes.issue(queries.issue(call.principal, call.arguments.issue_uuid)))
