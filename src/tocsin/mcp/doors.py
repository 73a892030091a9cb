"""The two doors to one server; contract, section 9."""

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.access.failures import Failure
from tocsin.access.scopes import Scope

# What a client is told to ask for at first; a step-up names what an operation needs besides.
FIRST_SCOPES = (
    Scope.TEAMS_READ,
    Scope.SITES_READ,
    Scope.CHECKS_READ,
    Scope.ISSUES_READ,
    Scope.CHECKS_RUN,
)


@dataclass(frozen=True, slots=True)
class Door:
    """A path, and whether it invites clients to OAuth.

    Some clients drop a token that was configured as soon as a server offers OAuth, so that one
    door must not.
    """

    path: str
    takes_oauth: bool


OAUTH = Door("/mcp", takes_oauth=True)
TOKEN = Door("/mcp/token", takes_oauth=False)
DOORS = {door.path: door for door in (OAUTH, TOKEN)}


def unauthenticated(door: Door, failure: Failure, base_url: str) -> str:
    """Return the challenge of a credential that does not count (RFC 6750, RFC 9728)."""
    parts = [] if door.takes_oauth else ['realm="tocsin"']
    if failure.presented:
        parts += ['error="invalid_token"', f'error_description="{failure.description}"']
    return _challenge(door, parts, FIRST_SCOPES, base_url)


def insufficient_scope(door: Door, scopes: Iterable[Scope], base_url: str) -> str:
    """Return the challenge of a token that lacks one of the scopes of an operation."""
    parts = [
        'error="insufficient_scope"',
        'error_description="This operation needs more scopes."',
    ]
    if not door.takes_oauth:
        parts.append(f'scope="{_joined(scopes)}"')
    return _challenge(door, parts, scopes, base_url)


def _challenge(door: Door, parts: list[str], scopes: Iterable[Scope], base_url: str) -> str:
    if door.takes_oauth:
        metadata = f"{base_url}/.well-known/oauth-protected-resource{door.path}"
        parts = [*parts, f'resource_metadata="{metadata}"', f'scope="{_joined(scopes)}"']
    return f"Bearer {', '.join(parts)}"


def _joined(scopes: Iterable[Scope]) -> str:
    wanted = set(scopes)
    return " ".join(scope for scope in Scope if scope in wanted)
