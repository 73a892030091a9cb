"""The ledger: what is owed to which destination, and every attempt to deliver it."""

from django.db import models
from django.db.models import Q

from tocsin.access.principal import Principal, PrincipalKind
from tocsin.kit import clock, ids
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.messages import AttemptError, Gathering
from tocsin.notifications.models.destinations import Destination
from tocsin.notifications.models.occurrences import Occurrence
from tocsin.notifications.vocabulary import ON_THE_WAY, DeliveryStatus, Reason
from tocsin.teams.models import Team


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Reads of the ledger, scoped by construction."""

    def visible_to(self, principal: Principal) -> "DeliveryQuerySet":
        """Keep the deliveries of the principal's teams; the system sees all."""
        if principal.kind is PrincipalKind.SYSTEM:
            return self
        if principal.user_id is None:
            return self.none()
        return self.filter(team__memberships__user_id=principal.user_id)

    def first_in_line(self, *, of: Q | None = None) -> "DeliveryQuerySet":
        """Keep those that need not wait for an earlier one of the same issue and destination.

        `of` says which of the earlier ones count; all by default.
        """
        earlier = Delivery.objects.filter(
            of or Q(),
            destination=models.OuterRef("destination"),
            subject=models.OuterRef("subject"),
            occurrence__lt=models.OuterRef("occurrence"),
            status__in=ON_THE_WAY,
        )
        return self.filter(~models.Exists(earlier))


class Delivery(models.Model):
    """One message owed to one destination.

    It outlives its destination: `destination` may name one that is gone, `channel` and `to`
    (masked) say what it was. `subject` is the issue (or what a drill made up) whose messages
    arrive in order. `tries` counts the attempts since it was queued, which is fewer than its
    attempts where somebody sent it again. Somebody sends it until `leased_until`.
    A delivery with `folded_into` is told by another's message, whose end is also its own.
    """

    uuid = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="deliveries")
    occurrence = models.ForeignKey(
        Occurrence, on_delete=models.CASCADE, related_name="deliveries", db_index=False
    )
    destination = models.ForeignKey(
        Destination,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="deliveries",
    )
    channel = models.CharField(max_length=16, choices=[(each, each) for each in ChannelKind])
    to = models.TextField()
    subject = models.UUIDField()
    status = models.CharField(max_length=10, choices=[(each, each) for each in DeliveryStatus])
    reason = models.CharField(max_length=24, blank=True, choices=[(each, each) for each in Reason])
    next_attempt_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    folded_into = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, db_index=False, related_name="members"
    )
    gathering = models.CharField(
        max_length=12, blank=True, choices=[(each, each) for each in Gathering]
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    delivered_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = (
            # Every event × destination is owed exactly once.
            models.UniqueConstraint(
                fields=("occurrence", "destination"), name="delivery_owed_once"
            ),
        )
        indexes = (
            # The queue: what is due, and when the next is.
            models.Index(
                fields=("next_attempt_at",),
                condition=Q(status__in=["pending", "deferred"], next_attempt_at__isnull=False),
                name="delivery_due",
            ),
            # Whether an earlier message of the same issue is still on its way.
            models.Index(
                fields=("destination", "subject", "occurrence"),
                condition=Q(status__in=["pending", "deferred"]),
                name="delivery_in_order",
            ),
            # An issue's deliveries, newest first; what a destination was told of its cycle.
            models.Index(fields=("subject", "-uuid"), name="delivery_subject_newest"),
            # What a destination was owed last.
            models.Index(fields=("destination", "-uuid"), name="delivery_destination_newest"),
            # A team's ledger, newest first.
            models.Index(fields=("team", "-uuid"), name="delivery_team_newest"),
            # What one message tells besides its own.
            models.Index(
                fields=("folded_into",),
                condition=Q(folded_into__isnull=False),
                name="delivery_members",
            ),
        )

    def __str__(self) -> str:
        return f"{self.uuid} {self.status}"


class DeliveryAttempt(models.Model):
    """One attempt, as `messages.Attempt` says how it ended. `at` is when it began."""

    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="attempts", db_index=False
    )
    destination = models.ForeignKey(
        Destination,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    status_code = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(
        max_length=20, blank=True, choices=[(each, each) for each in AttemptError]
    )
    detail = models.TextField(blank=True)
    address = models.CharField(max_length=64, blank=True)
    answer = models.TextField(blank=True)
    reached = models.JSONField(default=list)

    class Meta:
        indexes = (
            # A delivery's attempts, in order.
            models.Index(fields=("delivery", "id"), name="attempt_of_delivery"),
            # How many messages a destination got within the last minute.
            models.Index(fields=("destination", "at"), name="attempt_rate"),
        )

    def __str__(self) -> str:
        return f"{self.delivery_id} at {self.at}"
