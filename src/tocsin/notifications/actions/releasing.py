"""Letting go of what was held back, by quiet time or in a storm."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from tocsin.notifications.actions.folding import fold_into_few
from tocsin.notifications.messages import Gathering, MessageTransition
from tocsin.notifications.models import Delivery
from tocsin.notifications.models.ledger import DeliveryQuerySet
from tocsin.notifications.rules.quiet_time import quiet_until
from tocsin.notifications.rules.releasing import left_to_tell
from tocsin.notifications.rules.storm import Waiting
from tocsin.notifications.vocabulary import DeliveryStatus, Reason
from tocsin.sites.monitoring.queries import of_team

LIMIT = 100  # destinations
PENDING = DeliveryStatus.PENDING


def release(now: datetime) -> int:
    """Let go of what is due of the deferred, inside the caller's transaction; return how many.

    What a storm held back goes on at once. Of what quiet time held back, each issue that is still
    active is told once; a destination that has several to be told gets one message of them all.
    Of a site that has been snoozed meanwhile nothing is told.
    """
    due = Delivery.objects.filter(status=DeliveryStatus.DEFERRED, next_attempt_at__lte=now)
    # Whole destinations, so that what belongs together is judged together.
    concerned = set(due.order_by().values_list("destination_id", flat=True).distinct()[:LIMIT])
    if not concerned:
        return 0
    held = list(
        due.filter(destination_id__in=concerned)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("occurrence__issue__site", "team__monitoring")
        .order_by("occurrence_id")
    )
    # At the place in the queue that it had, or what comes in now would always go before it.
    storm = [each for each in held if each.reason == Reason.STORM]
    _rows(storm).update(status=PENDING, reason="", next_attempt_at=F("created_at"))
    _end_quiet_time([each for each in held if each.reason == Reason.QUIET_TIME], now)
    return len(held)


def _end_quiet_time(held: Sequence[Delivery], now: datetime) -> None:
    for until, rows in _by_end_of_quiet_time(held, now).items():
        if until is not None:  # the team's quiet time is another than when these were put off
            _rows(rows).update(next_attempt_at=until)
            continue
        snoozed = [each for each in rows if _is_snoozed(each, now)]
        _rows(snoozed).update(
            status=DeliveryStatus.SUPPRESSED, reason=Reason.SNOOZED, next_attempt_at=None
        )
        kept = list(_left_to_tell(each for each in rows if not _is_snoozed(each, now)))
        dropped = {each.pk for each in rows} - {each.pk for each in (*kept, *snoozed)}
        Delivery.objects.filter(pk__in=dropped).update(
            status=DeliveryStatus.SUPPRESSED, next_attempt_at=None
        )
        _rows(kept).update(status=PENDING, reason="", next_attempt_at=now)
        _gather(kept)


def _is_snoozed(delivery: Delivery, now: datetime) -> bool:
    issue = delivery.occurrence.issue
    until = issue.site.snoozed_until if issue is not None else None
    return until is not None and until > now


def _by_end_of_quiet_time(
    held: Iterable[Delivery], now: datetime
) -> dict[datetime | None, list[Delivery]]:
    found = defaultdict(list)
    for each in held:
        found[quiet_until(of_team(each.team).quiet_time, now)].append(each)
    return found


def _left_to_tell(rows: Iterable[Delivery]) -> Iterable[Delivery]:
    stories: dict[tuple[int, UUID], list[Delivery]] = defaultdict(list)
    for each in rows:
        stories[each.destination_id, each.subject].append(each)
    for story in stories.values():
        issue = story[0].occurrence.issue
        transitions = [MessageTransition(each.occurrence.transition) for each in story]
        place = left_to_tell(transitions, is_active=issue is not None and issue.is_active)
        if place is not None:
            yield story[place]


def _gather(kept: Iterable[Delivery]) -> None:
    """Fold what goes to one destination, but for what must wait for an earlier message."""
    by_destination = defaultdict(list)
    for each in _rows(kept).first_in_line().order_by("occurrence_id"):
        by_destination[each.destination_id].append(Waiting(each.pk, each.subject))
    fold_into_few(by_destination, Gathering.QUIET_TIME)


def _rows(deliveries: Iterable[Delivery]) -> DeliveryQuerySet:
    return Delivery.objects.filter(pk__in=[each.pk for each in deliveries])
