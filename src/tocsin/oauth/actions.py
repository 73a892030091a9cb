"""What people and clients do with grants. Every change is audited in its own transaction."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from tocsin.access.principal import Principal, PrincipalKind
from tocsin.access.scopes import Scope
from tocsin.audit.actions import record
from tocsin.kit import clock, mail
from tocsin.kit.errors import NotFound
from tocsin.oauth.models import AccessToken, Client, Grant, RefreshToken
from tocsin.oauth.token_text import digest, is_token

REVOKED = "revoked"
CODE_REUSED = "code_reused"
REFRESH_REUSED = "refresh_reused"
LEAKED = "leaked"
BY_CLIENT = "client_revoked"


@transaction.atomic
def create_grant(
    principal: Principal, client: Client, scopes: frozenset[Scope], *, redirect_host: str
) -> Grant:
    """Let a client act for the person who says so in a browser, within some scopes.

    Raises NotFound for any other credential: none can hand itself on.
    """
    if principal.kind is not PrincipalKind.SESSION or principal.user_id is None:
        raise NotFound(gettext("Only a person in a browser can let a client in."))
    chosen = [scope.value for scope in Scope if scope in scopes]
    grant = Grant.objects.create(user_id=principal.user_id, client=client, scopes=chosen)
    after = {"client": client.name, "scopes": chosen, "redirect_host": redirect_host}
    record(principal, "oauth_grant.created", f"oauth_grant:{grant.pk}", after=after)
    return grant


@transaction.atomic
def revoke_grant(principal: Principal, grant_id: int, reason: str = REVOKED) -> bool:
    """Revoke one grant of the principal's own, with all its tokens; the system may revoke any.

    Returns whether this call did it: revoking twice is one revocation. Raises NotFound.
    """
    candidates = Grant.objects.filter(pk=grant_id).owned_by(principal)
    if not candidates.exists():
        raise NotFound(gettext("There is no such connected client."))
    return _revoke(principal, candidates, reason) == 1


@transaction.atomic
def disconnect(principal: Principal, client_id: int) -> int:
    """Revoke all that the principal granted a client, and return how many grants that were.

    Raises NotFound where it never granted it anything.
    """
    candidates = Grant.objects.filter(client_id=client_id).owned_by(principal)
    if not candidates.exists():
        raise NotFound(gettext("There is no such connected client."))
    return _revoke(principal, candidates, REVOKED)


@transaction.atomic
def revoke_all(principal: Principal, user: AbstractBaseUser, reason: str) -> None:
    """Revoke every grant of a user."""
    _revoke(principal, Grant.objects.filter(user_id=user.pk), reason)


@transaction.atomic
def revoke_leaked(principal: Principal, texts: Iterable[str]) -> int:
    """Revoke the grants whose tokens were found in the open, tell their people, return how many.

    What is no token of ours, or was revoked before, counts as nothing.
    """
    digests = {digest(text) for text in texts if is_token(text)}
    holding = [
        Exists(tokens.objects.filter(grant=OuterRef("pk"), token_checksum__in=digests))
        for tokens in (AccessToken, RefreshToken)
    ]
    found = Grant.objects.filter(holding[0] | holding[1], revoked_at__isnull=True)
    revoked = 0
    for grant in found.select_related("client", "user"):
        if _revoke(principal, Grant.objects.filter(pk=grant.pk), LEAKED):
            reader = grant.user
            context = {"client": grant.client.name}
            mail.send("oauth/client_leaked", reader.email, context, language=reader.language)
            revoked += 1
    return revoked


def _revoke(principal: Principal, candidates: QuerySet[Grant], reason: str) -> int:
    # The guarded update decides who revoked it when two try at once.
    revoked = 0
    for grant in candidates.filter(revoked_at__isnull=True).select_related("client"):
        unrevoked = Grant.objects.filter(pk=grant.pk, revoked_at__isnull=True)
        if unrevoked.update(revoked_at=clock.now(), revoke_reason=reason):
            before = {"client": grant.client.name, "user": grant.user_id}
            target = f"oauth_grant:{grant.pk}"
            record(
                principal, "oauth_grant.revoked", target, before=before, after={"reason": reason}
            )
            revoked += 1
    return revoked
