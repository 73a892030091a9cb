"""Where notifications go."""

from django.db import models
from django.db.models import Q

from tocsin.access.principal import Principal, PrincipalKind
from tocsin.kit import clock
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.teams.models import Team


class DestinationQuerySet(models.QuerySet["Destination"]):
    """Reads of destinations, scoped by construction."""

    def visible_to(self, principal: Principal) -> "DestinationQuerySet":
        """Keep the destinations of the principal's teams; the system sees all."""
        if principal.kind is PrincipalKind.SYSTEM:
            return self
        if principal.user_id is None:
            return self.none()
        return self.filter(team__memberships__user_id=principal.user_id)


class Destination(models.Model):
    """One place that a team's notifications go to.

    `configuration` and the signing secrets are encrypted; `masked` is what people may see of the
    configuration. `events` lists Subscriptions, `tools` those in scope (None: all). The previous
    secret signs as well until `previous_secret_until`. `failing_since` is the first failure after
    the last success; `marked_failing_at` says that its admins were told of it.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="destinations")
    channel = models.CharField(max_length=16, choices=[(each, each) for each in ChannelKind])
    label = models.CharField(max_length=255, blank=True)
    configuration = models.TextField()
    masked = models.TextField()
    events = models.JSONField()
    tools = models.JSONField(null=True)
    enabled = models.BooleanField(default=True)
    secret = models.TextField()
    previous_secret = models.TextField(blank=True)
    previous_secret_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    marked_failing_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = DestinationQuerySet.as_manager()

    class Meta:
        indexes = (
            # Those that have failed for long and that nobody was told of.
            models.Index(
                fields=("failing_since",),
                condition=Q(failing_since__isnull=False, marked_failing_at__isnull=True),
                name="destination_failing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"


class ConfirmedAddress(models.Model):
    """An address of a team's that was asked whether it wants our mails; kept as a keyed hash."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    address_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            # Also serves the look-up of a destination's addresses.
            models.UniqueConstraint(fields=("team", "address_hash"), name="address_asked_once"),
        )

    def __str__(self) -> str:
        return f"address {self.pk} of {self.team_id}"
