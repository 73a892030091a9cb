"""The tables of this version of Tocsin, as a copy sees them."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec
from django.apps import apps
from django.db.models import AutoField, Field, Model

if TYPE_CHECKING:
    from django.db.models.options import Options


class Kind(StrEnum):
    """What a column holds, whatever a database calls it."""

    INTEGER = "integer"
    REAL = "real"
    BOOLEAN = "boolean"
    TEXT = "text"
    ADDRESS = "address"
    UUID = "uuid"
    MOMENT = "moment"
    DATE = "date"
    DURATION = "duration"
    JSON = "json"
    BYTES = "bytes"


class Column(msgspec.Struct, frozen=True):
    """One column."""

    name: str
    kind: Kind


class Table(msgspec.Struct, frozen=True):
    """One table: `references` are the tables that its rows point to.

    `counter` names the column that the database numbers by itself.
    """

    name: str
    columns: tuple[Column, ...]
    references: tuple[str, ...] = ()
    counter: str | None = None


_KINDS = {
    **dict.fromkeys(
        (
            "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField",
            "SmallIntegerField", "PositiveIntegerField", "PositiveBigIntegerField",
            "PositiveSmallIntegerField",
        ),
        Kind.INTEGER,
    ),
    **dict.fromkeys(("CharField", "TextField", "SlugField", "FileField"), Kind.TEXT),
    "FloatField": Kind.REAL,
    "BooleanField": Kind.BOOLEAN,
    "GenericIPAddressField": Kind.ADDRESS,
    "UUIDField": Kind.UUID,
    "DateTimeField": Kind.MOMENT,
    "DateField": Kind.DATE,
    "DurationField": Kind.DURATION,
    "JSONField": Kind.JSON,
    "BinaryField": Kind.BYTES,
}  # fmt: skip


def all_tables() -> list[Table]:
    """Return the tables of every app; one comes after those that it refers to, but in a circle."""
    every = (_options(model) for model in apps.get_models(include_auto_created=True))
    return in_order([_table(each) for each in every if each.managed and not each.proxy])


def in_order(tables: Iterable[Table]) -> list[Table]:
    """Sort tables so that what is referred to comes first, as far as there is no circle."""
    waiting = {table.name: table for table in tables}
    ordered: list[Table] = []
    while waiting:
        free = (each for each in waiting.values() if waiting.keys().isdisjoint(_others(each)))
        table = next(free, None) or next(iter(waiting.values()))
        ordered.append(waiting.pop(table.name))
    return ordered


def with_dangling(tables: Sequence[Table]) -> Iterator[tuple[Table, bool]]:
    """Go through tables in order; tell of each whether rows up to it point to later tables."""
    later = {table.name for table in tables}
    pointed_to: set[str] = set()
    for table in tables:
        later.discard(table.name)
        # Rows of one table may point to one another, too, in whatever order they come.
        pointed_to.update(table.references)
        yield table, table.name in table.references or not pointed_to.isdisjoint(later)


def _others(table: Table) -> set[str]:
    return set(table.references) - {table.name}


def _options(model: type[Model]) -> "Options[Any]":
    return model._meta  # noqa: SLF001 - Django documents it


def _table(options: "Options[Any]") -> Table:
    fields = options.local_concrete_fields
    targets = (field.remote_field.model for field in fields if field.remote_field is not None)
    return Table(
        name=options.db_table,
        columns=tuple(Column(str(field.column), _kind(field)) for field in fields),
        references=tuple(sorted({_options(target).db_table for target in targets})),
        counter=next((str(each.column) for each in fields if isinstance(each, AutoField)), None),
    )


def _kind(field: "Field[Any, Any]") -> Kind:
    while field.remote_field is not None:
        field = field.target_field  # type: ignore[attr-defined] # a foreign key, so it has one
    return _KINDS[field.get_internal_type()]
