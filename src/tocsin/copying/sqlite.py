"""SQLite, as a copy reads and writes it."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from tocsin.copying.database import BATCH
from tocsin.copying.errors import CopyError
from tocsin.copying.rows import Row, canonical_json
from tocsin.copying.tables import Kind, Table

_Convert = Callable[[Any], Any]


class Sqlite:
    """Implements `copying.database.Database` on a file."""

    name = "sqlite"

    def __init__(self, path: Path) -> None:
        # It must exist: to open one that does not would make an empty one.
        uri = f"{path.resolve().as_uri()}?mode=rw"
        try:
            self._connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=20)
        except sqlite3.Error as error:
            raise CopyError(f"{path}: {error}.") from None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read within one snapshot."""
        with self._transaction("BEGIN"):
            # A transaction sees the state of its first read, not of its beginning.
            self._connection.execute("SELECT count(*) FROM sqlite_master")
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write within one transaction."""
        with self._transaction("BEGIN IMMEDIATE"):
            self._connection.execute("PRAGMA defer_foreign_keys = ON")
            yield

    def read(self, table: Table) -> Iterator[Row]:
        """Yield a table's rows."""
        columns = ", ".join(_quoted(column.name) for column in table.columns)
        converts = [_FROM[column.kind] for column in table.columns]
        with _refusals(table):
            cursor = self._connection.execute(f"SELECT {columns} FROM {_quoted(table.name)}")  # noqa: S608 - quoted
            while rows := cursor.fetchmany(BATCH):
                yield from (_converted(converts, row) for row in rows)

    def write(self, table: Table, rows: Sequence[Row], *, dangling: bool) -> None:
        """Add rows; whatever dangles is looked at when the transaction ends."""
        columns = ", ".join(_quoted(column.name) for column in table.columns)
        places = ", ".join("?" for _ in table.columns)
        converts = [_TO[column.kind] for column in table.columns]
        with _refusals(table):
            self._connection.executemany(
                f"INSERT INTO {_quoted(table.name)} ({columns}) VALUES ({places})",  # noqa: S608 - quoted
                (_converted(converts, row) for row in rows),
            )

    def has_rows(self, table: Table) -> bool:
        """Tell whether a table holds anything."""
        return bool(self._one(f"SELECT EXISTS (SELECT 1 FROM {_quoted(table.name)})"))  # noqa: S608 - quoted

    def clear(self, tables: Sequence[Table]) -> None:
        """Remove every row of these tables."""
        for table in tables:
            self._connection.execute(f"DELETE FROM {_quoted(table.name)}")  # noqa: S608 - quoted

    def counter(self, table: Table) -> int:
        """Return the last number given."""
        sql = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = ?"
        return int(self._one(sql, table.name))

    def set_counter(self, table: Table, number: int) -> None:
        """Let the next number be greater."""
        number = max(number, self.counter(table))
        self._connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        if number:
            values = (table.name, number)
            self._connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", values)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _one(self, sql: str, *parameters: Any) -> Any:
        return self._connection.execute(sql, parameters).fetchone()[0]

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        try:
            self._connection.execute(begin)
            yield
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise CopyError(f"SQLite: {error}.") from None
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


@contextmanager
def _refusals(table: Table) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, ValueError) as error:
        raise CopyError(f"Table {table.name}: {error}.") from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _converted(converts: Sequence[_Convert | None], row: Row) -> Row:
    return tuple(
        value if convert is None or value is None else convert(value)
        for convert, value in zip(converts, row, strict=True)
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _real(value: float) -> float:
    return float(value) + 0.0  # SQLite may lose the sign of zero


# As Django keeps them: dates and moments as text in UTC, durations in microseconds.
_FROM: dict[Kind, _Convert | None] = {
    Kind.INTEGER: None,
    Kind.REAL: _real,
    Kind.BOOLEAN: bool,
    Kind.TEXT: None,
    Kind.ADDRESS: None,
    Kind.UUID: UUID,
    Kind.MOMENT: _moment,
    Kind.DATE: date.fromisoformat,
    Kind.DURATION: lambda value: timedelta(microseconds=value),
    Kind.JSON: canonical_json,
    Kind.BYTES: None,
}
_TO: dict[Kind, _Convert | None] = {
    **_FROM,
    Kind.REAL: None,
    Kind.BOOLEAN: int,
    Kind.UUID: lambda value: value.hex,
    Kind.MOMENT: lambda value: str(value.astimezone(UTC).replace(tzinfo=None)),
    Kind.DATE: str,
    Kind.DURATION: lambda value: value // timedelta(microseconds=1),
    Kind.JSON: None,
}
