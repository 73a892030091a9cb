"""For how long a site may be snoozed from the dashboard."""

from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHOICES: tuple[tuple[str, Promise], ...] = (
    ("1h", _("1 hour")),
    ("4h", _("4 hours")),
    ("1d", _("1 day")),
    ("7d", _("7 days")),
    ("30d", _("30 days")),
)
_SPANS = {
    "1h": timedelta(hours=1),
    "4h": timedelta(hours=4),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}


def snoozed_until(choice: str, now: datetime) -> datetime | None:
    """Return until when a choice snoozes; None ends it. Raises KeyError for what is none."""
    return now + _SPANS[choice] if choice else None
