"""Teams."""

from typing import cast

from ninja import Router

from tocsin.access.permissions import Permission
from tocsin.access.scopes import Scope
from tocsin.api.guards import ApiRequest, guarded, team_in_path
from tocsin.resources import schemas, shapes
from tocsin.teams.queries import TeamView, teams_of

router = Router(tags=["Teams"])


@router.get("/teams")
@guarded(scope=Scope.TEAMS_READ)
def list_teams(request: ApiRequest) -> schemas.Data[list[schemas.Team]]:
    """List the caller's teams, all on one page."""
    return schemas.Data([shapes.team(view) for view in teams_of(request.principal)])


@router.get("/teams/{int:team}")
@guarded(permission=Permission.VIEW_TEAM, find=team_in_path)
def show_team(request: ApiRequest, team: int) -> schemas.Data[schemas.Team]:
    """Show one team with its plan's limits."""
    return schemas.Data(shapes.team(cast("TeamView", request.found.thing)))
