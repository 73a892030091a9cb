"""Clients, grants and tokens for the cast."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests.oauth.program import Program
from tocsin.kit import clock
from tocsin.oauth import documents
from tocsin.oauth.endpoints import limits
from tocsin.oauth.models import AccessToken, Client, Grant
from tocsin.oauth.resource import resource_url
from tocsin.oauth.token_text import digest, new_access_token

READS = ("teams:read", "sites:read", "checks:read", "issues:read")
CALLBACK = "https://client.example/callback"


@dataclass(frozen=True)
class Held:
    """An access token as its client holds it, and the rows behind it."""

    text: str
    row: Any
    grant: Grant


GrantTo = Callable[..., Held]


@pytest.fixture
def oauth_client(db: None) -> Any:
    """A public client, as one that registered by itself."""
    return Client.objects.create(
        name="Assistant",
        client_type="public",
        authorization_grant_type="authorization-code",
        redirect_uris=CALLBACK,
        registration_source="dcr",
        client_secret="",
    )


@pytest.fixture
def grant_to(oauth_client: Any) -> GrantTo:
    """Let a client act as somebody; a negative `minutes` lies in the past."""

    def grant_to(
        user: Any,
        scopes: tuple[str, ...] = READS,
        *,
        minutes: int = 60,
        resource: str | None = None,
    ) -> Held:
        text = new_access_token(None)
        grant = Grant.objects.create(user=user, client=oauth_client, scopes=list(scopes))
        row = AccessToken.objects.create(
            user=user,
            grant=grant,
            application=oauth_client,
            scope=" ".join(scopes),
            expires=clock.now() + timedelta(minutes=minutes),
            resource=[resource or resource_url()],
            token_checksum=digest(text),
        )
        return Held(text, row, grant)

    return grant_to


@pytest.fixture
def program(oauth_client: Any) -> Program:
    """What runs on somebody's machine under the client's id."""
    return Program(oauth_client.client_id, CALLBACK)


@pytest.fixture(autouse=True)
def _patient() -> None:
    """Forget how often this machine has tried."""
    for window in (
        limits.failures_an_address,
        limits.registrations_an_address,
        documents.fetches_an_address,
    ):
        window.clear()
