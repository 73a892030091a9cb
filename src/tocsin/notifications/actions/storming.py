"""Storm control: so many messages a minute a destination, the rest in one."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q

from tocsin.notifications.actions.folding import fold_into_few
from tocsin.notifications.limits import Limits
from tocsin.notifications.messages import Gathering
from tocsin.notifications.models import Delivery, DeliveryAttempt
from tocsin.notifications.models.ledger import DeliveryQuerySet
from tocsin.notifications.rules.storm import WINDOW, Waiting, free_again, overflow
from tocsin.notifications.vocabulary import DeliveryStatus, Reason


@dataclass(frozen=True, slots=True)
class Room:
    """For how many more messages there is room now, and when for the next after those."""

    free: int
    again_at: datetime


def rooms(
    destination_ids: Collection[int], under_way: Mapping[int, int], now: datetime, limits: Limits
) -> dict[int, Room]:
    """Return the room of each destination. One query."""
    sent = DeliveryAttempt.objects.filter(destination__in=destination_ids, at__gt=now - WINDOW)
    counted = {
        key: (count, first)
        for key, count, first in sent.values_list("destination_id")
        .annotate(count=Count("id"), first=Min("at"))
        .order_by()
    }
    found = {}
    for key in destination_ids:
        count, first = counted.get(key, (0, None))
        free = limits.messages_a_minute - count - under_way.get(key, 0)
        found[key] = Room(max(free, 0), free_again(first, now))
    return found


def hold_back(due: DeliveryQuerySet, storming: Mapping[int, Room]) -> None:
    """Fold what the destinations in `storming` have no room for, until they have some again."""
    over = {
        key: overflow(waiting, storming[key].free)
        for key, waiting in _waiting(due.filter(destination__in=storming)).items()
    }
    # One that was held back before may still take others in.
    held = Delivery.objects.filter(
        destination__in=storming,
        status=DeliveryStatus.DEFERRED,
        reason=Reason.STORM,
        folded_into__isnull=True,
    )
    for key, waiting in _waiting(held).items():
        over[key] = [*waiting, *over.get(key, ())]
    again_at = {each.uuid: storming[key].again_at for key, rows in over.items() for each in rows}
    for fold in fold_into_few(over, Gathering.STORM):
        Delivery.objects.filter(pk=fold.carrier).update(
            status=DeliveryStatus.DEFERRED,
            reason=Reason.STORM,
            next_attempt_at=again_at[fold.carrier],
        )


def _waiting(rows: DeliveryQuerySet) -> dict[int, list[Waiting]]:
    under_way = Q(tries__gt=0) | Q(leased_until__isnull=False)
    movable = set(rows.exclude(under_way).first_in_line(of=under_way).values_list("pk", flat=True))
    carried = _members_of(rows)
    found = defaultdict(list)
    locked = rows.select_for_update(skip_locked=True, of=("self",))
    for row in locked.order_by("next_attempt_at", "occurrence_id"):
        waiting = Waiting(row.pk, row.subject, row.pk in movable, carried.get(row.pk, 0))
        found[row.destination_id].append(waiting)
    return found


def _members_of(rows: DeliveryQuerySet) -> dict[UUID | None, int]:
    folded = Delivery.objects.filter(folded_into__in=rows.values("pk")).order_by()
    return dict(folded.values_list("folded_into").annotate(count=Count("uuid")))
