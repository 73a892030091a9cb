"""The record of manual runs: what waits to be run, and what a plan's quota is counted by."""

from django.db import models

from tocsin.teams.models import Team


class ManualRun(models.Model):
    """One check that somebody asked for.

    It outlives its check and its site, which are plain ids here, so that deleting either gives back
    no quota and no spacing. `check_uuid` is null once the check was deleted. Until `finished_at` it
    waits: no prober has it before `leased_until`, and past `deadline` it is lost. `progress` is how
    far it had come when it last told.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    site_uuid = models.UUIDField()
    tool = models.CharField(max_length=16)
    check_uuid = models.UUIDField(null=True, unique=True)
    url = models.CharField(max_length=2048)
    is_priority = models.BooleanField()
    asked_at = models.DateTimeField()
    deadline = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    progress = models.JSONField(null=True)

    class Meta:
        app_label = "checks"
        indexes = (
            # The queue: what waits, those with priority first, each in the order of asking.
            models.Index(
                fields=("-is_priority", "id"),
                condition=models.Q(finished_at__isnull=True),
                name="manual_run_waiting",
            ),
            # The spacing, and the latest check of a site's tool.
            models.Index(fields=("site_uuid", "tool", "-asked_at"), name="manual_run_latest"),
            # The quota of a month.
            models.Index(fields=("team", "asked_at"), name="manual_run_month"),
        )

    def __str__(self) -> str:
        return f"manual {self.tool} of {self.site_uuid}"
