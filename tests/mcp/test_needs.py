"""The scopes that a message needs, read before anything of it runs."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.access.scopes import Scope
from tocsin.mcp.needs import scopes_needed
from tocsin.mcp.registry import TOOLS


def message(method: str, **params: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()


@pytest.mark.parametrize("tool", TOOLS)
def test_it_needs_what_the_tool_needs(tool: str) -> None:
    """For every tool."""
    needed = scopes_needed(message("tools/call", name=tool, arguments={}))
    assert needed == TOOLS[tool].scopes({})
    assert needed


def test_it_needs_more_to_wait() -> None:
    """All scopes of the operation, so that one step-up is enough."""
    waiting = message("tools/call", name="run_check", arguments={"wait": True})
    assert scopes_needed(waiting) == {Scope.CHECKS_RUN, Scope.CHECKS_READ}


@pytest.mark.parametrize(
    ("uri", "scope"),
    [
        ("tocsin://teams/1", Scope.TEAMS_READ),
        ("tocsin://sites/x", Scope.SITES_READ),
        ("tocsin://issues/x", Scope.ISSUES_READ),
    ],
)
def test_it_needs_the_scope_of_a_resource(uri: str, scope: Scope) -> None:
    """By the address alone."""
    assert scopes_needed(message("resources/read", uri=uri)) == {scope}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        message("tools/list"),
        message("tools/call", name="none"),
        message("tools/call", name=["list_teams"]),
        message("resources/read", uri="file:///etc/passwd"),
        b'{"method":"tools/call","params":[]}',
    ],
)
def test_it_needs_nothing_for_what_will_not_run(body: bytes) -> None:
    """The protocol answers these."""
    assert scopes_needed(body) == frozenset()


@given(st.binary(max_size=200))
def test_it_takes_any_bytes(body: bytes) -> None:
    """Never an error."""
    assert scopes_needed(body) <= set(Scope)
