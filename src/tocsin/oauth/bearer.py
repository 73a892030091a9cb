"""From an access token to who acts through it: what the MCP endpoint asks for each request.

Nothing found is kept beyond the request, so a revocation counts at once in every process.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from tocsin.access.credentials import has_two_factor
from tocsin.access.failures import DISABLED, EXPIRED, INVALID, REVOKED, Failure
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.access.scopes import Scope
from tocsin.kit.prepared import Prepared
from tocsin.oauth import last_used
from tocsin.oauth.models import AccessToken
from tocsin.oauth.resource import resource_url
from tocsin.oauth.token_text import digest, is_access_token

WRONG_AUDIENCE = Failure("invalid_token", "The token is for another resource.")


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who acts, through which client; the principal carries user and scopes.

    `principal.token_id` is the grant's id: it stays the same while the client refreshes.
    """

    principal: Principal
    client_id: str
    client_name: str
    audience: str
    expires_at: datetime


def resolve(token: str, *, now: datetime) -> Bearer | Failure:
    """Find out who sends an access token (`toc_oat_…`), or why it does not count.

    One query; none where the shape or the check characters are wrong. Notes the use in memory.
    """
    if not is_access_token(token):
        return INVALID
    held = _find(token)
    if held is None:
        return INVALID
    failure = _failure_of(held, now)
    if failure is not None:
        return failure
    last_used.uses.note(held.grant_id, held.last_used_at, now)
    return Bearer(
        principal=_principal_of(held),
        client_id=held.client_identity,
        client_name=held.client_name,
        audience=resource_url(),
        expires_at=held.expires,
    )


class _Held(NamedTuple):
    """A token with its grant, client and owner."""

    grant_id: int
    user_id: int
    scope: str
    resource: list[str]
    expires: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    client_identity: str
    client_name: str
    owner_active: bool
    owner_verified_at: datetime | None
    owner_has_two_factor: bool


def _find(token: str) -> _Held | None:
    row = _by_checksum.first(checksum=digest(token))
    return None if row is None else _Held(**row)


def _build(checksum: str) -> QuerySet[AccessToken, Any]:
    held: QuerySet[AccessToken, Any] = (
        AccessToken.objects.filter(token_checksum=checksum)
        .annotate(
            revoked_at=F("grant__revoked_at"),
            last_used_at=F("grant__last_used_at"),
            client_identity=F("grant__client__client_id"),
            client_name=F("grant__client__name"),
            owner_active=F("user__is_active"),
            owner_verified_at=F("user__email_verified_at"),
            owner_has_two_factor=has_two_factor("user_id"),
        )
        .values(*_Held._fields)
    )
    return held


_by_checksum = Prepared(_build, checksum=str)


def _failure_of(held: _Held, now: datetime) -> Failure | None:
    if held.revoked_at is not None:
        return REVOKED
    if held.expires <= now:
        return EXPIRED
    if resource_url() not in held.resource:
        return WRONG_AUDIENCE
    return None if held.owner_active else DISABLED


def _principal_of(held: _Held) -> Principal:
    return Principal(
        kind=PrincipalKind.OAUTH_GRANT,
        user_id=held.user_id,
        scopes=frozenset(Scope(scope) for scope in held.scope.split()),
        token_id=held.grant_id,
        active=held.owner_active,
        email_verified=held.owner_verified_at is not None,
        has_two_factor=held.owner_has_two_factor,
    )
