"""What there is to tell."""

from django.db import models

from tocsin.issues.models import Issue
from tocsin.notifications.messages import Event, MessageTransition
from tocsin.teams.models import Team


class Occurrence(models.Model):
    """One thing to tell, kept once however many destinations it is owed to.

    One without deliveries is one that nobody was told of. `key` names what happened, so that it
    is told once. `notice` is a `messages.Notice` as JSON, without the delivery's id. `issue` is
    None for tests and drills, whose issue is made up; `mark` sets those apart.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="occurrences")
    issue = models.ForeignKey(
        Issue, null=True, on_delete=models.CASCADE, related_name="occurrences"
    )
    key = models.CharField(max_length=96, unique=True)
    event = models.CharField(max_length=24, choices=[(each, each) for each in Event])
    transition = models.CharField(
        max_length=8, choices=[(each, each) for each in MessageTransition]
    )
    mark = models.CharField(max_length=8, blank=True)
    occurred_at = models.DateTimeField()
    notice = models.JSONField()

    class Meta:
        indexes = (
            # What happened in a team lately, and whether anybody was told.
            models.Index(fields=("team", "-occurred_at"), name="occurrence_team_newest"),
        )

    def __str__(self) -> str:
        return self.key


class Escalation(models.Model):
    """When an active issue is told again next; no row where it is not."""

    issue = models.OneToOneField(
        Issue, primary_key=True, on_delete=models.CASCADE, related_name="escalation"
    )
    next_at = models.DateTimeField()

    class Meta:
        # What is due, earliest first.
        indexes = (models.Index(fields=("next_at",), name="escalation_due"),)

    def __str__(self) -> str:
        return f"{self.issue_id} at {self.next_at}"
