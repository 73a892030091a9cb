"""Teams."""

from tocsin.access.permissions import Permission
from tocsin.access.scopes import Scope
from tocsin.mcp.answers import Answer
from tocsin.mcp.arguments import Nothing, TeamArguments
from tocsin.mcp.finding import team_named
from tocsin.mcp.operation import Call, operation
from tocsin.resources import shapes
from tocsin.resources.schemas import Team
from tocsin.teams.queries import teams_of


@operation(title="List teams", scope=Scope.TEAMS_READ)
def list_teams(call: Call[Nothing]) -> Answer[list[Team]]:
    """List the teams that you act in, with your role and the plan's limits. Call this first.

    The other tools take a team's `id` as `team_id`.
    """
    return Answer(data=[shapes.team(view) for view in teams_of(call.principal)])


@operation(title="Show a team", permission=Permission.VIEW_TEAM, find=team_named)
def get_team(call: Call[TeamArguments]) -> Answer[Team]:
    """Show one team with its plan's limits."""
    return Answer(data=shapes.team(call.thing))
