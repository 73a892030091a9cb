"""Tokens for the cast, and a client that carries one."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.test import Client

from tests.api.true_results import of_tool
from tocsin.access import actions
from tocsin.access.actions import NewToken
from tocsin.access.principal import SYSTEM
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind
from tocsin.api import limits
from tocsin.kit import clock
from tocsin.probes.contract import Tool

MakeToken = Callable[..., NewToken]
ClientFor = Callable[..., Client]


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Count from zero in every test."""
    windows = (limits.requests_a_token, limits.failures_an_address, limits.check_runs_a_token)
    for window in windows:
        window.clear()
    yield
    for window in windows:
        window.clear()


@pytest.fixture
def make_token() -> MakeToken:
    """Make a token for somebody, with all scopes unless told otherwise."""

    def make(
        user: Any,
        scopes: Iterable[str] = tuple(Scope),
        kind: TokenKind = TokenKind.API,
        **more: Any,
    ) -> NewToken:
        return actions.create_token(
            SYSTEM, user=user, kind=kind, name="test", scopes=scopes, **more
        )

    return make


@pytest.fixture
def named(team: Any, site: Any) -> dict[str, object]:
    """Something of `team` for every name that a path can have."""
    return {
        "team": team.pk,
        "site": site.pk,
        "check": make_check(site, automatic=False).pk,
        "issue": make_issue(site).pk,
    }


def make_issue(site: Any, **more: Any) -> Any:
    """Make an open issue."""
    from tocsin.issues.models import Issue

    now = clock.now()
    values = {
        "type": "status",
        "fingerprint": "status:down",
        "status": "open",
        "severity": "critical",
        "summary": "It is down.",
        "opened_at": now,
        "first_opened_at": now,
        "last_evaluated_at": now,
    }
    return Issue.objects.create(site=site, team=site.team, **{**values, **more})


def make_check(site: Any, *, automatic: bool = True, **more: Any) -> Any:
    """Make a check that has ended."""
    from tocsin.checks.models import Check

    now = clock.now()
    values = {
        "type": "status",
        "status": "completed",
        "outcome": "ok",
        "run_reason": "scheduled" if automatic else "",
        "scheduled_for": now if automatic else None,
        "vantage": "local",
        "result": of_tool(Tool.STATUS)[0],
        "created_at": now,
        "updated_at": now,
        "completed_at": now,
    }
    return Check.objects.create(site=site, automatic=automatic, **{**values, **more})


def carrying(text: str) -> Client:
    """Return a client that sends this text as its bearer token."""
    return Client(headers={"authorization": f"Bearer {text}"})


@pytest.fixture
def client_for(make_token: MakeToken) -> ClientFor:
    """Return a client that acts as somebody by a new token."""

    def make(user: Any, **more: Any) -> Client:
        return carrying(make_token(user, **more).plaintext)

    return make
