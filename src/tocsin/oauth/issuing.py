"""Codes and tokens as they are made and swapped: each swap happens once, whoever is faster."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from tocsin.kit import clock
from tocsin.oauth import lifetimes
from tocsin.oauth.models import AccessToken, AuthorizationCode, Client, Grant, RefreshToken
from tocsin.oauth.resource import resource_url
from tocsin.oauth.token_text import digest

CODE_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class Pair:
    """An access token of some scopes (separated by spaces) and what follows it."""

    access: str
    refresh: str
    scope: str
    seconds: int


def new_code(grant: Grant, *, redirect_uri: str, challenge: str) -> str:
    """Make a code for a grant, bound to a redirect URI and a PKCE challenge (S256)."""
    code = secrets.token_urlsafe(CODE_BYTES)
    AuthorizationCode.objects.create(
        grant=grant,
        user_id=grant.user_id,
        application_id=grant.client_id,
        code=digest(code),
        expires=clock.now() + lifetimes.CODE,
        redirect_uri=redirect_uri,
        scope=" ".join(grant.scopes),
        code_challenge=challenge,
        code_challenge_method=AuthorizationCode.CODE_CHALLENGE_S256,
        resource=[resource_url()],
    )
    return code


def find_code(text: str, client: Client) -> AuthorizationCode | None:
    """Find a code that was made for a client, used or not."""
    codes = AuthorizationCode.objects.filter(code=digest(text), application=client)
    found: AuthorizationCode | None = codes.select_related("grant", "user").first()
    return found


def find_refresh_token(text: str, client: Client) -> RefreshToken | None:
    """Find a refresh token that was made for a client, used or not."""
    tokens = RefreshToken.objects.filter(token_checksum=digest(text), application=client)
    newest = tokens.order_by(F("revoked").desc(nulls_first=True))
    found: RefreshToken | None = newest.select_related("grant", "user").first()
    return found


def is_usable(held: AuthorizationCode | RefreshToken, now: datetime) -> bool:
    """Say whether an unused code or refresh token can still be swapped."""
    if isinstance(held, AuthorizationCode):
        expires = held.expires
    else:
        expires = held.created + lifetimes.REFRESH
    return bool(expires > now and held.grant.revoked_at is None and held.user.is_active)


@transaction.atomic
def redeem(code: AuthorizationCode, pair: Pair) -> bool:
    """Swap a code for the first pair; False where somebody else has just done it."""
    unused = AuthorizationCode.objects.filter(pk=code.pk, used_at__isnull=True)
    if not unused.update(used_at=clock.now()):
        return False
    _issue(code.grant, pair, family=uuid.uuid4())
    return True


@transaction.atomic
def rotate(held: RefreshToken, pair: Pair) -> bool:
    """Swap a refresh token for the next pair; False where somebody else has just done it."""
    unused = RefreshToken.objects.filter(pk=held.pk, revoked__isnull=True)
    if not unused.update(revoked=clock.now(), access_token=None):
        return False
    AccessToken.objects.filter(pk=held.access_token_id).delete()
    _issue(held.grant, pair, family=held.token_family)
    return True


def _issue(grant: Grant, pair: Pair, *, family: uuid.UUID) -> None:
    owned = {
        "grant": grant,
        "user_id": grant.user_id,
        "application_id": grant.client_id,
        "resource": [resource_url()],
    }
    access = AccessToken.objects.create(
        **owned,
        token_checksum=digest(pair.access),
        scope=pair.scope,
        expires=clock.now() + timedelta(seconds=pair.seconds),
    )
    RefreshToken.objects.create(
        **owned, token_checksum=digest(pair.refresh), access_token=access, token_family=family
    )
