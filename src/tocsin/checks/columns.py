"""Values as the database driver takes them, for the raw statements of `bulk`."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models.expressions import RawSQL

from tocsin.kit import clock

_ENCODER = msgspec.json.Encoder()


def uuid_column(value: UUID) -> UUID | str:
    """Return a UUID as stored: native on PostgreSQL, 32 hex digits on SQLite."""
    return value if _is_native() else value.hex


def moment_column(seconds: float) -> datetime | str:
    """Return epoch seconds as a stored timestamp: native on PostgreSQL, UTC text on SQLite."""
    moment = clock.from_timestamp(seconds)
    return moment if _is_native() else str(moment.replace(tzinfo=None))


def date_column(value: date) -> Any:
    """Return a date as stored."""
    return connection.ops.adapt_datefield_value(value)


def json_column(value: object) -> str | None:
    """Return JSON text that both databases take; None stays null.

    Raises TypeError, ValueError or RecursionError for what has no JSON form.
    """
    if value is None:
        return None
    text = _ENCODER.encode(value).decode()
    # PostgreSQL refuses the null character, which a site may well send.
    return text.replace("\\u0000", "\\ufffd") if "\\u0000" in text else text


def among_numbers(keys: Collection[int]) -> RawSQL:
    """Return what stands on the right of `__in` for hundreds of keys: one parameter for all.

    Django alone would look at each key several times and write it into the statement.
    """
    if _is_native():
        return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])
    return RawSQL("SELECT value FROM json_each(%s)", [json_column(list(keys))])


def among_uuids(keys: Collection[UUID]) -> RawSQL:
    """Return the same for UUIDs."""
    if _is_native():
        return RawSQL("SELECT unnest(%s::uuid[])", [list(keys)])
    return RawSQL("SELECT value FROM json_each(%s)", [json_column([key.hex for key in keys])])


@cache
def _is_native() -> bool:
    """Tell whether the database has types of its own for UUIDs and moments, as PostgreSQL has.

    Asked once a process: Django's connection takes longer to say so than a value to be converted.
    """
    return bool(connection.features.has_native_uuid_field)
