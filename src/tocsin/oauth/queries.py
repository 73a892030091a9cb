"""Read what people granted."""

from datetime import datetime

import msgspec
from django.db.models import Exists, OuterRef

from tocsin.access.principal import Principal
from tocsin.access.scopes import Scope
from tocsin.kit import clock
from tocsin.oauth import lifetimes
from tocsin.oauth.models import Grant, RefreshToken


class GrantView(msgspec.Struct, frozen=True):
    """A connected client as its person sees it; `last_used_at` is coarse."""

    id: int
    client_name: str
    client_host: str | None
    scopes: tuple[Scope, ...]
    created_at: datetime
    last_used_at: datetime | None


def grants_of(principal: Principal) -> list[GrantView]:
    """List the principal's own grants that still let a client in, newest first."""
    live = Grant.objects.owned_by(principal).filter(revoked_at__isnull=True)
    connected = live.filter(has_live_tokens(clock.now())).select_related("client")
    return [
        GrantView(
            id=grant.pk,
            client_name=grant.client.name,
            client_host=grant.client.host,
            scopes=tuple(Scope(scope) for scope in grant.scopes),
            created_at=grant.created_at,
            last_used_at=grant.last_used_at,
        )
        for grant in connected.order_by("-id")
    ]


def has_live_tokens(now: datetime) -> Exists:
    """Return the condition that the client of a grant can still get tokens for it."""
    fresh = RefreshToken.objects.filter(revoked__isnull=True, created__gt=now - lifetimes.REFRESH)
    return Exists(fresh.filter(grant=OuterRef("pk")))
