"""Teams, who belongs to them, and who is asked to."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from tocsin.access.principal import Principal, PrincipalKind
from tocsin.access.roles import Role
from tocsin.kit import clock

ROLE_CHOICES = [(role.value, role.value) for role in Role]


class PlanState(models.TextChoices):
    """Whether a plan may be used. Past due counts as active for 14 days."""

    ACTIVE = "active", gettext_lazy("Active")
    TRIALING = "trialing", gettext_lazy("Trialing")
    PAST_DUE = "past_due", gettext_lazy("Past due")
    INACTIVE = "inactive", gettext_lazy("Inactive")


class TeamQuerySet(models.QuerySet["Team"]):
    """Reads of teams."""

    def visible_to(self, principal: Principal) -> "TeamQuerySet":
        """Keep the teams that the principal belongs to; the system sees all."""
        if principal.kind is PrincipalKind.SYSTEM:
            return self
        return self.filter(memberships__user_id=principal.user_id or 0)


class Team(models.Model):
    """Owns sites, destinations and settings. Its owner is the membership with role `owner`."""

    name = models.CharField(max_length=255)
    personal_team = models.BooleanField(default=False)
    plan = models.CharField(max_length=32, default="self-hosted")
    plan_state = models.CharField(max_length=16, choices=PlanState, default=PlanState.ACTIVE)
    plan_state_since = models.DateTimeField(default=clock.now)
    require_two_factor = models.BooleanField(default=False)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Membership", related_name="teams"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TeamQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role in one team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=8, choices=ROLE_CHOICES)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("team", "user"), name="membership_once"),
            models.UniqueConstraint(
                fields=("team",), condition=models.Q(role="owner"), name="team_has_one_owner"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id} as {self.role}"


class InvitationState(models.TextChoices):
    """How far an invitation has come. A pending one past `expires_at` has expired."""

    PENDING = "pending", gettext_lazy("Pending")
    ACCEPTED = "accepted", gettext_lazy("Accepted")
    DECLINED = "declined", gettext_lazy("Declined")
    REVOKED = "revoked", gettext_lazy("Revoked")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Reads of invitations."""

    def open(self, now: datetime) -> "InvitationQuerySet":
        """Keep those that can still be accepted; each holds a seat."""
        return self.filter(state=InvitationState.PENDING, expires_at__gt=now)


class Invitation(models.Model):
    """One address asked into one team. The mailed token is kept as a keyed hash only."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=8, choices=ROLE_CHOICES)
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=InvitationState, default=InvitationState.PENDING)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = (
            # One open question an address; also serves counting a team's pending ones.
            models.UniqueConstraint(
                fields=("team", "email"),
                condition=models.Q(state="pending"),
                name="invitation_pending_once",
            ),
        )
        indexes = (
            # What waits for somebody who has just signed in.
            models.Index(
                fields=("email",), condition=models.Q(state="pending"), name="invitation_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} to {self.team_id} as {self.role}"
