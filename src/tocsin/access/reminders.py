"""Tell owners that their tokens will expire, 14 and 3 days before."""

from datetime import datetime

from django.db.models import Q

from tocsin.access.lifetime import EARLY, Reminder, due_reminder
from tocsin.access.models import Token
from tocsin.kit import mail

MARKS = {Reminder.EARLY: "reminded_early_at", Reminder.LATE: "reminded_late_at"}


def send_expiry_reminders(now: datetime) -> int:
    """Send what is due and return how many mails; running it again, or twice at once, sends none.

    The mark is set by a guarded update before the mail is handed over, so two housekeepers never
    both send.
    """
    ending = Token.objects.filter(
        Q(reminded_early_at__isnull=True) | Q(reminded_late_at__isnull=True),
        revoked_at__isnull=True,
        expires_at__gt=now,
        expires_at__lte=now + EARLY,
        user__is_active=True,
    )
    return sum(_remind(token, now) for token in ending.select_related("user").iterator())


def _remind(token: Token, now: datetime) -> bool:
    reminder = due_reminder(
        expires_at=token.expires_at,
        early_sent=token.reminded_early_at is not None,
        late_sent=token.reminded_late_at is not None,
        now=now,
    )
    if reminder is None:
        return False
    mark = MARKS[reminder]
    unmarked = Token.objects.filter(pk=token.pk, **{f"{mark}__isnull": True})
    if not unmarked.update(**{mark: now}):
        return False
    days = max(1, round((token.expires_at - now).total_seconds() / 86400))
    reader = token.user
    context = {"token": token, "days": days}
    mail.send("access/token_expiring", reader.email, context, language=reader.language)
    return True
