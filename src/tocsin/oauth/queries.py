"""Read what people granted."""

from datetime import datetime

import msgspec
from django.db.models import Exists, OuterRef

from tocsin.access.principal import Principal
from tocsin.access.scopes import Scope
from tocsin.kit import clock
from tocsin.oauth import lifetimes
from tocsin.oauth.models import Grant, RefreshToken


class ConnectedClient(msgspec.Struct, frozen=True):
    """A client as its person sees it, whatever they granted it and how often.

    `scopes` are those of all its `connections`; `created_at` is when the first of them was granted
    and `last_used_at`, which is coarse, when any was used.
    """

    id: int
    name: str
    host: str | None
    scopes: tuple[Scope, ...]
    connections: int
    created_at: datetime
    last_used_at: datetime | None


def connected_clients(principal: Principal) -> list[ConnectedClient]:
    """List the clients that the principal's own grants still let in, the last granted first."""
    live = Grant.objects.owned_by(principal).filter(revoked_at__isnull=True)
    connected = live.filter(has_live_tokens(clock.now())).select_related("client")
    by_client: dict[int, list[Grant]] = {}
    for grant in connected.order_by("-id"):
        by_client.setdefault(grant.client_id, []).append(grant)
    return [_client(grants) for grants in by_client.values()]


def _client(grants: list[Grant]) -> ConnectedClient:
    client = grants[0].client
    granted = {scope for grant in grants for scope in grant.scopes}
    used = [grant.last_used_at for grant in grants if grant.last_used_at is not None]
    return ConnectedClient(
        id=client.pk,
        name=client.name,
        host=client.host,
        scopes=tuple(scope for scope in Scope if scope.value in granted),
        connections=len(grants),
        created_at=min(grant.created_at for grant in grants),
        last_used_at=max(used, default=None),
    )


def has_live_tokens(now: datetime) -> Exists:
    """Return the condition that the client of a grant can still get tokens for it."""
    fresh = RefreshToken.objects.filter(revoked__isnull=True, created__gt=now - lifetimes.REFRESH)
    return Exists(fresh.filter(grant=OuterRef("pk")))
