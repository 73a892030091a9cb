"""Make and revoke tokens. Every change is audited in its own transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from tocsin.access import peppers, tokens
from tocsin.access.lifetime import expiry_of
from tocsin.access.models import Token
from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.access.scopes import MCP_SCOPES, Scope
from tocsin.access.tokens import TokenKind
from tocsin.audit import actions as audit
from tocsin.kit import clock, mail
from tocsin.kit.errors import LimitReached, NotFound, invalid
from tocsin.kit.text import clean_line

MAX_LIVE_TOKENS = 50
LEAKED = "leaked"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made. `plaintext` exists nowhere else and cannot be read again."""

    row: Token
    plaintext: str

    def __repr__(self) -> str:
        return f"NewToken({self.row})"


@transaction.atomic
def create_token(
    principal: Principal,
    *,
    user: AbstractBaseUser,
    kind: TokenKind,
    name: str,
    scopes: Iterable[str],
    expires_at: datetime | None = None,
) -> NewToken:
    """Make a token for a user.

    Without `expires_at` it lives for six calendar months, and people may only shorten that; the
    system may give any moment, a past one too. Raises InvalidInput and LimitReached, and NotFound
    where somebody makes one for another.
    """
    _only_own(principal, user.pk)
    name, chosen = _clean_name(name), _clean_scopes(kind, scopes)
    now = clock.now()
    if principal.kind is not PrincipalKind.SYSTEM and expires_at and expires_at > expiry_of(now):
        raise invalid("expires_at", gettext("A token lives for six months at most."))
    _lock(user.pk)
    if Token.objects.live(now).filter(user_id=user.pk).count() >= MAX_LIVE_TOKENS:
        raise LimitReached(
            gettext("Revoke a token first: %(most)s is the most one user may have.")
            % {"most": MAX_LIVE_TOKENS}
        )
    plaintext = tokens.generate(kind)
    pepper, digest = peppers.current_digest(plaintext)
    row = Token.objects.create(
        user_id=user.pk,
        kind=kind,
        name=name,
        scopes=chosen,
        prefix=tokens.display_prefix(plaintext),
        digest=digest,
        pepper=pepper,
        created_at=now,
        expires_at=expires_at or expiry_of(now),
    )
    after = {"kind": kind, "name": name, "scopes": chosen, "expires_at": row.expires_at}
    audit.record(principal, "token.created", f"token:{row.pk}", after=after)
    return NewToken(row, plaintext)


@transaction.atomic
def revoke_token(principal: Principal, token_id: int, reason: str = "revoked") -> bool:
    """Revoke one token of the principal's own; the system may revoke any.

    Returns whether this call did it: revoking twice is one revocation. Raises NotFound.
    """
    candidates = Token.objects.filter(pk=token_id).owned_by(principal)
    if not candidates.exists():
        raise NotFound(gettext("There is no such token."))
    return _revoke(principal, candidates, reason) == 1


@transaction.atomic
def revoke_all(user: AbstractBaseUser, reason: str, *, principal: Principal = SYSTEM) -> int:
    """Revoke every live token of a user; return how many."""
    return _revoke(principal, Token.objects.filter(user_id=user.pk), reason)


@transaction.atomic
def revoke_leaked(texts: Iterable[str], *, principal: Principal = SYSTEM) -> int:
    """Revoke the tokens whose texts were found in the open, tell their owners, return how many.

    What is no token of ours, or was revoked before, counts as nothing.
    """
    digests = [
        digest
        for text in {text.strip() for text in texts}
        if tokens.well_formed(text) is not None
        for digest in peppers.candidate_digests(text)
    ]
    found = Token.objects.filter(digest__in=digests, revoked_at__isnull=True)
    leaked = [
        token
        for token in found.select_related("user")
        if _revoke(principal, Token.objects.filter(pk=token.pk), LEAKED)
    ]
    for token in leaked:
        reader = token.user
        mail.send("access/token_leaked", reader.email, {"token": token}, language=reader.language)
    return len(leaked)


def _revoke(principal: Principal, candidates: QuerySet[Token], reason: str) -> int:
    # The guarded update decides who revoked it when two try at once.
    revoked = 0
    for token in candidates.filter(revoked_at__isnull=True):
        unrevoked = Token.objects.filter(pk=token.pk, revoked_at__isnull=True)
        if unrevoked.update(revoked_at=clock.now(), revoke_reason=reason):
            before = {"name": token.name, "user": token.user_id}
            after = {"reason": reason}
            audit.record(
                principal, "token.revoked", f"token:{token.pk}", before=before, after=after
            )
            revoked += 1
    return revoked


def _only_own(principal: Principal, user_id: int) -> None:
    if principal.kind is PrincipalKind.SYSTEM:
        return
    if principal.kind is not PrincipalKind.SESSION or principal.user_id != user_id:
        raise NotFound(gettext("There is no such user."))


def _clean_name(name: str) -> str:
    try:
        return clean_line(name)
    except ValueError as error:
        raise invalid("name", str(error)) from None


def _clean_scopes(kind: TokenKind, scopes: Iterable[str]) -> list[str]:
    offered = MCP_SCOPES if kind is TokenKind.MCP else frozenset(Scope)
    wanted = set(scopes)
    unknown = sorted(wanted - {str(scope) for scope in offered})
    if unknown:
        sentence = gettext("There is no scope %(scope)s for this kind of token.")
        raise invalid("scopes", sentence % {"scope": repr(unknown[0][:32])})
    if not wanted:
        raise invalid("scopes", gettext("Choose at least one scope."))
    return [str(scope) for scope in Scope if scope in wanted]


def _lock(user_id: int) -> None:
    # Two requests at once for the last place wait for each other here.
    get_user_model().objects.select_for_update().filter(pk=user_id).values_list("pk").first()
