"""What people see under the bell of the dashboard."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tocsin.access.principal import Principal
from tocsin.notifications.models.occurrences import Occurrence


class InAppNoticeQuerySet(models.QuerySet["InAppNotice"]):
    """Reads of notices, scoped by construction."""

    def visible_to(self, principal: Principal) -> "InAppNoticeQuerySet":
        """Keep a person's own, of teams to which they still belong."""
        user_id = principal.user_id or 0
        return self.filter(user_id=user_id, occurrence__team__memberships__user_id=F("user_id"))


class InAppNotice(models.Model):
    """One thing that one person can read about in the dashboard."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    occurrence = models.ForeignKey(Occurrence, on_delete=models.CASCADE, related_name="notices")
    read_at = models.DateTimeField(null=True)

    objects = InAppNoticeQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "occurrence"), name="notice_once"),)
        indexes = (
            # A person's list, newest first.
            models.Index(fields=("user", "-id"), name="notice_newest"),
            # How many somebody has not read.
            models.Index(fields=("user",), condition=Q(read_at__isnull=True), name="notice_unread"),
        )

    def __str__(self) -> str:
        return f"{self.occurrence_id} for {self.user_id}"
