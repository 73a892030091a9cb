"""Asking for many rows by their keys with one parameter, so that the statement is always the same.

`filter(Among(F("site_id"), keys))`, for a parameter `keys` of a prepared query.
"""

from typing import Any

from django.db.models import Lookup


class Among(Lookup):
    """A UUID is one of the keys; an array on PostgreSQL, a JSON array on SQLite."""

    lookup_name = "among"
    prepare_rhs = False
    array = " = ANY(%s::uuid[])"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Write the condition."""
        column, parameters = self.process_lhs(compiler, connection)
        is_array = connection.vendor == "postgresql"
        keys = self.array if is_array else " IN (SELECT value FROM json_each(%s))"
        return column + keys, [*parameters, self.rhs]


class AmongParts(Among):
    """The same for the key that a table is parted by.

    An array that is a parameter makes PostgreSQL look for every key in every part; joined with
    them, it goes for each key into the one part that may have it.
    """

    array = " IN (SELECT unnest(%s::uuid[]))"
