"""Tokens that people make for programs. Only a keyed hash of each is kept."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models

from tocsin.access.principal import Principal, PrincipalKind
from tocsin.access.tokens import DISPLAY_LENGTH, TokenKind
from tocsin.kit import clock


class TokenQuerySet(models.QuerySet["Token"]):
    """Selections by the state of a token."""

    def live(self, now: datetime) -> Self:
        """Leave out what is revoked or expired at a moment."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)

    def owned_by(self, principal: Principal) -> Self:
        """Leave out what is not the principal's own; the system owns all."""
        if principal.kind is PrincipalKind.SYSTEM:
            return self
        return self.none() if principal.user_id is None else self.filter(user_id=principal.user_id)


class Token(models.Model):
    """One personal token. Revoked and expired rows stay, to tell their bearers why they fail."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens"
    )
    kind = models.CharField(max_length=3, choices=[(kind.value, kind.value) for kind in TokenKind])
    name = models.CharField(max_length=255)
    scopes = models.JSONField(default=list)
    prefix = models.CharField(max_length=DISPLAY_LENGTH)
    # HMAC-SHA256 in hexadecimal, under the pepper of that number; also serves every look-up.
    digest = models.CharField(max_length=64, unique=True)
    pepper = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_reason = models.CharField(max_length=32, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    reminded_early_at = models.DateTimeField(null=True, blank=True)
    reminded_late_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        indexes = (
            # The housekeeper's: which live tokens end soon.
            models.Index(
                fields=("expires_at",),
                condition=models.Q(revoked_at__isnull=True),
                name="token_expiring",
            ),
        )

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user_id}"


class KeptAnswer(models.Model):
    """What was answered to a request that carried an idempotency key, to be answered again.

    It is written in the transaction of what the request did, so there is never one without the
    other. `fingerprint` is of the whole request; `status` is 0 while it is under way.
    """

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="kept_answers")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("token", "key"), name="kept_answer_once_a_key"),
        )
        # The housekeeper's: what is past its day.
        indexes = (models.Index(fields=("created_at",), name="kept_answer_age"),)

    def __str__(self) -> str:
        return f"{self.status} for {self.token_id}"
