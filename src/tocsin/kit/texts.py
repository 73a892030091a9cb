"""Columns as texts: what is only passed on is neither read into objects nor written out of them.

UUIDs with their dashes, moments as the contract writes them (UTC, whole seconds, `+00:00`), JSON as
it is stored; everything else as the database driver gives it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, UUIDField


def conversions(expressions: Iterable[Any]) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """Return what makes texts of the columns that these expressions select, by their numbers."""
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for number, each in enumerate(expressions):
        field = each.output_field
        field = getattr(field, "target_field", field)
        if isinstance(field, DateTimeField):
            found.append((number, moment))
        elif isinstance(field, UUIDField) and connection.vendor != "postgresql":
            found.append((number, uuid))
    return tuple(found)


def moment(stored: Any) -> str:
    """Write a moment that the database gave in UTC, as text or without a zone."""
    text = stored if isinstance(stored, str) else stored.isoformat()
    return f"{text[:10]}T{text[11:19]}+00:00"


def uuid(digits: str) -> str:
    """Write a UUID that is stored as 32 hexadecimal digits."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
