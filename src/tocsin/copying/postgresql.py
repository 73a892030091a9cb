"""PostgreSQL, as a copy reads and writes it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from tocsin.copying.database import BATCH
from tocsin.copying.errors import CopyError
from tocsin.copying.rows import Row, canonical_json
from tocsin.copying.tables import Column, Kind, Table

_SELECTED = {Kind.JSON: sql.SQL("{}::text"), Kind.ADDRESS: sql.SQL("host({})")}


class PostgreSql:
    """Implements `copying.database.Database` on a server."""

    name = "postgresql"

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        try:
            self._connection = psycopg.connect(**parameters, autocommit=True)
            self._connection.execute("SET TIME ZONE 'UTC'")
        except psycopg.Error as error:
            raise CopyError(f"PostgreSQL: {error}") from None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Read within one snapshot."""
        with self._transaction("ISOLATION LEVEL REPEATABLE READ, READ ONLY"):
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write within one transaction."""
        with self._transaction("READ WRITE"):
            yield

    def read(self, table: Table) -> Iterator[Row]:
        """Yield a table's rows."""
        columns = sql.SQL(", ").join(_selected(column) for column in table.columns)
        query = sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier(table.name))
        places = [at for at, column in enumerate(table.columns) if column.kind is Kind.JSON]
        with (
            _refusals(table),
            self._connection.cursor("rows", binary=True) as cursor,
        ):
            cursor.execute(query)
            while rows := cursor.fetchmany(BATCH):
                yield from (_with_canonical_json(row, places) for row in rows)

    def write(self, table: Table, rows: Sequence[Row], *, dangling: bool) -> None:
        """Add rows."""
        # Checks that are put off take memory on the server for every single row.
        timing = "DEFERRED" if dangling else "IMMEDIATE"
        columns = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
        with _refusals(table), self._connection.cursor() as cursor:
            cursor.execute(sql.SQL(f"SET CONSTRAINTS ALL {timing}"))
            with cursor.copy(query) as copy:
                for row in rows:
                    copy.write_row(row)

    def has_rows(self, table: Table) -> bool:
        """Tell whether a table holds anything."""
        query = sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(table.name))
        return bool(self._one(query))

    def clear(self, tables: Sequence[Table]) -> None:
        """Remove every row of these tables."""
        names = sql.SQL(", ").join(sql.Identifier(table.name) for table in tables)
        self._connection.execute(sql.SQL("TRUNCATE {}").format(names))

    def counter(self, table: Table) -> int:
        """Return the last number given."""
        query = sql.SQL("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {}")
        return int(self._one(query.format(self._sequence(table))))

    def set_counter(self, table: Table, number: int) -> None:
        """Let the next number be greater."""
        highest = sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(
            sql.Identifier(table.counter or ""), sql.Identifier(table.name)
        )
        number = max(number, int(self._one(highest)))
        if number:
            sequence = self._sequence(table).as_string()
            self._connection.execute("SELECT setval(%s, %s)", (sequence, number))

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _sequence(self, table: Table) -> sql.Identifier:
        query = sql.SQL("""
            SELECT relnamespace::regnamespace::text, relname FROM pg_class
            WHERE oid = pg_get_serial_sequence({}, {})::regclass
        """).format(sql.Literal(f'"{table.name}"'), sql.Literal(table.counter))
        found = self._connection.execute(query).fetchone()
        if found is None:
            raise CopyError(f"Table {table.name}: PostgreSQL does not number its rows.")
        return sql.Identifier(*found)

    def _one(self, query: sql.Composed) -> Any:
        found = self._connection.execute(query).fetchone()
        return None if found is None else found[0]

    @contextmanager
    def _transaction(self, mode: str) -> Iterator[None]:
        try:
            with self._connection.transaction():
                self._connection.execute(sql.SQL(f"SET TRANSACTION {mode}"))
                yield
        except psycopg.Error as error:
            raise CopyError(f"PostgreSQL: {error}") from None


@contextmanager
def _refusals(table: Table) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise CopyError(f"Table {table.name}: {error}") from None


def _selected(column: Column) -> sql.Composable:
    return _SELECTED.get(column.kind, sql.SQL("{}")).format(sql.Identifier(column.name))


def _with_canonical_json(row: Row, places: Sequence[int]) -> Row:
    if not places:
        return row
    values = list(row)
    for place in places:
        if values[place] is not None:
            values[place] = canonical_json(values[place])
    return tuple(values)
