"""Queries written with the ORM and compiled once.

For the few queries that every request makes, Django spends several times more on composing the
SQL than the database on answering. A prepared query composes it at its first use and then only
puts in the parameters. Columns are named by `values`; rows come back as dictionaries, converted as
the ORM would.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

# Stands in for parameters while the SQL is composed; no real value looks like these.
_WHOLE = 7_205_759_403_792_793_600
_MOMENT = datetime(9998, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Constant:
    value: Any


@dataclass(frozen=True, slots=True)
class _Conversion:
    column: int
    converters: Sequence[Callable[[Any, Any, Any], Any]]
    expression: Any


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    parameters: tuple[str | _Constant, ...]
    names: tuple[str, ...]
    conversions: tuple[_Conversion, ...]

    def row(self, columns: Sequence[Any]) -> dict[str, Any]:
        values = list(columns)
        for each in self.conversions:
            for convert in each.converters:
                values[each.column] = convert(values[each.column], each.expression, connection)
        return dict(zip(self.names, values, strict=True))


class Prepared:
    """A query with named parameters of the types int, str or datetime.

    `build` gets one value for each and returns a `values` query set. It must not decide
    anything by the values: they are stand-ins.
    """

    def __init__(
        self,
        build: Callable[..., "QuerySet[Any, Any]"],
        **parameters: type[int] | type[str] | type[datetime],
    ) -> None:
        self._build = build
        self._types = parameters
        self._lock = threading.Lock()
        self._statements: dict[str, _Statement] = {}

    def first(self, **values: Any) -> dict[str, Any] | None:
        """Return the first row, None where there is none."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def all(self, **values: Any) -> list[dict[str, Any]]:
        """Run the query and return all rows."""
        statement = self._statements.get(connection.vendor) or self._compiled()
        adapted = {name: _adapted(value) for name, value in values.items()}
        arguments = [
            each.value if isinstance(each, _Constant) else adapted[each]
            for each in statement.parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, arguments)
            rows = cursor.fetchall()
        return [statement.row(row) for row in rows]

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
            statement = _Statement(
                sql=sql,
                parameters=tuple(slots.get(value) or _Constant(value) for value in parameters),
                names=tuple(query.selected or (*query.values_select, *query.annotation_select)),
                conversions=tuple(
                    _Conversion(column, converters, expression)
                    for column, (converters, expression) in compiler.get_converters(fields).items()
                ),
            )
            self._statements[connection.vendor] = statement
            return statement


def _stand_in(kind: type, position: int) -> Any:
    if kind is int:
        return _WHOLE + position
    if kind is datetime:
        return _MOMENT + timedelta(seconds=position)
    return f"stand-in {position}"


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
