"""Gates, declared on the handler: which scope, which permission, and how to find the team.

    @router.get("/teams/{int:team}")
    @guarded(permission=Permission.VIEW_TEAM, find=team_in_path)
    def show_team(request: ApiRequest, team: int) -> …

A guard runs before anything of the request is parsed, so that nobody learns from a 422 what a gate
would have kept from them. A test walks every route and fails where there is none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import HttpRequest
from ninja.constants import NOT_SET
from ninja.utils import contribute_operation_callback

from tocsin.access.gates import Standing, Verdict, judge, judge_credential
from tocsin.access.permissions import SCOPE_OF_PERMISSION, Permission
from tocsin.access.principal import Principal
from tocsin.access.scopes import Scope
from tocsin.api import bodies, errors, limits
from tocsin.api.idempotency import idempotent
from tocsin.kit.errors import NotFound
from tocsin.kit.throttle import SlidingWindow
from tocsin.teams.queries import standing_in, team_of

if TYPE_CHECKING:
    from ninja.operation import Operation

Handler = TypeVar("Handler", bound=Callable[..., Any])

MOST_ID = 2**63 - 1
NO_CONTENT = 204


@dataclass(frozen=True, slots=True)
class Found:
    """What a path names, and where the principal stands in the team that owns it."""

    standing: Standing
    thing: object


Find = Callable[[Principal, Mapping[str, Any]], Found | None]


class ApiRequest(HttpRequest):
    """A request that came through the door and its guard; `found` where the guard looked."""

    principal: Principal
    found: Found


def team_in_path(principal: Principal, path: Mapping[str, Any]) -> Found | None:
    """Find the team (a TeamView) that the path names as `team`. One query."""
    team_id: int = path["team"]
    if team_id > MOST_ID:
        return None
    try:
        team = team_of(principal, team_id)
    except NotFound:
        return None
    standing = standing_in(team)
    return None if standing is None else Found(standing, team)


@dataclass(eq=False)
class Guard:
    """What one operation asks of who calls it; callable as the framework's `auth`."""

    permission: Permission | None = None
    scope: Scope | None = None
    find: Find | None = None
    needs_plan: bool = True
    limit: SlidingWindow | None = None
    success: int = 200
    query_names: frozenset[str] = frozenset()
    takes_body: bool = False

    @property
    def required_scope(self) -> Scope | None:
        """Return the scope that a token needs here; None where any token will do."""
        return self.scope if self.permission is None else SCOPE_OF_PERMISSION[self.permission]

    def attach(self, operation: "Operation") -> None:
        """Stand before an operation, and learn which names it knows."""
        operation.auth_param = self
        operation.auth_callbacks = [self]
        if "POST" in operation.methods:
            operation.view_func = idempotent(operation.view_func, self.success)
        operation.response_models = {self.success: None if self.success == NO_CONTENT else NOT_SET}
        self.query_names = frozenset(_names(operation, "query"))
        self.takes_body = any(_source(model) == "body" for model in operation.models)

    def __call__(self, request: ApiRequest) -> bool:
        """Let the request pass, or raise what the contract answers instead."""
        self._judge(request)
        if self.limit is not None:
            _count(request, self.limit)
        unknown = [name for name in request.GET if name not in self.query_names]
        if unknown:
            raise errors.unknown_fields(unknown, "query parameter")
        if self.takes_body:
            bodies.check(request)
        return True

    def _judge(self, request: ApiRequest) -> None:
        principal = request.principal
        _demand(judge_credential(principal, permission=self.permission, scope=self.scope))
        if self.find is None:
            return
        match = request.resolver_match
        found = self.find(principal, {} if match is None else match.kwargs)
        standing = None if found is None else found.standing
        _demand(
            judge(
                principal,
                permission=self.permission,
                standing=standing,
                needs_plan=self.needs_plan,
            )
        )
        if found is not None:
            request.found = found


def guarded(
    *,
    permission: Permission | None = None,
    scope: Scope | None = None,
    any_token: bool = False,
    find: Find | None = None,
    needs_plan: bool = True,
    limit: SlidingWindow | None = None,
    success: int = 200,
) -> Callable[[Handler], Handler]:
    """Declare the gates of a handler.

    Exactly one of `permission` (with `find`, the way to what the path names), `scope` (nothing of a
    team) or `any_token`. `limit` is a throttle of the route's own, a token; `success` the status
    of its answer.
    """
    if [permission is not None, scope is not None, any_token].count(True) != 1:
        raise TypeError("declare one of permission, scope, any_token")
    if (permission is None) != (find is None):
        raise TypeError("a permission needs something to have it for, and the other way round")
    guard = Guard(permission, scope, find, needs_plan, limit, success)

    def declare(handler: Handler) -> Handler:
        contribute_operation_callback(handler, guard.attach)
        return handler

    return declare


def _demand(verdict: Verdict) -> None:
    if not verdict.allowed:
        raise errors.RefusedError(verdict)


def _count(request: ApiRequest, limit: SlidingWindow) -> None:
    quota = limit.hit(str(request.principal.token_id))
    limits.note(request, quota)
    if not quota.allowed:
        raise errors.TooOftenError(quota)


def _names(operation: "Operation", source: str) -> list[str]:
    return [
        name
        for model in operation.models
        if _source(model) == source
        for name in getattr(model, "__ninja_flatten_map__", model.model_fields)
    ]


def _source(model: Any) -> str:
    return str(model.__ninja_param_source__)
