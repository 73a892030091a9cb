"""Spans of time after “in” and before “ago”, where many languages bend them."""

from datetime import datetime
from typing import Any

from django.utils.timesince import timesince
from django.utils.translation import npgettext_lazy

# Django's types want texts, its code takes what becomes one.
_UNITS: dict[str, Any] = {
    "year": npgettext_lazy("after “in” or before “ago”", "%(num)d year", "%(num)d years", "num"),
    "month": npgettext_lazy("after “in” or before “ago”", "%(num)d month", "%(num)d months", "num"),
    "week": npgettext_lazy("after “in” or before “ago”", "%(num)d week", "%(num)d weeks", "num"),
    "day": npgettext_lazy("after “in” or before “ago”", "%(num)d day", "%(num)d days", "num"),
    "hour": npgettext_lazy("after “in” or before “ago”", "%(num)d hour", "%(num)d hours", "num"),
    "minute": npgettext_lazy(
        "after “in” or before “ago”", "%(num)d minute", "%(num)d minutes", "num"
    ),
}


def span(start: datetime, end: datetime) -> str:
    """Write how long it is from one moment to another in its largest unit."""
    return timesince(start, end, depth=1, time_strings=_UNITS)
