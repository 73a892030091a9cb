"""The order of a team's list, of which there is an index."""

from typing import Any

from django.db import models
from django.db.models import F

NEWEST_PIN = F("pinned_at").desc(nulls_last=True)


class TeamListIndex(models.Index):
    """An index in the order of a team's list.

    PostgreSQL has to be told that what is not pinned comes last. SQLite has it so by itself, and
    refuses to be told so in an index.
    """

    def __init__(self, *, name: str) -> None:
        created, uuid = F("created_at").desc(), F("uuid").desc()
        super().__init__(F("team"), NEWEST_PIN, created, uuid, name=name)

    def deconstruct(self) -> Any:
        """Say how it is made again, for migrations."""
        path, _, kwargs = super().deconstruct()
        return path, (), kwargs

    def create_sql(self, model: Any, schema_editor: Any, using: str = "", **kwargs: Any) -> Any:
        """Write the statement that makes it."""
        if schema_editor.connection.vendor == "postgresql":
            return super().create_sql(model, schema_editor, using, **kwargs)
        fields = ("team", "-pinned_at", "-created_at", "-uuid")
        plain = models.Index(fields=fields, name=self.name)
        return plain.create_sql(model, schema_editor, using, **kwargs)
