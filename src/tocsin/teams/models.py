"""Teams and who belongs to them."""

from django.conf import settings
from django.db import models

from tocsin.access.roles import Role
from tocsin.kit import clock


class PlanState(models.TextChoices):
    """Whether a plan may be used. Past due counts as active for 14 days."""

    ACTIVE = "active", "Active"
    TRIALING = "trialing", "Trialing"
    PAST_DUE = "past_due", "Past due"
    INACTIVE = "inactive", "Inactive"


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

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role in one team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=8, choices=[(role.value, role.value) for role in Role])
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
