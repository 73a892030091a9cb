"""Queries written with the ORM and compiled once.

For the few queries that every request makes, Django spends several times more on composing the
SQL than the database on answering. A prepared query composes it at its first use and then only
puts in the parameters. Columns are named by `values`; rows come back as dictionaries, converted as
the ORM would, or as texts (`kit.texts`) where they only pass through. PostgreSQL plans each once
a connection, see ADR 24.
"""

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import QuerySet

from tocsin.kit import texts
from tocsin.kit.running import run

# Stands in for parameters while the SQL is composed; no real value looks like these.
_WHOLE = 7_205_759_403_792_793_600
_MOMENT = datetime(9998, 1, 1, tzinfo=UTC)
LIMIT, OFFSET = "limit", "offset"


class Keys:
    """The kind of a parameter that is any number of UUIDs; the query asks `Among` them."""


Kind = type[int] | type[str] | type[date] | type[UUID] | type[Keys]


@dataclass(frozen=True, slots=True)
class _Conversion:
    column: int
    converters: Sequence[Callable[[Any, Any, Any], Any]]
    expression: Any


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    parameters: tuple[str, ...]
    names: tuple[str, ...]
    conversions: tuple[_Conversion, ...]
    texts: tuple[tuple[int, Callable[[Any], Any]], ...]

    def arguments(self, values: dict[str, Any]) -> list[Any]:
        adapted = {name: _adapted(value) for name, value in values.items()}
        return [adapted[each] for each in self.parameters]

    def row(self, columns: Sequence[Any]) -> dict[str, Any]:
        values = list(columns)
        for each in self.conversions:
            for convert in each.converters:
                values[each.column] = convert(values[each.column], each.expression, connection)
        return dict(zip(self.names, values, strict=True))

    def text_row(self, columns: Sequence[Any]) -> list[Any]:
        values = list(columns)
        for column, convert in self.texts:
            if values[column] is not None:
                values[column] = convert(values[column])
        return values


class Prepared:
    """A query with named parameters of the types int, str, date, datetime, UUID or Keys.

    `build` gets one value for each and returns a `values` query set. It must not decide
    anything by the values: they are stand-ins. A `paged` query takes `limit` and `offset` besides.
    """

    def __init__(
        self, build: Callable[..., "QuerySet[Any, Any]"], *, paged: bool = False, **parameters: Kind
    ) -> None:
        self._build = build
        self._types = parameters
        self._paged = paged
        self._lock = threading.Lock()
        self._statements: dict[str, _Statement] = {}

    def first(self, **values: Any) -> dict[str, Any] | None:
        """Return the first row, None where there is none."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def all(self, **values: Any) -> list[dict[str, Any]]:
        """Run the query and return all rows."""
        statement = self._statement()
        rows = run(statement.sql, statement.arguments(values), as_texts=False)
        return [statement.row(row) for row in rows]

    def texts(self, **values: Any) -> list[list[Any]]:
        """Run the query and return all rows as texts, in the order of its columns."""
        statement = self._statement()
        rows = run(statement.sql, statement.arguments(values), as_texts=True)
        return [statement.text_row(row) for row in rows]

    def _statement(self) -> _Statement:
        return self._statements.get(connection.vendor) or self._compiled()

    def _compiled(self) -> _Statement:
        with self._lock:
            stand_ins = {
                name: _stand_in(kind, position)
                for position, (name, kind) in enumerate(self._types.items())
            }
            query = self._build(**stand_ins).query
            compiler = query.get_compiler(connection=connection)
            sql, parameters = compiler.as_sql()
            slots = {_adapted(value): name for name, value in stand_ins.items()}
            fields = [column[0] for column in compiler.select]
            found = [slots.get(each) for each in parameters]
            sql, slotted = _with_constants(sql, found, parameters)
            statement = _Statement(
                sql=f"{sql} LIMIT %s OFFSET %s" if self._paged else sql,
                parameters=(*slotted, LIMIT, OFFSET) if self._paged else slotted,
                names=tuple(query.selected or (*query.values_select, *query.annotation_select)),
                conversions=tuple(
                    _Conversion(column, converters, expression)
                    for column, (converters, expression) in compiler.get_converters(fields).items()
                ),
                texts=texts.conversions(fields),
            )
            self._statements[connection.vendor] = statement
            return statement


def _with_constants(
    sql: str, names: Sequence[str | None], values: Sequence[Any]
) -> tuple[str, tuple[str, ...]]:
    """Write what is no parameter into the statement: only so a partial index can be chosen."""
    first, *parts = sql.split("%s")
    for name, value, part in zip(names, values, parts, strict=True):
        first += ("%s" if name else _literal(value)) + part
    return first, tuple(name for name in names if name)


def _literal(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is neither a parameter nor a constant")
    quoted = value.replace("'", "''").replace("%", "%%")
    return f"'{quoted}'"


def _stand_in(kind: Kind, position: int) -> Any:
    if kind is int:
        return _WHOLE + position
    if kind is UUID:
        return UUID(int=_WHOLE + position)
    if kind is datetime:
        return _MOMENT + timedelta(seconds=position)
    if kind is date:
        return _MOMENT.date() + timedelta(days=position)
    return f"stand-in {position}"


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, str | int):
        return value
    if isinstance(value, UUID):
        return value if connection.vendor == "postgresql" else value.hex
    return _keys(value)


def _keys(keys: Collection[UUID | str]) -> Any:
    if connection.vendor == "postgresql":
        return list(keys)
    return msgspec.json.encode([str(key).replace("-", "") for key in keys]).decode()
