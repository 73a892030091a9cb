"""From a header to a principal."""

import hmac
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.access.conftest import make
from tocsin.access import actions, last_used
from tocsin.access.actions import NewToken
from tocsin.access.credentials import resolve
from tocsin.access.failures import DISABLED, EXPIRED, INVALID, NOTHING_SENT, REVOKED
from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind
from tocsin.kit import clock


def resolved(text: str, audience: TokenKind = TokenKind.API) -> Any:
    return resolve(f"Bearer {text}", audience=audience)


def test_it_finds_the_principal_in_one_query(
    token: NewToken, alice: Any, django_assert_num_queries: Any
) -> None:
    """User, scopes, verified, second factor: all at once."""
    Authenticator.objects.create(user=alice, type="webauthn", data={})
    with django_assert_num_queries(1):
        principal = resolved(token.plaintext)
    assert principal == Principal(
        PrincipalKind.PERSONAL_TOKEN,
        alice.pk,
        frozenset({Scope.TEAMS_READ}),
        token.row.pk,
        has_two_factor=True,
    )


@pytest.mark.parametrize("header", ["bearer {}", "BEARER   {}", "Bearer {} "])
def test_it_reads_the_scheme_in_any_case(header: str, token: NewToken) -> None:
    """RFC 9110: schemes are case-insensitive."""
    found = resolve(header.format(token.plaintext), audience=TokenKind.API)
    assert isinstance(found, Principal)


@pytest.mark.parametrize("header", [None, ""])
def test_it_tells_nothing_sent_from_something_wrong(header: str | None) -> None:
    """Without a header there is no token to call invalid."""
    assert resolve(header, audience=TokenKind.API) is NOTHING_SENT


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=600))
def test_it_refuses_any_other_text_without_a_query(header: str) -> None:
    """No database is marked for this test: a query would fail it."""
    assert resolve(header, audience=TokenKind.API) in {INVALID, NOTHING_SENT}


def test_it_refuses_the_tokens_of_another_door(alice: Any) -> None:
    """API tokens open no MCP, MCP tokens no API."""
    api, mcp = make(alice), make(alice, kind=TokenKind.MCP)
    assert resolved(api.plaintext, TokenKind.MCP) is INVALID
    assert resolved(mcp.plaintext, TokenKind.API) is INVALID
    assert resolved(mcp.plaintext, TokenKind.MCP).kind is PrincipalKind.MCP_TOKEN


def test_it_refuses_what_expired_was_revoked_or_whose_owner_is_disabled(alice: Any) -> None:
    """Each says why."""
    ended = make(alice, expires_at=clock.now())
    assert resolved(ended.plaintext) is EXPIRED
    revoked = make(alice)
    actions.revoke_token(SYSTEM, revoked.row.pk)
    assert resolved(revoked.plaintext) is REVOKED
    live = make(alice)
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)
    assert resolved(live.plaintext) is DISABLED


def test_it_sees_a_revocation_at_once(token: NewToken) -> None:
    """Nothing found is remembered."""
    assert isinstance(resolved(token.plaintext), Principal)
    actions.revoke_token(SYSTEM, token.row.pk)
    assert resolved(token.plaintext) is REVOKED


def test_it_compares_in_constant_time(token: NewToken, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the index found counts only if the constant-time comparison agrees."""
    monkeypatch.setattr(hmac, "compare_digest", lambda *_: False)
    assert resolved(token.plaintext) is INVALID


def test_it_writes_nothing_and_remembers_the_use(
    token: NewToken, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many uses cost one write, later."""
    monkeypatch.setattr(last_used, "uses", last_used.UseBuffer(last_used.write))
    for _ in range(3):
        with django_assert_num_queries(1) as queries:
            resolved(token.plaintext)
        assert queries[0]["sql"].startswith("SELECT")
    assert last_used.uses.flush() == 1
    token.row.refresh_from_db()
    assert token.row.last_used_at is not None
    assert clock.now() - token.row.last_used_at < timedelta(minutes=2)
