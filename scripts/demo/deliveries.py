"""How the messages of the past ended, so that nothing old is sent when Tocsin starts."""

from datetime import timedelta
from random import Random

from scripts.demo.cast import FAILING
from tocsin.kit import clock
from tocsin.notifications.messages import AttemptError
from tocsin.notifications.models import Delivery, DeliveryAttempt, Destination, InAppNotice
from tocsin.notifications.vocabulary import ON_THE_WAY, DeliveryStatus, Reason

# Delays of the attempts of a message that nobody took, in seconds after it was owed.
TRIES = (0, 10, 70, 370, 1270, 4870, 15670, 37270)
UNREAD = timedelta(hours=12)


def settle(seed: int, now: int) -> None:
    """End every message that is on its way, and mark what is old as read."""
    random = Random(f"{seed} deliveries")
    destinations = Destination.objects.in_bulk()
    waiting = list(Delivery.objects.filter(status__in=ON_THE_WAY).order_by("uuid"))
    attempts: list[DeliveryAttempt] = []
    for delivery in waiting:
        failing = destinations[delivery.destination_id].label == FAILING
        attempts += _refused(delivery, random) if failing else _taken(delivery, random)
    DeliveryAttempt.objects.bulk_create(attempts)
    Delivery.objects.bulk_update(
        waiting, ("status", "reason", "tries", "next_attempt_at", "delivered_at"), batch_size=200
    )
    _mark(destinations, now)
    moment = clock.from_timestamp(now)
    InAppNotice.objects.filter(occurrence__occurred_at__lt=moment - UNREAD).update(read_at=moment)


def _taken(delivery: Delivery, random: Random) -> list[DeliveryAttempt]:
    began = delivery.created_at + timedelta(milliseconds=random.randrange(200, 900))
    lasted = random.randrange(60, 420)
    delivery.status, delivery.tries, delivery.next_attempt_at = DeliveryStatus.DELIVERED, 1, None
    delivery.reason = ""
    delivery.delivered_at = began + timedelta(milliseconds=lasted)
    code = None if delivery.channel == "email" else 204
    return [_attempt(delivery, began, lasted, code)]


def _refused(delivery: Delivery, random: Random) -> list[DeliveryAttempt]:
    delivery.status, delivery.reason = DeliveryStatus.FAILED, Reason.RETRIES_EXHAUSTED
    delivery.tries, delivery.next_attempt_at = len(TRIES), None
    return [
        _attempt(
            delivery,
            delivery.created_at + timedelta(seconds=delay),
            random.randrange(20, 90),
            500,
            AttemptError.RECEIVER_FAILED,
        )
        for delay in TRIES
    ]


def _attempt(
    delivery: Delivery, at: object, lasted: int, code: int | None, error: str = ""
) -> DeliveryAttempt:
    return DeliveryAttempt(
        delivery=delivery,
        destination_id=delivery.destination_id,
        at=at,
        duration_ms=lasted,
        status_code=code,
        error=error,
        address="" if code is None else "127.0.0.1",
    )


def _mark(destinations: dict[int, Destination], now: int) -> None:
    for destination in destinations.values():
        if destination.label == FAILING:
            destination.failing_since = clock.from_timestamp(now) - timedelta(days=2)
            destination.marked_failing_at = clock.from_timestamp(now) - timedelta(days=1)
        elif destination.enabled:
            destination.last_success_at = clock.from_timestamp(now) - timedelta(minutes=20)
        destination.save()
