"""Issues, everything that happened to them, and the counters that decide about them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from tocsin.access.principal import Principal, PrincipalKind
from tocsin.issues.vocabulary import (
    ACTIVE,
    Fingerprint,
    IssueStatus,
    ResolveReason,
    Severity,
    TransitionKey,
)
from tocsin.kit import clock, ids
from tocsin.sites.models import Site
from tocsin.teams.models import Team


class IssueQuerySet(models.QuerySet["Issue"]):
    """Reads of issues, scoped by construction."""

    def visible_to(self, principal: Principal) -> "IssueQuerySet":
        """Keep the issues of the principal's teams; the system sees all."""
        if principal.kind is PrincipalKind.SYSTEM:
            return self
        if principal.user_id is None:
            return self.none()
        return self.filter(team__memberships__user_id=principal.user_id)

    def active(self) -> "IssueQuerySet":
        """Keep those that are open or acknowledged."""
        return self.filter(status__in=ACTIVE)


class Issue(models.Model):
    """One incident of one site, through all its cycles.

    `context` explains the current cycle: `opening`, `latest` and `resolution` with the numbers and
    checks that decided, `facts` with what was seen last. Checks are named by UUID and not by a
    foreign key, since an issue outlives them.
    """

    uuid = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="issues")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="issues")
    type = models.CharField(max_length=16)
    fingerprint = models.CharField(max_length=32, choices=[(each, each) for each in Fingerprint])
    status = models.CharField(max_length=12, choices=[(each, each) for each in IssueStatus])
    severity = models.CharField(max_length=8, choices=[(each, each) for each in Severity])
    summary = models.TextField()
    context = models.JSONField(default=dict)
    latest_check = models.UUIDField(null=True)
    previous_check = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    first_opened_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolve_reason = models.CharField(
        max_length=20, blank=True, choices=[(each, each) for each in ResolveReason]
    )
    reopen_count = models.PositiveIntegerField(default=0)
    last_evaluated_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)

    objects = IssueQuerySet.as_manager()

    class Meta:
        constraints = (
            # A recurrence reopens; also serves intake's look-up and a site's own list.
            models.UniqueConstraint(fields=("site", "fingerprint"), name="issue_once_a_site"),
        )
        indexes = (
            # A team's list, newest opening first.
            models.Index(fields=("team", "-opened_at", "-uuid"), name="issue_team_newest"),
            # The same, of what is active: few among many.
            models.Index(
                fields=("team", "-opened_at", "-uuid"),
                condition=Q(status__in=["open", "acknowledged"]),
                name="issue_team_active",
            ),
        )

    def __str__(self) -> str:
        return f"{self.fingerprint} of {self.site_id}"

    @property
    def is_active(self) -> bool:
        """Tell whether it is open or acknowledged."""
        return self.status in ACTIVE


class Transition(models.Model):
    """One thing that happened to an issue: its history, and what is owed to its destinations.

    `severity` and `summary` are the issue's at that moment. `alerts` tells whether destinations
    are told of it at all.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="transitions")
    key = models.CharField(max_length=12, choices=[(each, each) for each in TransitionKey])
    at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(
        max_length=20, blank=True, choices=[(each, each) for each in ResolveReason]
    )
    check_uuid = models.UUIDField(null=True)
    severity = models.CharField(max_length=8, choices=[(each, each) for each in Severity])
    summary = models.TextField()
    alerts = models.BooleanField()

    class Meta:
        # An issue's timeline, oldest first.
        indexes = (models.Index(fields=("issue", "id"), name="transition_timeline"),)

    def __str__(self) -> str:
        return f"{self.issue_id} {self.key}"


class IssueState(models.Model):
    """What the rules remember of one tool at one site; no row where nothing was ever counted.

    `tracks` is `rules.State.tracks`, `counted_to` its moment in UTC epoch seconds. Whoever changes
    an issue of the tool by more than an acknowledgement holds this row first.
    """

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="issue_states")
    tool = models.CharField(max_length=16)
    tracks = models.JSONField(default=dict)
    counted_to = models.FloatField(default=0)

    class Meta:
        constraints = (
            # Serves intake's look-up of a batch by site.
            models.UniqueConstraint(fields=("site", "tool"), name="issue_state_once_a_tool"),
        )

    def __str__(self) -> str:
        return f"{self.tool} of {self.site_id}"
