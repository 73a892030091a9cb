"""Telling several deliveries by one message. None is dropped: each says by which it is told."""

from collections.abc import Iterable, Mapping, Sequence

from tocsin.kit.crypto import UndecryptableError
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.channels.registry import CHANNELS
from tocsin.notifications.messages import Gathering
from tocsin.notifications.models import Delivery, Destination
from tocsin.notifications.rules.storm import Fold, Waiting, fold
from tocsin.notifications.sealing import target_of
from tocsin.notifications.vocabulary import DeliveryStatus, Reason

REASONS = {Gathering.STORM: Reason.STORM, Gathering.QUIET_TIME: Reason.QUIET_TIME}


def fold_into_few(waiting: Mapping[int, Sequence[Waiting]], gathering: Gathering) -> list[Fold]:
    """Fold what waits, by destination; call with the deliveries locked."""
    destinations = Destination.objects.in_bulk(waiting)
    folds = [
        each
        for key, destination in destinations.items()
        for each in fold(waiting[key], most_notices(destination))
    ]
    _write(folds, gathering)
    return folds


def most_notices(destination: Destination) -> int:
    """Return how many notices one message to a destination can list."""
    try:
        target = target_of(destination)
    except UndecryptableError:  # it will fail, and that message by message
        return 1
    return CHANNELS[ChannelKind(destination.channel)].most_notices(target)


def _write(folds: Iterable[Fold], gathering: Gathering) -> None:
    for each in folds:
        if not each.members:
            continue
        members = Delivery.objects.filter(pk__in=each.members)
        Delivery.objects.filter(folded_into__in=each.members).update(folded_into=each.carrier)
        members.update(
            status=DeliveryStatus.DEFERRED,
            reason=REASONS[gathering],
            gathering=gathering,
            folded_into=each.carrier,
            next_attempt_at=None,
        )
