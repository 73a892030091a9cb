"""Introspection answers the operator's clients, and nobody else."""

import base64
from typing import Any

import pytest
from django.test import Client as Http

from tests.oauth.conftest import GrantTo
from tocsin.access.principal import SYSTEM
from tocsin.kit import clock
from tocsin.oauth import clients
from tocsin.oauth.clients import NewClient
from tocsin.oauth.models import Client, Grant
from tocsin.oauth.resource import issuer, resource_url


@pytest.fixture
def gateway(db: None) -> NewClient:
    """A client that the operator made."""
    return clients.create_confidential(SYSTEM, "Gateway")


def _ask(token: str | None, client_id: str, secret: str) -> Any:
    proof = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    form = {} if token is None else {"token": token}
    return Http(headers={"authorization": f"Basic {proof}"}).post("/oauth/introspect", form)


def test_it_tells_what_a_token_is_good_for(
    gateway: NewClient, grant_to: GrantTo, alice: Any, oauth_client: Any
) -> None:
    held = grant_to(alice, ("teams:read",))
    answer = _ask(held.text, gateway.client_id, gateway.client_secret)
    assert answer.status_code == 200
    assert answer.json() == {
        "active": True,
        "iss": issuer(),
        "aud": resource_url(),
        "sub": str(alice.pk),
        "client_id": oauth_client.client_id,
        "scope": "teams:read",
        "exp": int(held.row.expires.timestamp()),
        "token_type": "Bearer",
    }


def test_it_takes_the_secret_in_the_body_too(gateway: NewClient) -> None:
    form = {
        "token": "x",
        "client_id": gateway.client_id,
        "client_secret": gateway.client_secret,
    }
    assert Http().post("/oauth/introspect", form).json() == {"active": False}


def test_it_says_nothing_more_of_a_token_that_does_not_count(
    gateway: NewClient, grant_to: GrantTo, alice: Any
) -> None:
    held = grant_to(alice)
    Grant.objects.update(revoked_at=clock.now())
    for token in (held.text, "toc_oat_nothing", "x" * 5000):
        answer = _ask(token, gateway.client_id, gateway.client_secret)
        assert answer.json() == {"active": False}


def test_it_asks_for_the_token(gateway: NewClient) -> None:
    answer = _ask(None, gateway.client_id, gateway.client_secret)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("source", ["dcr", "cimd"])
def test_it_answers_no_client_that_registered_by_itself(
    grant_to: GrantTo, alice: Any, source: str
) -> None:
    held = grant_to(alice)
    own = Client.objects.create(
        client_type="confidential",
        authorization_grant_type="authorization-code",
        registration_source=source,
        client_secret="known",
    )
    answer = _ask(held.text, own.client_id, "known")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer["WWW-Authenticate"].startswith("Basic")


def test_it_answers_nobody_without_the_secret(gateway: NewClient) -> None:
    assert _ask("x", gateway.client_id, "wrong").status_code == 401
    assert _ask("x", gateway.client_id, "").status_code == 401
    assert _ask("x", "a\x00b", "x").status_code == 401
    assert Http().post("/oauth/introspect", {"token": "x"}).status_code == 401
    broken = Http(headers={"authorization": "Basic ?"}).post("/oauth/introspect", {"token": "x"})
    assert broken.status_code == 401


def test_an_operators_client_gets_no_tokens(gateway: NewClient) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": gateway.client_id,
        "client_secret": gateway.client_secret,
    }
    answer = Http().post("/oauth/token", form)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")
