"""What a copy needs of a database."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from tocsin.copying.rows import Row
from tocsin.copying.tables import Table

# Rows read or written at a time: what a copy holds in memory.
BATCH = 2000


class Database(Protocol):
    """A database on a connection of its own. Methods raise CopyError where it refuses."""

    name: str

    def reading(self) -> AbstractContextManager[None]:
        """Read within one snapshot: what others write meanwhile is not seen."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Write within one transaction; an exception takes all of it back."""
        ...

    def read(self, table: Table) -> Iterator[Row]:
        """Yield a table's rows in the neutral form, in any order."""
        ...

    def write(self, table: Table, rows: Sequence[Row], *, dangling: bool) -> None:
        """Add rows; `dangling` where what they point to may come only later."""
        ...

    def has_rows(self, table: Table) -> bool:
        """Tell whether a table holds anything."""
        ...

    def clear(self, tables: Sequence[Table]) -> None:
        """Remove every row of these tables."""
        ...

    def counter(self, table: Table) -> int:
        """Return the last number that the database gave to a row of its own; 0 for none."""
        ...

    def set_counter(self, table: Table, number: int) -> None:
        """Let the next number be greater than this one and than those in the table."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...
