"""One thing that an AI client may do: its arguments, its answer, its gates and its function.

    @operation(title="Show a site", permission=Permission.VIEW_SITES, find=site_named)
    def get_site(call: Call[SiteArguments]) -> Answer[Site]:
        \"\"\"What the client reads before it chooses the tool.\"\"\"

Gates are declared, as on every other door; `perform` asks them before the function runs.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import Any, Generic, TypeVar, get_args, get_type_hints

import msgspec

from tocsin.access.gates import Standing, Verdict, judge, judge_credential
from tocsin.access.permissions import SCOPE_OF_PERMISSION, Permission
from tocsin.access.principal import Principal
from tocsin.access.scopes import Scope

Arguments = TypeVar("Arguments", bound=msgspec.Struct)


class RefusedError(Exception):
    """A gate refused."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict.code)


@dataclass(frozen=True, slots=True)
class Found:
    """What the arguments name, and where the principal stands in the team that owns it."""

    standing: Standing
    thing: Any


Find = Callable[[Principal, Any], Found | None]


@dataclass(frozen=True, slots=True)
class Call(Generic[Arguments]):
    """One call: who, with what, and what the gates found on the way."""

    principal: Principal
    arguments: Arguments
    thing: Any = None


# Tells how far long work has come: what is done, of how much, and in words.
Report = Callable[[float, float, str], Awaitable[None]]
Follow = Callable[[Call[Any], Any, Report], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Operation:
    """A declared function. `follow` goes on after it, without a thread, where a call waits."""

    name: str
    title: str
    description: str
    arguments: type[msgspec.Struct]
    answer: Any
    run: Callable[[Call[Any]], Any]
    permission: Permission | None
    scope: Scope | None
    find: Find | None
    read_only: bool
    follow: Follow | None = None
    # Scopes that a call needs besides, where an argument of this name is true.
    also: Mapping[str, Scope] = field(default_factory=dict)

    def scopes(self, arguments: Mapping[str, Any]) -> frozenset[Scope]:
        """Return all scopes that a call with these arguments needs."""
        own = self.scope if self.permission is None else SCOPE_OF_PERMISSION[self.permission]
        more = {scope for name, scope in self.also.items() if arguments.get(name) is True}
        return frozenset(more | ({own} if own is not None else set()))

    def read(self, arguments: Mapping[str, Any]) -> msgspec.Struct:
        """Turn what a client sent into arguments. Raises msgspec.ValidationError."""
        return msgspec.convert(arguments, self.arguments)

    def perform(self, principal: Principal, arguments: msgspec.Struct) -> tuple[Call[Any], Any]:
        """Ask the gates, then run. Raises RefusedError and what the domain raises."""
        for scope in self.scopes(msgspec.structs.asdict(arguments)):
            _demand(judge_credential(principal, scope=scope))
        thing = self._judged(principal, arguments)
        call = Call(principal, arguments, thing)
        return call, self.run(call)

    def _judged(self, principal: Principal, arguments: msgspec.Struct) -> Any:
        if self.find is None:
            return None
        found = self.find(principal, arguments)
        standing = None if found is None else found.standing
        _demand(judge(principal, permission=self.permission, standing=standing))
        return None if found is None else found.thing


def operation(
    *,
    title: str,
    permission: Permission | None = None,
    scope: Scope | None = None,
    find: Find | None = None,
    read_only: bool = True,
    follow: Follow | None = None,
    also: Mapping[str, Scope] | None = None,
) -> Callable[[Callable[[Call[Any]], Any]], Operation]:
    """Declare a function as an operation: `permission` with `find`, or a `scope` alone.

    Name, description and schemas follow from the function's name, docstring and annotations.
    """
    if (permission is None) == (scope is None) or (permission is None) != (find is None):
        raise TypeError("declare a permission with the way to what it is for, or a scope")

    def declare(function: Callable[[Call[Any]], Any]) -> Operation:
        hints = get_type_hints(function)
        (arguments,) = get_args(hints["call"])
        return Operation(
            name=function.__name__,
            title=title,
            description=cleandoc(function.__doc__ or ""),
            arguments=arguments,
            answer=hints["return"],
            run=function,
            permission=permission,
            scope=scope,
            find=find,
            read_only=read_only,
            follow=follow,
            also=also or {},
        )

    return declare


def demand_in_team(principal: Principal, permission: Permission, standing: Standing | None) -> None:
    """Ask the gates of a team that only the arguments' meaning names. Raises RefusedError."""
    _demand(judge(principal, permission=permission, standing=standing))


def _demand(verdict: Verdict) -> None:
    if not verdict.allowed:
        raise RefusedError(verdict)
