"""Resources: a team, a site or an issue under an address of its own."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from mcp_types import Resource, ResourceTemplate

from tocsin.access.principal import Principal
from tocsin.access.scopes import Scope
from tocsin.mcp.operation import Operation
from tocsin.mcp.tools import issues, sites, teams
from tocsin.teams.queries import teams_of

MIME = "application/json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of resource: its address ends with the one argument of an operation."""

    prefix: str
    argument: str
    read: Operation
    value: Callable[[str], Any] = str

    @property
    def template(self) -> str:
        """Return the address as a URI template (RFC 6570)."""
        return f"{self.prefix}{{{self.argument}}}"

    def arguments(self, uri: str) -> dict[str, Any] | None:
        """Return the operation's arguments, None where the address is not of this kind."""
        if not uri.startswith(self.prefix):
            return None
        text = uri.removeprefix(self.prefix)
        return {self.argument: self.value(text)} if text else None


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,19}", text) else 0


KINDS = (
    Kind("tocsin://teams/", "team_id", teams.get_team, _number),
    Kind("tocsin://sites/", "site_uuid", sites.get_site),
    Kind("tocsin://issues/", "issue_uuid", issues.get_issue),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """An operation and its arguments, which together read a resource."""

    operation: Operation
    arguments: msgspec.Struct


def reading(uri: str) -> Reading | None:
    """Return how to read an address, None where there can be nothing under it."""
    for kind in KINDS:
        arguments = kind.arguments(uri)
        if arguments is None:
            continue
        try:
            return Reading(kind.read, kind.read.read(arguments))
        except msgspec.ValidationError:
            return None
    return None


def templates() -> list[ResourceTemplate]:
    """List the kinds of resources."""
    return [
        ResourceTemplate(
            uri_template=kind.template,
            name=kind.read.name.removeprefix("get_"),
            title=kind.read.title,
            description=kind.read.description,
            mime_type=MIME,
        )
        for kind in KINDS
    ]


def resources(principal: Principal) -> list[Resource]:
    """List the principal's teams, by number: a list carries no words of other people."""
    if principal.scopes is not None and Scope.TEAMS_READ not in principal.scopes:
        return []
    return [
        Resource(
            uri=f"tocsin://teams/{team.id}",
            name=f"team-{team.id}",
            title=f"Team {team.id}",
            mime_type=MIME,
        )
        for team in teams_of(principal)
    ]
