"""How long tokens live, and when their owners are told; contract, section 1."""

import calendar
from datetime import datetime, timedelta
from enum import StrEnum

LIFETIME_MONTHS = 6
EARLY = timedelta(days=14)
LATE = timedelta(days=3)


class Reminder(StrEnum):
    """Which of the two mails before expiry."""

    EARLY = "early"
    LATE = "late"


def expiry_of(created_at: datetime) -> datetime:
    """Return the moment six calendar months later; 31 August leads to the last of February."""
    years, month_index = divmod(created_at.month - 1 + LIFETIME_MONTHS, 12)
    year, month = created_at.year + years, month_index + 1
    day = min(created_at.day, calendar.monthrange(year, month)[1])
    return created_at.replace(year=year, month=month, day=day)


def due_reminder(
    *, expires_at: datetime, early_sent: bool, late_sent: bool, now: datetime
) -> Reminder | None:
    """Decide which mail a token's owner is owed now; one that was missed is not sent late."""
    left = expires_at - now
    if left <= timedelta(0) or left > EARLY:
        return None
    if left <= LATE:
        return None if late_sent else Reminder.LATE
    return None if early_sent else Reminder.EARLY
