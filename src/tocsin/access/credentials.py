"""From an Authorization header to a principal: one resolver, chosen by prefix, one query.

Nothing found is kept beyond the request, so a revocation counts at once in every process.
"""

import hmac
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, OuterRef, QuerySet

from tocsin.access import last_used, peppers
from tocsin.access.failures import DISABLED, EXPIRED, INVALID, NOTHING_SENT, REVOKED, Failure
from tocsin.access.models import Token
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind, well_formed
from tocsin.kit import clock

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
    row = _find(text, audience)
    return INVALID if row is None else _judge(row, clock.now())


def has_two_factor(user: str) -> Exists:
    """Return the condition that the user in column `user` has a second factor or a passkey."""
    return Exists(Authenticator.objects.filter(user=OuterRef(user), type__in=SECOND_FACTORS))


def with_owner(tokens: QuerySet[Token]) -> QuerySet[Token, Any]:
    """Select what a principal is made of, in one query."""
    return tokens.annotate(
        owner_active=F("user__is_active"),
        owner_verified_at=F("user__email_verified_at"),
        owner_has_two_factor=has_two_factor("user_id"),
    ).values(
        "id",
        "user_id",
        "kind",
        "scopes",
        "digest",
        "expires_at",
        "revoked_at",
        "last_used_at",
        "owner_active",
        "owner_verified_at",
        "owner_has_two_factor",
    )


def principal_of(row: dict[str, Any]) -> Principal:
    """Make the principal of a row of `with_owner`."""
    return Principal(
        kind=PRINCIPAL_KINDS[TokenKind(row["kind"])],
        user_id=row["user_id"],
        scopes=frozenset(Scope(scope) for scope in row["scopes"]),
        token_id=row["id"],
        active=row["owner_active"],
        email_verified=row["owner_verified_at"] is not None,
        has_two_factor=bool(row["owner_has_two_factor"]),
    )


def failure_of(row: dict[str, Any], now: datetime) -> Failure | None:
    """Say why a known token does not count at a moment, or None where it does."""
    if row["revoked_at"] is not None:
        return REVOKED
    if row["expires_at"] <= now:
        return EXPIRED
    if not row["owner_active"]:
        return DISABLED
    return None


def _find(text: str, audience: TokenKind) -> dict[str, Any] | None:
    digests = peppers.candidate_digests(text)
    found = with_owner(Token.objects.filter(digest__in=digests, kind=audience))
    row: dict[str, Any] | None = found.first()
    if row is None or not any(hmac.compare_digest(row["digest"], each) for each in digests):
        return None
    return row


def _judge(row: dict[str, Any], now: datetime) -> Principal | Failure:
    failure = failure_of(row, now)
    if failure is not None:
        return failure
    last_used.note(row["id"], row["last_used_at"])
    return principal_of(row)
