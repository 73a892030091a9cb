"""Noticing destinations that have taken nothing for a day, and telling who can mend it, once."""

from datetime import datetime

from django.db import transaction

from tocsin.notifications import mails
from tocsin.notifications.models import Destination
from tocsin.notifications.rules.failing import FAILING_AFTER


def mark_failing(now: datetime) -> int:
    """Mark what is enabled and has failed for a day; return how many. The next success unmarks it.

    The mark is set by a guarded update in the transaction that mails, so of two at once one tells.
    """
    long = Destination.objects.filter(
        enabled=True, failing_since__lte=now - FAILING_AFTER, marked_failing_at__isnull=True
    )
    return sum(_mark(destination, now) for destination in long.select_related("team"))


@transaction.atomic
def _mark(destination: Destination, now: datetime) -> bool:
    still = Destination.objects.filter(
        pk=destination.pk, failing_since__isnull=False, marked_failing_at__isnull=True
    )
    if not still.update(marked_failing_at=now):
        return False
    mails.send_failing(destination)
    return True
