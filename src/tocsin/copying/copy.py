"""Copies every table from one database into another, and counts and hashes both sides."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from tocsin.copying.database import BATCH, Database
from tocsin.copying.errors import CopyError
from tocsin.copying.rows import Digest, Row, encode
from tocsin.copying.tables import Table, with_dangling

# Told of a table's name and how many more of its rows are done.
OnProgress = Callable[[str, int], None]


class Copied(msgspec.Struct, frozen=True):
    """One table after a copy: rows and hash of both sides."""

    table: str
    rows: int
    hash: str
    target_rows: int
    target_hash: str
    ok: bool


class Differs(CopyError):  # noqa: N818 - it is a verdict
    """What arrived is not what was sent, so nothing was kept."""

    def __init__(self, copied: Sequence[Copied]) -> None:
        self.copied = copied
        names = ", ".join(each.table for each in copied if not each.ok)
        super().__init__(f"The copy differs in {names}; the target was left as it was.")


def copy(
    source: Database, target: Database, tables: Sequence[Table], on_progress: OnProgress
) -> list[Copied]:
    """Replace the target's rows by the source's, as they are at one moment.

    All or nothing: raises Differs, or CopyError, with the target as it was.
    """
    with source.reading(), target.writing():
        target.clear(tables[::-1])
        sent = {
            table.name: load(table, source.read(table), target, on_progress, dangling=dangling)
            for table, dangling in with_dangling(tables)
        }
        for table in tables:
            if table.counter:
                target.set_counter(table, source.counter(table))
        copied = [_compared(table, sent[table.name], target) for table in tables]
        if not all(each.ok for each in copied):
            raise Differs(copied)
    return copied


def load(
    table: Table, rows: Iterable[Row], target: Database, on_progress: OnProgress, *, dangling: bool
) -> Digest:
    """Write rows in batches; return the digest of what was sent."""
    digest = Digest()
    for batch in batched(rows):
        target.write(table, batch, dangling=dangling)
        for row in batch:
            digest.add(encode(row))
        on_progress(table.name, len(batch))
    return digest


def digest_of(table: Table, database: Database) -> Digest:
    """Read a table once more, and count and hash it."""
    digest = Digest()
    for row in database.read(table):
        digest.add(encode(row))
    return digest


def batched(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows many at a time."""
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _compared(table: Table, sent: Digest, target: Database) -> Copied:
    kept = digest_of(table, target)
    same = (sent.rows, sent.hash) == (kept.rows, kept.hash)
    return Copied(table.name, sent.rows, sent.hash, kept.rows, kept.hash, same)
