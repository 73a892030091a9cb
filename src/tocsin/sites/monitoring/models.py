"""What a team set of its monitoring."""

from django.db import models

from tocsin.teams.models import Team


class TeamMonitoring(models.Model):
    """A team's own settings, sparse; a team without a row has set nothing.

    `revision` rises with every change.
    """

    team = models.OneToOneField(
        Team, on_delete=models.CASCADE, primary_key=True, related_name="monitoring"
    )
    settings = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "sites"

    def __str__(self) -> str:
        return f"monitoring of team {self.team_id}"
