"""Asking for many rows by their keys with one parameter, so that the statement is always the same.

`filter(Among(F("site_id"), keys))`, for a parameter `keys` of a prepared query.
"""

from typing import Any

from django.db.models import Lookup


class Among(Lookup):
    """A UUID is one of the keys; an array on PostgreSQL, a JSON array on SQLite."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Write the condition."""
        column, parameters = self.process_lhs(compiler, connection)
        is_array = connection.vendor == "postgresql"
        keys = " = ANY(%s::uuid[])" if is_array else " IN (SELECT value FROM json_each(%s))"
        return column + keys, [*parameters, self.rhs]
