"""Read tokens."""

from datetime import datetime

import msgspec
from django.utils.translation import gettext

from tocsin.access.credentials import (
    PRINCIPAL_KINDS,
    OwnedToken,
    failure_of,
    principal_of,
    with_owner,
)
from tocsin.access.failures import Failure
from tocsin.access.models import Token
from tocsin.access.principal import Principal
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind
from tocsin.kit import clock
from tocsin.kit.errors import NotFound

# What acts by a row of the token table; the grant of an OAuth client is numbered elsewhere.
TOKEN_KINDS = frozenset(PRINCIPAL_KINDS.values())


class TokenView(msgspec.Struct, frozen=True):
    """A token as it may be shown; `last_used_at` is coarse."""

    id: int
    kind: TokenKind
    name: str
    scopes: tuple[Scope, ...]
    prefix: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


def tokens_of(principal: Principal, kind: TokenKind) -> list[TokenView]:
    """List the principal's own live tokens of a kind, newest first."""
    live = Token.objects.owned_by(principal).live(clock.now())
    return [_view(token) for token in live.filter(kind=kind).order_by("-id")]


def own_token(principal: Principal) -> TokenView:
    """Return the token that the principal acts by. Raises NotFound for other credentials."""
    acting = principal.token_id if principal.kind in TOKEN_KINDS else None
    token = None if acting is None else Token.objects.filter(pk=acting).first()
    if token is None:
        raise NotFound(gettext("This credential is not a token."))
    return _view(token)


def principal_of_token(token_id: int) -> Principal | Failure:
    """Return the principal that a token acts as, or why the token does not count; to explain.

    Raises NotFound.
    """
    row = with_owner(Token.objects.filter(pk=token_id)).first()
    if row is None:
        raise NotFound(gettext("There is no such token."))
    token = OwnedToken(**row)
    return failure_of(token, clock.now()) or principal_of(token)


def _view(token: Token) -> TokenView:
    return TokenView(
        id=token.pk,
        kind=TokenKind(token.kind),
        name=token.name,
        scopes=tuple(Scope(scope) for scope in token.scopes),
        prefix=token.prefix,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=token.last_used_at,
    )
