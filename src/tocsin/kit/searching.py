"""Searching text whatever its case, on both databases alike."""

from typing import Any

from django.db.models import F, Q
from django.db.models.lookups import IContains

FUNCTION = "tocsin_contains"


class ContainsText(IContains):
    """`text` is part of an expression, in any case: `filter(ContainsText(F("name"), text))`.

    SQLite by itself knows the case of ASCII letters only, so there Python compares.
    """

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Write the condition for SQLite, which learns the function on each of its connections."""
        connection.ensure_connection()
        connection.connection.create_function(FUNCTION, 2, _contains, deterministic=True)
        column, parameters = compiler.compile(self.lhs)
        return f"{FUNCTION}({column}, %s)", (*parameters, self.rhs)


def contains(text: str, *fields: str) -> Q:
    """Keep the rows where at least one of the fields has this text in it, in any case."""
    found = Q()
    for field in fields:
        found |= Q(ContainsText(F(field), text))
    return found


def _contains(whole: str | None, part: str) -> bool:
    return whole is not None and part.casefold() in whole.casefold()
