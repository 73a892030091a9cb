"""How many messages a destination may get, and what becomes of the others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

WINDOW = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that is due, about `subject`.

    `may_fold`: nobody has tried to send it, so it may still change, and it need not wait for an
    earlier one that somebody has. `members`: how many others its message tells already.
    """

    uuid: UUID
    subject: UUID
    may_fold: bool = True
    members: int = 0


@dataclass(frozen=True, slots=True)
class Fold:
    """`members`, and what they carry themselves, are told by the message of `carrier`."""

    carrier: UUID
    members: tuple[UUID, ...]


def overflow(waiting: Sequence[Waiting], room: int) -> list[Waiting]:
    """Return what a destination has no room for, of what waits in the order in which it is due.

    What was tried already is left as it is: the receiver may have it under its own id. So is what
    comes after a message of the same issue that goes on its own, or it could overtake that one.
    """
    alone = [*waiting[:room], *(each for each in waiting[room:] if not each.may_fold)]
    ahead = {each.subject for each in alone}
    return [each for each in waiting[room:] if each.may_fold and each.subject not in ahead]


def fold(waiting: Iterable[Waiting], most: int) -> Iterator[Fold]:
    """Fold deliveries into as few messages as can be, of at most `most` notices each.

    One that carries others already goes on to do so.
    """
    carrier: Waiting | None = None
    members: list[Waiting] = []
    for each in sorted(waiting, key=lambda one: one.members, reverse=True):
        size = 0 if carrier is None else _size([carrier, *members])
        if carrier is not None and size + _size([each]) <= most:
            members.append(each)
            continue
        if carrier is not None:
            yield Fold(carrier.uuid, tuple(one.uuid for one in members))
        carrier, members = each, []
    if carrier is not None:
        yield Fold(carrier.uuid, tuple(one.uuid for one in members))


def free_again(first_sent: datetime | None, now: datetime) -> datetime:
    """Return when the window has room again whose first message was sent at `first_sent`."""
    return now if first_sent is None else first_sent + WINDOW


def _size(deliveries: Iterable[Waiting]) -> int:
    return sum(1 + each.members for each in deliveries)
