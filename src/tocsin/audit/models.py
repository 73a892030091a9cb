"""The record of who did what. Rows are added and never changed."""

from typing import Any, Never

from django.db import models

from tocsin.kit import clock


class AppendOnlyError(Exception):
    """Somebody tried to change or delete what was recorded."""


class EntryQuerySet(models.QuerySet["Entry"]):
    """Refuses everything but reading and adding."""

    def update(self, **kwargs: Any) -> Never:
        """Refuse."""
        raise AppendOnlyError("audit entries are never changed")

    def delete(self) -> Never:
        """Refuse."""
        raise AppendOnlyError("audit entries are never deleted")


class Entry(models.Model):
    """One write: who, by which credential, what, to what, from where.

    Users, tokens and teams are kept as plain numbers, so that the record outlives them. `target`
    is `kind:id`. `before` and `after` hold what changed, secrets masked.
    """

    at = models.DateTimeField(default=clock.now, editable=False)
    kind = models.CharField(max_length=16)
    user_id = models.BigIntegerField(null=True)
    token_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=64)
    target = models.CharField(max_length=128)
    team = models.ForeignKey(
        "teams.Team",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    address = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = (
            # A team's page, newest first.
            models.Index(fields=("team", "-id"), name="audit_team_newest"),
            # What one person did, newest first.
            models.Index(fields=("user_id", "-id"), name="audit_user_newest"),
        )

    def __str__(self) -> str:
        return f"{self.action} {self.target}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; refuse to write it a second time."""
        if not self._state.adding:
            raise AppendOnlyError("audit entries are never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refuse."""
        raise AppendOnlyError("audit entries are never deleted")
