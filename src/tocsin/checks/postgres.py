"""Hundreds of rows in one go on PostgreSQL, inside the caller's transaction.

Django's own `executemany` writes every value into the text of a statement a row, which costs the
client and the server several times what the rows themselves do. Here rows travel in binary: new
ones by COPY, changes as one array a column. Errors are Django's.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection
from psycopg.adapt import Dumper
from psycopg.pq import Format

# The identifier of the type jsonb, and the number of its binary form.
_JSONB, _JSONB_FORM = 3802, b"\x01"


class _JsonText(Dumper):
    """Sends JSON text as it is, where psycopg would encode an object."""

    oid = _JSONB
    format = Format.BINARY

    def dump(self, obj: str) -> bytes:
        """Return the text in the binary form of jsonb."""
        return _JSONB_FORM + obj.encode()


def is_used() -> bool:
    """Tell whether this database is PostgreSQL."""
    return bool(connection.vendor == "postgresql")


def copy(statement: str, types: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Add rows by a `COPY … FROM STDIN (FORMAT BINARY)`; JSON is given as text.

    There is no ON CONFLICT: raises django.db.IntegrityError where one is there already.
    """
    with _cursor() as cursor, cursor.copy(statement.encode()) as copying:
        cursor.adapters.register_dumper(str, _JsonText)
        copying.set_types(types)
        for row in rows:
            copying.write_row(row)


def write(statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run one statement for all rows; its parameters are arrays, one a column."""
    with _cursor() as cursor:
        cursor.execute(statement.encode(), [list(column) for column in zip(*rows, strict=True)])


@contextmanager
def _cursor() -> Iterator["psycopg.Cursor[Any]"]:
    """Yield a cursor that sends parameters apart from the statement, as Django's does not."""
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor
