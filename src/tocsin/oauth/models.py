"""Clients, what people granted them, and the tokens that came of it.

All but `Grant` are the toolkit's models, swapped for ours. A token and a code belong to the grant
that they came of, and are worth nothing once it is revoked. `user` stands anew on each of them only
to leave no name behind on people.
"""

from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from oauth2_provider.models import (
    AbstractAccessToken,
    AbstractApplication,
    AbstractDeviceGrant,
    AbstractGrant,
    AbstractIDToken,
    AbstractRefreshToken,
)

from tocsin.access.principal import Principal, PrincipalKind
from tocsin.kit import clock
from tocsin.oauth import redirects


class Client(AbstractApplication):  # type: ignore[misc] # the toolkit has no types
    """A program that asks people for access: registered by itself, a document, or an operator."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it; a public client has no secret, so none is made up and hashed for it."""
        if self.client_type == self.CLIENT_PUBLIC:
            self.client_secret, self.hash_client_secret = "", False
        super().save(*args, **kwargs)

    def redirect_uri_allowed(self, uri: str) -> bool:
        """Say whether people may be sent to a URI: one that was registered, to the character."""
        return any(redirects.matches(uri, each) for each in self.redirect_uris.split())

    @property
    def host(self) -> str | None:
        """Return the host whose document vouches for it; None where nothing but itself does."""
        if self.registration_source != self.RegistrationSource.CIMD:
            return None
        return urlsplit(self.client_id).hostname

    @property
    def is_loopback_only(self) -> bool:
        """Tell whether it lives on people's own machines, where any program could pose as it."""
        return all(redirects.is_loopback(each) for each in self.redirect_uris.split())


class GrantQuerySet(models.QuerySet["Grant"]):
    """Reads of grants."""

    def owned_by(self, principal: Principal) -> Self:
        """Leave out what is not the principal's own; the system owns all."""
        if principal.kind is PrincipalKind.SYSTEM:
            return self
        return self.none() if principal.user_id is None else self.filter(user_id=principal.user_id)


class Grant(models.Model):
    """What one person allowed one client, once. Revoked rows stay a while, to tell why."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="oauth_grants"
    )
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="grants")
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoke_reason = models.CharField(max_length=32, blank=True)

    objects = GrantQuerySet.as_manager()

    def __str__(self) -> str:
        return f"grant {self.pk} of {self.user_id} to {self.client_id}"


class AuthorizationCode(AbstractGrant):  # type: ignore[misc]
    """What a client swaps for its first tokens, once. `code` is a digest.

    A used one is kept while it could still be valid, so that a second use is noticed.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)


class AccessToken(AbstractAccessToken):  # type: ignore[misc]
    """A bearer token for the MCP endpoint; `token` is empty, only a checksum is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="+")


class RefreshToken(AbstractRefreshToken):  # type: ignore[misc]
    """What a client swaps for the next pair; used ones are kept, so that reuse is noticed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="+")


class IDToken(AbstractIDToken):  # type: ignore[misc]
    """Never made: the toolkit needs it beside the other tokens."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )


class DeviceGrant(AbstractDeviceGrant):  # type: ignore[misc]
    """Never made: nobody is offered this flow, and the toolkit needs its model."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
