"""When an active issue is told again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tocsin.sites.monitoring.vocabulary import MINUTES_OF_A_DAY

DAY = timedelta(minutes=MINUTES_OF_A_DAY)


def next_escalation(
    intervals: Sequence[int], opened_at: datetime, *, after: datetime | None, now: datetime
) -> datetime | None:
    """Return when an issue that opened at `opened_at` is told again next; None for never.

    `intervals` are minutes after the opening; a day repeats. `after` is the moment up to which
    everything was told, None where nothing was in this cycle. Where whole days went by untold
    (nobody was there to tell), only the latest of them is left.
    """
    moments = [
        opened_at + timedelta(minutes=each) for each in intervals if each != MINUTES_OF_A_DAY
    ]
    ahead = [moment for moment in moments if after is None or moment > after]
    if MINUTES_OF_A_DAY in intervals:
        ahead.append(_next_day(opened_at, after, now))
    return min(ahead, default=None)


def _next_day(opened_at: datetime, after: datetime | None, now: datetime) -> datetime:
    told = 0 if after is None else (after - opened_at) // DAY
    passed = (now - opened_at) // DAY
    return opened_at + max(told + 1, passed) * DAY
