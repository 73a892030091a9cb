"""Writing down how attempts ended, many to a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tocsin.checks.bulk import write_many
from tocsin.checks.columns import uuid_column
from tocsin.notifications import bulk
from tocsin.notifications.claims import Claimed
from tocsin.notifications.messages import Attempt, Mark
from tocsin.notifications.models import Delivery, DeliveryAttempt
from tocsin.notifications.rules.retrying import RETRY_DELAYS, outcome_of
from tocsin.notifications.vocabulary import DeliveryStatus


@dataclass(frozen=True, slots=True)
class Tried:
    """A message that was sent at `at`, and how that ended."""

    claimed: Claimed
    at: datetime
    attempt: Attempt

    @property
    def ended_at(self) -> datetime:
        """Return when it ended."""
        return self.at + timedelta(milliseconds=self.attempt.duration_ms)


@transaction.atomic
def record(tried: Sequence[Tried]) -> None:
    """Keep attempts and settle their deliveries, with those that the same messages told.

    Destinations are written first, in one order, as by whoever changes them.
    """
    _note_health(tried)
    kept = _still_kept(tried)
    DeliveryAttempt.objects.bulk_create(_row(each) for each in kept)
    settled = [(each, _settlement(each)) for each in kept]
    write_many(bulk.SETTLE_DELIVERY, [row for _, row in settled])
    write_many(
        bulk.SETTLE_MEMBERS,
        [
            (status, reason, delivered_at, uuid)
            for each, (status, reason, _, _, delivered_at, uuid) in settled
            if each.claimed.members and status != DeliveryStatus.PENDING
        ],
    )


def _still_kept(tried: Sequence[Tried]) -> list[Tried]:
    """Leave out what somebody deleted meanwhile, with its issue or site; hold the rest."""
    ids = [each.claimed.uuid for each in tried]
    rows = Delivery.objects.select_for_update(no_key=True).filter(pk__in=ids)
    found = set(rows.order_by("pk").values_list("pk", flat=True))
    return [each for each in tried if each.claimed.uuid in found]


def _row(tried: Tried) -> DeliveryAttempt:
    attempt = tried.attempt
    return DeliveryAttempt(
        delivery_id=tried.claimed.uuid,
        destination_id=tried.claimed.destination.pk,
        at=tried.at,
        duration_ms=attempt.duration_ms,
        status_code=attempt.status_code,
        error=attempt.error or "",
        detail=attempt.detail,
        address=attempt.address or "",
        answer=attempt.answer,
        reached=list(attempt.reached),
    )


def _settlement(tried: Tried) -> tuple[Any, ...]:
    tries = tried.claimed.tries + 1
    # Whoever tries a destination out waits for the answer: a second one would only surprise.
    delays = () if tried.claimed.message.mark is Mark.TEST else RETRY_DELAYS
    outcome = outcome_of(tried.attempt, tries=tries, ended_at=tried.ended_at, delays=delays)
    return (
        outcome.status.value,
        outcome.reason.value if outcome.reason else "",
        _moment(outcome.next_attempt_at),
        tries,
        _moment(tried.ended_at if tried.attempt.ok else None),
        uuid_column(tried.claimed.uuid),
    )


def _note_health(tried: Sequence[Tried]) -> None:
    """Note for each destination whether it works; of several attempts a success decides."""
    ordered = sorted(tried, key=lambda each: each.claimed.destination.pk)
    worked = {each.claimed.destination.pk: each.ended_at for each in ordered if each.attempt.ok}
    failed = {
        each.claimed.destination.pk: each.ended_at
        for each in ordered
        if each.claimed.destination.pk not in worked
    }
    write_many(bulk.NOTE_SUCCESS, [(_moment(at), key) for key, at in worked.items()])
    write_many(bulk.NOTE_FAILURE, [(_moment(at), key) for key, at in failed.items()])


def _moment(value: datetime | None) -> Any:
    return None if value is None else connection.ops.adapt_datetimefield_value(value)
