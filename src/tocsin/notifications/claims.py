"""Claiming deliveries that are due, exactly once however many notifiers run, fair to destinations.

One transaction. What is due is ranked within its destination, so that one with a long queue is read
no further than another; PostgreSQL locks the rows and skips those that another claim holds, SQLite
takes its write lock when the transaction begins.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Min, Q, Window
from django.db.models.functions import RowNumber

from tocsin.notifications.actions.releasing import release
from tocsin.notifications.actions.storming import Room, hold_back, rooms
from tocsin.notifications.addresses import Mailbox, confirmed, mailboxes_of
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.limits import LIMITS, Limits
from tocsin.notifications.messages import Gathering, Mark, Message, TeamRef
from tocsin.notifications.models import Delivery, DeliveryAttempt, Destination, Escalation
from tocsin.notifications.models.ledger import DeliveryQuerySet
from tocsin.notifications.notices import told
from tocsin.notifications.vocabulary import ON_THE_WAY, DeliveryStatus, Reason


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message to send now.

    `addresses` are those of a mail destination that agreed to it, `reached` the marks of those
    that have it from an earlier attempt.
    """

    message: Message
    destination: Destination = field(repr=False)
    tries: int
    members: int = 0
    addresses: frozenset[str] = field(default=frozenset(), repr=False)
    reached: frozenset[str] = frozenset()

    @property
    def uuid(self) -> UUID:
        """Return the delivery's id."""
        return self.message.delivery

    @property
    def is_reachable(self) -> bool:
        """Tell whether there is anybody to send to."""
        return self.destination.channel != ChannelKind.EMAIL or bool(self.addresses)


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A delivery that is due, and how many more are for its destination."""

    uuid: UUID
    destination_id: int
    waiting: int


def next_due() -> datetime | None:
    """Return when the next delivery or escalation is due; None where nothing waits."""
    queue = Delivery.objects.filter(status__in=ON_THE_WAY, next_attempt_at__isnull=False)
    first = queue.filter(leased_until__isnull=True).aggregate(at=Min("next_attempt_at"))["at"]
    left = queue.filter(leased_until__isnull=False).aggregate(at=Min("leased_until"))["at"]
    again = Escalation.objects.aggregate(at=Min("next_at"))["at"]
    return min((each for each in (first, left, again) if each is not None), default=None)


@transaction.atomic
def claim(
    now: datetime, under_way: Mapping[int, int], *, limit: int, limits: Limits = LIMITS
) -> list[Claimed]:
    """Take up to `limit` messages that are due; each is leased until somebody records how it went.

    `under_way` says how many this notifier sends to each destination already.
    """
    release(now)
    ranked = _ranked(now, under_way, limits)
    if not ranked:
        return []
    ids = {each.destination_id for each in ranked}
    room = rooms(ids, under_way, now, limits)
    storming = [each for each in ranked if each.waiting > room[each.destination_id].free]
    if storming:
        hold_back(_free(now), {each.destination_id: room[each.destination_id] for each in storming})
    destinations = Destination.objects.in_bulk(ids)
    chosen = _choose(ranked, destinations, under_way, room, limits)
    rows = _lock(_free(now).filter(pk__in=chosen[:limit]))
    claimed = claimed_of(_without_gone(rows, destinations), destinations)
    # Somebody who had agreed may have left the team since.
    _end(Reason.ADDRESS_UNCONFIRMED, [each.uuid for each in claimed if not each.is_reachable])
    reachable = [each for each in claimed if each.is_reachable]
    Delivery.objects.filter(pk__in=[each.uuid for each in reachable]).update(
        leased_until=now + limits.lease
    )
    return reachable


def _free(now: datetime) -> DeliveryQuerySet:
    """Return what is due and nobody sends."""
    unleased = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
    return Delivery.objects.filter(
        unleased, status=DeliveryStatus.PENDING, next_attempt_at__lte=now
    )


def _ranked(now: datetime, under_way: Mapping[int, int], limits: Limits) -> list[_Ranked]:
    busy = [key for key, count in under_way.items() if count >= limits.at_once_a_destination]
    found = (
        _free(now)
        .exclude(destination__in=busy)
        .first_in_line()
        .annotate(
            place=Window(
                RowNumber(),
                partition_by=F("destination_id"),
                order_by=("next_attempt_at", "occurrence_id"),
            ),
            waiting=Window(Count("*"), partition_by=F("destination_id")),
        )
        .filter(place__lte=limits.at_once_a_destination)
        .order_by("place", "next_attempt_at")
    )
    return [_Ranked(*row) for row in found.values_list("uuid", "destination_id", "waiting")]


def _choose(
    ranked: Sequence[_Ranked],
    destinations: Mapping[int, Destination],
    under_way: Mapping[int, int],
    room: Mapping[int, Room],
    limits: Limits,
) -> list[UUID]:
    """Choose as many for each destination as it takes now; the first of each come first."""
    chosen: list[UUID] = []
    taken: Counter[int] = Counter()
    for each in ranked:
        key = each.destination_id
        destination = destinations.get(key)
        failing = destination is not None and destination.failing_since is not None
        most = limits.at_once_failing if failing else limits.at_once_a_destination
        if taken[key] < min(most - under_way.get(key, 0), room[key].free):
            taken[key] += 1
            chosen.append(each.uuid)
    return chosen


def _lock(rows: DeliveryQuerySet) -> list[Delivery]:
    found = rows.select_for_update(skip_locked=True, of=("self",))
    return list(found.select_related("occurrence", "team").order_by("occurrence_id"))


def _without_gone(
    rows: Iterable[Delivery], destinations: Mapping[int, Destination]
) -> list[Delivery]:
    """End what is owed to destinations that were deleted or disabled meanwhile; keep the rest."""
    sound: list[Delivery] = []
    ended: dict[Reason, list[UUID]] = defaultdict(list)
    for row in rows:
        destination = destinations.get(row.destination_id)
        if destination is None:
            ended[Reason.DESTINATION_DELETED].append(row.pk)
        elif not destination.enabled:
            ended[Reason.DISABLED].append(row.pk)
        else:
            sound.append(row)
    for reason, ids in ended.items():
        _end(reason, ids)
    return sound


def _end(reason: Reason, ids: Sequence[UUID]) -> None:
    """Suppress deliveries with what they carry."""
    if ids:
        Delivery.objects.filter(Q(pk__in=ids) | Q(folded_into__in=ids)).update(
            status=DeliveryStatus.SUPPRESSED, reason=reason, next_attempt_at=None
        )


def claimed_of(rows: Sequence[Delivery], destinations: Mapping[int, Destination]) -> list[Claimed]:
    """Put together what is needed to send deliveries: at most five queries."""
    members, reached = _members(rows), _reached(rows)
    agreed = confirmed(
        box
        for key in {row.destination_id for row in rows}
        for box in mailboxes_of(destinations[key])
    )
    return [
        Claimed(
            message=_message(row, members[row.pk]),
            destination=destinations[row.destination_id],
            tries=row.tries,
            members=len(members[row.pk]),
            addresses=_addresses(destinations[row.destination_id], agreed),
            reached=frozenset(reached[row.pk]),
        )
        for row in rows
    ]


def _members(rows: Sequence[Delivery]) -> Mapping[UUID, list[Delivery]]:
    found: dict[UUID, list[Delivery]] = defaultdict(list)
    folded = Delivery.objects.filter(
        folded_into__in=[row.pk for row in rows], status=DeliveryStatus.DEFERRED
    )
    for each in folded.select_related("occurrence").order_by("occurrence_id"):
        if each.folded_into_id is not None:
            found[each.folded_into_id].append(each)
    return found


def _reached(rows: Sequence[Delivery]) -> Mapping[UUID, list[str]]:
    """Return the marks of mail addresses that have it since it was queued. One query, or none."""
    tries = {row.pk: row.tries for row in rows if row.channel == ChannelKind.EMAIL and row.tries}
    found: dict[UUID, list[str]] = defaultdict(list)
    if not tries:
        return found
    attempts = DeliveryAttempt.objects.filter(delivery__in=tries).order_by("-pk")
    for uuid, marks in attempts.values_list("delivery_id", "reached"):
        if tries[uuid]:
            tries[uuid] -= 1
            found[uuid].extend(marks)
    return found


def _addresses(destination: Destination, agreed: set[Mailbox]) -> frozenset[str]:
    return frozenset(box.address for box in mailboxes_of(destination) if box in agreed)


def _message(row: Delivery, members: Sequence[Delivery]) -> Message:
    mark, gathering = row.occurrence.mark, [each.gathering for each in members]
    return Message(
        delivery=row.pk,
        team=TeamRef(row.team_id, row.team.name),
        notices=tuple(told(each.occurrence.notice, each.pk) for each in (row, *members)),
        gathering=Gathering(gathering[0]) if gathering else None,
        mark=Mark(mark) if mark else None,
    )
