"""Clients: those that register by themselves, and the operator's."""

import re
from datetime import datetime
from enum import StrEnum

import msgspec
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import Count

from tocsin.access import tokens
from tocsin.access.principal import Principal
from tocsin.audit.actions import record
from tocsin.kit.errors import NotFound, invalid
from tocsin.kit.text import clean_line
from tocsin.oauth.metadata import ClientMetadata
from tocsin.oauth.models import Client

_POSSIBLE_ID = re.compile(r"[\x20-\x7e]{1,255}", re.ASCII)
SECRET_PREFIX = "toc_ocs_"  # noqa: S105 - where secrets begin


class Source(StrEnum):
    """How a client came to be known."""

    REGISTERED = "dcr"
    DOCUMENT = "cimd"
    OPERATOR = "manual"


class ClientView(msgspec.Struct, frozen=True):
    """A client as operators see it; `grants` counts what people allowed it."""

    client_id: str
    name: str
    source: Source
    redirect_uris: tuple[str, ...]
    created_at: datetime
    grants: int


class NewClient(msgspec.Struct, frozen=True):
    """A client just made. The secret exists nowhere else and cannot be read again."""

    client_id: str
    name: str
    client_secret: str

    def __repr__(self) -> str:
        return f"NewClient({self.client_id})"


@transaction.atomic
def register(principal: Principal, metadata: ClientMetadata) -> Client:
    """Keep a public client that registers by itself (RFC 7591)."""
    client: Client = Client.objects.create(
        name=metadata.name,
        redirect_uris=" ".join(metadata.redirect_uris),
        client_type=Client.CLIENT_PUBLIC,
        authorization_grant_type=Client.GRANT_AUTHORIZATION_CODE,
        registration_source=Source.REGISTERED,
    )
    after = {"name": client.name, "redirect_uris": list(metadata.redirect_uris)}
    record(principal, "oauth_client.registered", f"oauth_client:{client.pk}", after=after)
    return client


@transaction.atomic
def create_confidential(principal: Principal, name: str) -> NewClient:
    """Make a client that may ask whether tokens count, and nothing else. Raises InvalidInput."""
    try:
        name = clean_line(name)
    except ValueError as error:
        raise invalid("name", str(error)) from None
    secret = tokens.make(SECRET_PREFIX)
    client = Client.objects.create(
        name=name,
        client_type=Client.CLIENT_CONFIDENTIAL,
        # A grant that the server does not know: it can get no tokens.
        authorization_grant_type=Client.GRANT_CLIENT_CREDENTIALS,
        client_secret=secret,
        registration_source=Source.OPERATOR,
    )
    record(principal, "oauth_client.created", f"oauth_client:{client.pk}", after={"name": name})
    return NewClient(client_id=client.client_id, name=name, client_secret=secret)


@transaction.atomic
def delete(principal: Principal, client_id: str) -> int:
    """Remove a client with all that people granted it; return how many grants. Raises NotFound."""
    client = Client.objects.filter(client_id=client_id).first()
    if client is None:
        raise NotFound("There is no client with this id.")
    grants: int = client.grants.count()
    before = {"name": client.name, "grants": grants}
    record(principal, "oauth_client.deleted", f"oauth_client:{client.pk}", before=before)
    client.delete()
    return grants


def all_clients() -> list[ClientView]:
    """List all clients, newest first; for operators."""
    return [
        ClientView(
            client_id=client.client_id,
            name=client.name,
            source=Source(client.registration_source),
            redirect_uris=tuple(client.redirect_uris.split()),
            created_at=client.created,
            grants=client.grants_made,
        )
        for client in Client.objects.annotate(grants_made=Count("grants")).order_by("-pk")
    ]


def is_possible_id(client_id: str | None) -> bool:
    """Say whether a client could have this id (RFC 6749, appendix A.1); databases refuse some."""
    return client_id is not None and _POSSIBLE_ID.fullmatch(client_id) is not None


def is_operators(client_id: str, secret: str) -> bool:
    """Say whether these are id and secret of a client that an operator made."""
    if not is_possible_id(client_id):
        return False
    client = Client.objects.filter(
        client_id=client_id,
        client_type=Client.CLIENT_CONFIDENTIAL,
        registration_source=Source.OPERATOR,
    ).first()
    return client is not None and check_password(secret, client.client_secret)
