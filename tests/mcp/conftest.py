"""Calling tools as somebody, without the protocol around them."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.api.conftest import make_check, make_issue
from tocsin.access.credentials import has_two_factor
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.access.scopes import Scope
from tocsin.mcp.operation import Operation
from tocsin.mcp.registry import TOOLS

CallTool = Callable[..., Any]


def principal_of(user: Any, scopes: Iterable[Scope] = tuple(Scope)) -> Principal:
    """Return who acts through an MCP token of a user."""
    from tocsin.accounts.models import User

    row = User.objects.annotate(second=has_two_factor("pk")).get(pk=user.pk)
    return Principal(
        kind=PrincipalKind.MCP_TOKEN,
        user_id=row.pk,
        scopes=frozenset(scopes),
        token_id=1,
        active=row.is_active,
        email_verified=row.email_verified_at is not None,
        has_two_factor=row.second,
    )


def perform(operation: Operation, principal: Principal, arguments: dict[str, Any]) -> Any:
    """Call an operation; return its answer, not what follows it."""
    return operation.perform(principal, operation.read(arguments))[1]


@pytest.fixture
def call() -> CallTool:
    """Call a tool as somebody, by default with all scopes."""

    def calling(
        user: Any, tool: str, scopes: Iterable[Scope] = tuple(Scope), **arguments: Any
    ) -> Any:
        return perform(TOOLS[tool], principal_of(user, scopes), arguments)

    return calling


@pytest.fixture
def named(team: Any, site: Any) -> dict[str, Any]:
    """Something of `team` for every argument that names something."""
    return {
        "team_id": team.pk,
        "site_uuid": str(site.pk),
        "check_uuid": str(make_check(site, automatic=False).pk),
        "issue_uuid": str(make_issue(site).pk),
    }
