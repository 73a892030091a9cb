"""One neutral form of a row, the same whichever database it comes from, and hashes over it."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec

from tocsin.copying.tables import Kind, Table

# Of these columns: int, float, bool, str, UUID, datetime (UTC), date, timedelta, bytes or None.
# JSON is text in its canonical form.
Row = tuple[Any, ...]

_TYPES: dict[Kind, Any] = {
    Kind.INTEGER: int,
    Kind.REAL: float,
    Kind.BOOLEAN: bool,
    Kind.TEXT: str,
    Kind.ADDRESS: str,
    Kind.UUID: UUID,
    Kind.MOMENT: datetime,
    Kind.DATE: date,
    Kind.DURATION: timedelta,
    Kind.JSON: str,
    Kind.BYTES: bytes,
}
_DIGEST_BYTES = 32
# From here on PostgreSQL writes floats in JSON as whole numbers, without an exponent.
_WHOLE_FROM = 1e16

encode: Callable[[Row], bytes] = msgspec.msgpack.Encoder(uuid_format="bytes").encode


def decoder(table: Table) -> Callable[[bytes], Row]:
    """Return what reads a table's encoded rows. It raises msgspec.DecodeError on anything else."""
    types = tuple(_TYPES[column.kind] | None for column in table.columns)
    return msgspec.msgpack.Decoder(tuple[types]).decode  # type: ignore[valid-type]


def canonical_json(text: str) -> str:
    """Write JSON in the one form that both databases agree on: sorted keys, no spaces.

    Every number keeps its value: PostgreSQL stores decimals of any length and SQLite the text.
    """
    value = json.loads(text, parse_float=_number)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _number(text: str) -> int | float:
    value = float(text) + 0.0  # there is no negative zero in PostgreSQL's JSON
    return int(value) if abs(value) >= _WHOLE_FROM and value.is_integer() else value


class Digest:
    """Counts encoded rows and hashes them, in whatever order they come.

    The hash is the sum of the rows' own hashes, so that no two databases need to sort alike.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, encoded: bytes) -> None:
        """Take one more row."""
        self.rows += 1
        self._sum += int.from_bytes(blake2b(encoded, digest_size=_DIGEST_BYTES).digest(), "big")

    @property
    def hash(self) -> str:
        """Return 64 hexadecimal digits."""
        return f"{self._sum % 2 ** (8 * _DIGEST_BYTES):0{2 * _DIGEST_BYTES}x}"
