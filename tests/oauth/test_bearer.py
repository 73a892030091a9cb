"""Who acts through an access token, and which tokens do not count."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.oauth.conftest import GrantTo, Held
from tocsin.access import actions, credentials
from tocsin.access.failures import DISABLED, EXPIRED, INVALID, REVOKED, Failure
from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind
from tocsin.kit import clock
from tocsin.oauth import bearer, last_used
from tocsin.oauth.resource import resource_url


def _resolve(text: str) -> bearer.Bearer | Failure:
    return bearer.resolve(text, now=clock.now())


def test_it_finds_who_acts_by_a_token(grant_to: GrantTo, alice: Any) -> None:
    held = grant_to(alice, ("teams:read", "checks:run"))
    found = _resolve(held.text)
    assert isinstance(found, bearer.Bearer)
    assert found.principal == Principal(
        kind=PrincipalKind.OAUTH_GRANT,
        user_id=alice.pk,
        scopes=frozenset({Scope.TEAMS_READ, Scope.CHECKS_RUN}),
        token_id=held.grant.pk,
    )
    assert (found.client_name, found.audience) == ("Assistant", resource_url())


def test_it_sees_what_the_gates_ask_for(grant_to: GrantTo, alice: Any) -> None:
    Authenticator.objects.create(user=alice, type="totp", data={})
    alice.email_verified_at = None
    alice.save()
    found = _resolve(grant_to(alice).text)
    assert isinstance(found, bearer.Bearer)
    assert found.principal.has_two_factor
    assert not found.principal.email_verified


def _expired(grant_to: GrantTo, user: Any) -> Held:
    return grant_to(user, minutes=0)


def _foreign(grant_to: GrantTo, user: Any) -> Held:
    return grant_to(user, resource="https://elsewhere.example/mcp")


def _revoked(grant_to: GrantTo, user: Any) -> Held:
    held = grant_to(user)
    type(held.grant).objects.filter(pk=held.grant.pk).update(revoked_at=clock.now())
    return held


def _deactivated(grant_to: GrantTo, user: Any) -> Held:
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    return grant_to(user)


@pytest.mark.parametrize(
    ("make", "failure"),
    [
        (_expired, EXPIRED),
        (_foreign, bearer.WRONG_AUDIENCE),
        (_revoked, REVOKED),
        (_deactivated, DISABLED),
    ],
)
def test_it_refuses_a_token_that_does_not_count(
    make: Callable[..., Held], failure: Failure, grant_to: GrantTo, alice: Any
) -> None:
    assert _resolve(make(grant_to, alice).text) == failure


@pytest.mark.parametrize("spoil", ["", "toc_oat_", "x", "toc_oat_" + "a" * 46])
def test_it_refuses_what_is_no_token_without_asking_the_database(
    db: None, spoil: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert _resolve(spoil) == INVALID


def test_it_asks_the_database_once(
    grant_to: GrantTo, alice: Any, django_assert_num_queries: Any
) -> None:
    held = grant_to(alice)
    with django_assert_num_queries(1):
        _resolve(held.text)


def test_it_remembers_the_last_use_without_a_write_for_each(
    grant_to: GrantTo, alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    uses = type(last_used.uses)(last_used.write)
    monkeypatch.setattr(last_used, "uses", uses)
    held = grant_to(alice)
    _resolve(held.text)
    assert uses.flush() == 1
    held.grant.refresh_from_db()
    assert clock.now() - held.grant.last_used_at < timedelta(minutes=2)
    _resolve(held.text)
    assert uses.flush() == 0


@pytest.mark.parametrize("audience", list(TokenKind))
def test_no_other_door_takes_it(grant_to: GrantTo, alice: Any, audience: TokenKind) -> None:
    header = f"Bearer {grant_to(alice).text}"
    assert credentials.resolve(header, audience=audience) == INVALID


def test_the_api_refuses_it(grant_to: GrantTo, alice: Any) -> None:
    held = grant_to(alice)
    answer = Client(headers={"authorization": f"Bearer {held.text}"}).get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_token"


@pytest.mark.parametrize("kind", list(TokenKind))
def test_it_refuses_tokens_of_other_doors(alice: Any, kind: TokenKind) -> None:
    made = actions.create_token(SYSTEM, user=alice, kind=kind, name="CI", scopes=[Scope.TEAMS_READ])
    assert _resolve(made.plaintext) == INVALID
