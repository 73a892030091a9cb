"""Running a statement that was composed once, with its parameters sent apart from it.

Django writes parameters into the text of each statement, so that PostgreSQL must read and plan it
again every time. Here the server keeps a plan a connection and statement. Errors, the log of
queries and what wraps them are Django's.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from psycopg.types.string import TextLoader

# One plan for all parameters: what these statements look up is alike for each of them, and
# planning over the parts of a partitioned table takes longer than most of them run.
SETTINGS = "SET plan_cache_mode = 'force_generic_plan'; SET jit = off"
TEXTS = ("uuid", "timestamptz", "jsonb")


class _Cursor(psycopg.Cursor[Any]):
    """Prepares what it executes."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> "_Cursor":
        return super().execute(query, params, prepare=True)

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        # Django's log of queries reads it, and psycopg keeps it only of what it does not prepare.
        self._query = super()._convert_query(query, params)
        return self._query


def run(sql: str, arguments: Sequence[Any], *, as_texts: bool) -> list[tuple[Any, ...]]:
    """Return all rows: values as the ORM's converters take them, or as the database writes them."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(sql, arguments)
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found
    connection.ensure_connection()
    own: Any = _cursors()[as_texts]
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    wrapped = wrap(own)
    wrapped.execute(sql, arguments)
    rows: list[tuple[Any, ...]] = wrapped.fetchall()
    return rows


def _cursors() -> tuple[_Cursor, _Cursor]:
    """Return the two cursors of this thread's connection: for values, and for texts."""
    raw = connection.connection
    kept: Any = getattr(connection, "tocsin_cursors", None)
    if kept is None or kept[0].connection is not raw:
        kept = (_Cursor(raw), _Cursor(raw))
        for name in TEXTS:
            kept[1].adapters.register_loader(name, TextLoader)
        connection.tocsin_cursors = kept  # type: ignore[attr-defined]
    return kept  # type: ignore[no-any-return]


@receiver(connection_created, dispatch_uid="tocsin.kit.running")
def _prepares(connection: Any, **_: Any) -> None:
    """Let a new connection keep plans. Here no transaction could take the settings back."""
    if connection.vendor == "postgresql":
        connection.connection.execute(SETTINGS)
        # Django turns preparing off, and then `prepare=True` means nothing.
        connection.connection.prepare_threshold = 0
