"""Values as the database driver takes them, for the raw statements of `bulk`."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from tocsin.kit import clock

_ENCODER = msgspec.json.Encoder()


def uuid_column(value: UUID) -> UUID | str:
    """Return a UUID as stored: native on PostgreSQL, 32 hex digits on SQLite."""
    return value if connection.features.has_native_uuid_field else value.hex


def moment_column(seconds: float) -> Any:
    """Return epoch seconds as a stored timestamp."""
    return connection.ops.adapt_datetimefield_value(clock.from_timestamp(seconds))


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
