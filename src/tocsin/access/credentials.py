"""From an Authorization header to a principal: one resolver, chosen by prefix, one query.

Nothing found is kept beyond the request, so a revocation counts at once in every process.
"""

import hmac
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, OuterRef, QuerySet

from tocsin.access import last_used, peppers
from tocsin.access.failures import DISABLED, EXPIRED, INVALID, NOTHING_SENT, REVOKED, Failure
from tocsin.access.models import Token
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind, well_formed
from tocsin.kit import clock
from tocsin.kit.prepared import Prepared

MAX_HEADER = 512
PRINCIPAL_KINDS = {
    TokenKind.API: PrincipalKind.PERSONAL_TOKEN,
    TokenKind.MCP: PrincipalKind.MCP_TOKEN,
}
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def resolve(header: str | None, *, audience: TokenKind) -> Principal | Failure:
    """Find out who sends an Authorization header, or why it does not count.

    A token of another audience is refused like an unknown one. Costs one query, none where the
    check characters are wrong. Notes the use in memory; never writes.
    """
    if not header:
        return NOTHING_SENT
    if len(header) > MAX_HEADER:
        return INVALID
    scheme, _, text = header.partition(" ")
    text = text.strip()
    if scheme.lower() != "bearer" or well_formed(text) is not audience:
        return INVALID
    token = _find(text, audience)
    return INVALID if token is None else _judge(token, clock.now())


def has_two_factor(user: str) -> Exists:
    """Return the condition that the user in column `user` has a second factor or a passkey."""
    return Exists(Authenticator.objects.filter(user=OuterRef(user), type__in=SECOND_FACTORS))


class OwnedToken(NamedTuple):
    """A token and what matters of its owner: all that a principal is made of."""

    id: int
    user_id: int
    kind: str
    scopes: list[str]
    digest: str
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    owner_active: bool
    owner_verified_at: datetime | None
    owner_has_two_factor: bool


def with_owner(tokens: QuerySet[Token]) -> QuerySet[Token, Any]:
    """Select the columns of OwnedToken, in one query."""
    owned: QuerySet[Token, Any] = tokens.annotate(
        owner_active=F("user__is_active"),
        owner_verified_at=F("user__email_verified_at"),
        owner_has_two_factor=has_two_factor("user_id"),
    ).values(*OwnedToken._fields)
    return owned


def principal_of(token: OwnedToken) -> Principal:
    """Make the principal that a token acts as."""
    return Principal(
        kind=PRINCIPAL_KINDS[TokenKind(token.kind)],
        user_id=token.user_id,
        scopes=frozenset(Scope(scope) for scope in token.scopes),
        token_id=token.id,
        active=token.owner_active,
        email_verified=token.owner_verified_at is not None,
        has_two_factor=token.owner_has_two_factor,
    )


def failure_of(token: OwnedToken, now: datetime) -> Failure | None:
    """Say why a known token does not count at a moment, or None where it does."""
    if token.revoked_at is not None:
        return REVOKED
    if token.expires_at <= now:
        return EXPIRED
    if not token.owner_active:
        return DISABLED
    return None


def _find(text: str, audience: TokenKind) -> OwnedToken | None:
    digests = peppers.candidate_digests(text)
    row = _by_digests(len(digests)).first(
        audience=str(audience), **{f"digest_{number}": each for number, each in enumerate(digests)}
    )
    if row is None:
        return None
    token = OwnedToken(**row)
    # The index found it; this says so again without telling by its time how much was right.
    return token if any(hmac.compare_digest(token.digest, each) for each in digests) else None


@cache
def _by_digests(count: int) -> Prepared:
    def build(audience: str, **digests: str) -> QuerySet[Token, Any]:
        return with_owner(Token.objects.filter(digest__in=digests.values(), kind=audience))

    digests: dict[str, Any] = {f"digest_{number}": str for number in range(count)}
    return Prepared(build, audience=str, **digests)


def _judge(token: OwnedToken, now: datetime) -> Principal | Failure:
    failure = failure_of(token, now)
    if failure is not None:
        return failure
    last_used.note(token.id, token.last_used_at)
    return principal_of(token)
