"""What a team's sites are watched by, unless they say otherwise."""

from typing import Annotated, Any

import msgspec
from ninja import Router
from pydantic import WithJsonSchema

from tocsin.access.permissions import Permission
from tocsin.api.bodies import Body
from tocsin.api.guards import ApiRequest, guarded, team_in_path
from tocsin.resources.monitoring_schemas import TeamMonitoring
from tocsin.resources.schemas import Data
from tocsin.sites.monitoring.actions import update_team_monitoring
from tocsin.sites.monitoring.queries import team_monitoring
from tocsin.teams.queries import get_team

router = Router(tags=["Monitoring"])


class MonitoringChange(Body):
    """What to change of a team's settings; a tool that is absent is untouched."""

    # Who judges it is the domain; the description of the API has its schema.
    monitoring_settings: Annotated[
        dict[str, Any], WithJsonSchema({"x-schema": "TeamSettingsPatch"})
    ]


@router.get("/teams/{int:team}/monitoring")
@guarded(permission=Permission.VIEW_MONITORING, find=team_in_path)
def show_team_monitoring(request: ApiRequest, team: int) -> Data[TeamMonitoring]:
    """Show a team's monitoring settings and what there is to choose from."""
    return _shown(request, team)


@router.patch("/teams/{int:team}/monitoring")
@guarded(permission=Permission.UPDATE_MONITORING, find=team_in_path)
def update_monitoring(
    request: ApiRequest, team: int, body: MonitoringChange
) -> Data[TeamMonitoring]:
    """Change a team's monitoring settings; the schedules of all its sites follow."""
    update_team_monitoring(request.principal, get_team(team), body.model_dump())
    return _shown(request, team)


def _shown(request: ApiRequest, team: int) -> Data[TeamMonitoring]:
    return Data(msgspec.convert(team_monitoring(request.principal, team), TeamMonitoring))
