"""Who the caller is, and by which token."""

from ninja import Router

from tocsin.access.queries import own_token
from tocsin.access.scopes import Scope
from tocsin.accounts.queries import get_user, view_of
from tocsin.api.guards import ApiRequest, guarded
from tocsin.resources import schemas, shapes
from tocsin.teams.queries import teams_of

router = Router(tags=["Identity"])


@router.get("/me")
@guarded(scope=Scope.TEAMS_READ)
def show_me(request: ApiRequest) -> schemas.Data[schemas.Me]:
    """Show the caller and all teams of theirs."""
    principal = request.principal
    user = shapes.user(view_of(get_user(principal.user_id or 0)))
    teams = [shapes.team(view) for view in teams_of(principal)]
    return schemas.Data(schemas.Me(user=user, teams=teams))


@router.get("/token")
@guarded(any_token=True)
def show_token(request: ApiRequest) -> schemas.Data[schemas.Token]:
    """Show the token in use: its name, scopes, and when it expires."""
    return schemas.Data(shapes.token(own_token(request.principal)))
