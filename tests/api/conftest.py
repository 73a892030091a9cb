"""Tokens for the cast, and a client that carries one."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.test import Client

from tocsin.access import actions
from tocsin.access.actions import NewToken
from tocsin.access.principal import SYSTEM
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind
from tocsin.api import limits

MakeToken = Callable[..., NewToken]
ClientFor = Callable[..., Client]


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Count from zero in every test."""
    limits.requests_a_token.clear()
    limits.failures_an_address.clear()
    yield
    limits.requests_a_token.clear()
    limits.failures_an_address.clear()


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


def carrying(text: str) -> Client:
    """Return a client that sends this text as its bearer token."""
    return Client(headers={"authorization": f"Bearer {text}"})


@pytest.fixture
def client_for(make_token: MakeToken) -> ClientFor:
    """Return a client that acts as somebody by a new token."""

    def make(user: Any, **more: Any) -> Client:
        return carrying(make_token(user, **more).plaintext)

    return make
