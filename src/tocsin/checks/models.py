"""Schedules, check runs, what was not run and why, and daily roll-ups."""

from django.db import models
from django.utils.translation import gettext_lazy

from tocsin.access.principal import Principal, PrincipalKind
from tocsin.checks.finding_models import LinkFinding
from tocsin.checks.manual_models import ManualRun
from tocsin.kit import clock, ids
from tocsin.sites.models import Site

__all__ = [
    "Check",
    "CheckQuerySet",
    "DailyRollup",
    "Gap",
    "Heartbeat",
    "LinkFinding",
    "ManualRun",
    "PastTimetable",
    "Schedule",
]


class CheckQuerySet(models.QuerySet["Check"]):
    """Reads of check runs, scoped by construction."""

    def visible_to(self, principal: Principal) -> "CheckQuerySet":
        """Keep the checks of the principal's teams; the system sees all."""
        if principal.kind is PrincipalKind.SYSTEM:
            return self
        if principal.user_id is None:
            return self.none()
        return self.filter(site__team__memberships__user_id=principal.user_id)


class Schedule(models.Model):
    """One tool's automatic checks of one site: when next, what is under way, how it last went.

    Slots are the moment `since` and, after it, `phase + n * cadence` (see `slots`). Times here are
    epoch seconds, not datetimes: the claim compares and adds them for hundreds of rows at once.
    `next_slot` is null where no automatic check is due (tool turned off). `inflight_*` describe
    the slot that a prober holds; past `inflight_until` it is lost. `inflight_reason` is blank for
    a slot, and says why an extra run is in flight, see `retries`; `retry_*` are the next such run.
    """

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="schedules", db_index=False
    )
    tool = models.CharField(max_length=16)
    cadence = models.PositiveIntegerField()
    phase = models.PositiveIntegerField()
    since = models.BigIntegerField()
    next_slot = models.BigIntegerField(null=True)
    inflight_slot = models.BigIntegerField(null=True)
    inflight_until = models.BigIntegerField(null=True)
    inflight_check = models.UUIDField(null=True)
    inflight_reason = models.CharField(max_length=20, blank=True)
    retry_at = models.BigIntegerField(null=True)
    retry_reason = models.CharField(max_length=20, blank=True)
    latest_check = models.UUIDField(null=True)
    latest_status = models.CharField(max_length=10, blank=True)
    latest_outcome = models.CharField(max_length=8, blank=True)
    latest_at = models.DateTimeField(null=True)
    latest_summary = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("site", "tool"), name="schedule_once_a_tool"),
        )
        indexes = (
            # The scheduler's queue: what is due, in order.
            models.Index(
                fields=("next_slot",),
                condition=models.Q(next_slot__isnull=False),
                name="schedule_due",
            ),
            # Extra runs that are due.
            models.Index(
                fields=("retry_at",),
                condition=models.Q(retry_at__isnull=False),
                name="schedule_retry",
            ),
            # The housekeeper's: leases that ran out.
            models.Index(
                fields=("inflight_until",),
                condition=models.Q(inflight_until__isnull=False),
                name="schedule_inflight",
            ),
        )

    def __str__(self) -> str:
        return f"{self.tool} of {self.site_id}"


class PastTimetable(models.Model):
    """When a tool's slots were, before its cadence changed or it was turned off.

    They are the moment `opening` and, after it, `phase + n * cadence`, to `until` inclusive; epoch
    seconds. The ledger expects them as it does the slots of the schedule itself.
    """

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="past_timetables", db_index=False
    )
    tool = models.CharField(max_length=16)
    cadence = models.PositiveIntegerField()
    phase = models.PositiveIntegerField()
    opening = models.BigIntegerField()
    until = models.BigIntegerField()

    class Meta:
        # The slot ledger: which timetables a range touches.
        indexes = (models.Index(fields=("site", "tool", "until"), name="past_timetable_range"),)

    def __str__(self) -> str:
        return f"{self.tool} of {self.site_id} until {self.until}"


class Check(models.Model):
    """One run of one tool against one site."""

    uuid = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="checks", db_index=False)
    type = models.CharField(max_length=16)
    status = models.CharField(max_length=10)
    outcome = models.CharField(max_length=8, blank=True)
    automatic = models.BooleanField()
    run_reason = models.CharField(max_length=20, blank=True)
    scheduled_for = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    vantage = models.CharField(max_length=64, blank=True)
    result = models.JSONField(null=True)
    error = models.JSONField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)

    objects = CheckQuerySet.as_manager()

    class Meta:
        indexes = (
            # A site's history, newest first, also of one tool, and what is past its retention.
            models.Index(fields=("site", "-created_at", "-uuid", "type"), name="check_pages"),
            # The slot ledger: what ran in a range.
            models.Index(
                fields=("site", "type", "scheduled_for"),
                condition=models.Q(run_reason="scheduled"),
                name="check_by_slot",
            ),
        )

    def __str__(self) -> str:
        return f"{self.type} {self.uuid}"


class Gap(models.Model):
    """Slots in a row that did not run, for one stated reason; run-length, so downtime is one row.

    `first_slot` and `last_slot` are epoch seconds, inclusive; `count` slots lie between them at
    `cadence` seconds.
    """

    class Kind(models.TextChoices):
        """How the slots ended."""

        SKIPPED = "skipped", gettext_lazy("Skipped")
        LOST = "lost", gettext_lazy("Lost")

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="gaps", db_index=False)
    tool = models.CharField(max_length=16)
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.CharField(max_length=32)
    first_slot = models.BigIntegerField()
    last_slot = models.BigIntegerField()
    cadence = models.PositiveIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = (
            # A slot is accounted for once, however often the accounting is tried.
            models.UniqueConstraint(fields=("site", "tool", "first_slot"), name="gap_once"),
        )
        indexes = (models.Index(fields=("site", "tool", "last_slot"), name="gap_range"),)

    def __str__(self) -> str:
        return f"{self.count} {self.kind} ({self.reason})"


class DailyRollup(models.Model):
    """A UTC day of one tool at one site, in numbers that outlive the raw checks."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="rollups", db_index=False)
    tool = models.CharField(max_length=16)
    date = models.DateField()
    ok = models.PositiveIntegerField(default=0)
    failing = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    response_time_sum = models.FloatField(default=0)
    response_time_count = models.PositiveIntegerField(default=0)
    response_time_max = models.FloatField(null=True)
    # Of performance checks only. The database knows the defaults, so that the rows of the other
    # tools are written without them.
    score_sum = models.FloatField(default=0, db_default=0)
    score_count = models.PositiveIntegerField(default=0, db_default=0)
    speed_sum = models.FloatField(default=0, db_default=0)
    speed_count = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("site", "tool", "date"), name="rollup_once_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.tool} of {self.site_id} on {self.date}"


class Heartbeat(models.Model):
    """The last sign of life of one worker process, in epoch seconds."""

    worker = models.CharField(max_length=255, primary_key=True)
    at = models.BigIntegerField()

    def __str__(self) -> str:
        return self.worker
