"""A token of alice's."""

from typing import Any

import pytest

from tocsin.access import actions
from tocsin.access.actions import NewToken
from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind


def session_of(user: Any) -> Principal:
    """Act as somebody in a browser."""
    return Principal(PrincipalKind.SESSION, user.pk)


def make(user: Any, **more: Any) -> NewToken:
    """Make a token for somebody."""
    fields = {"kind": TokenKind.API, "name": "deploy", "scopes": [Scope.TEAMS_READ], **more}
    return actions.create_token(SYSTEM, user=user, **fields)


@pytest.fixture
def token(alice: Any) -> NewToken:
    """A live token of alice's."""
    return make(alice)
