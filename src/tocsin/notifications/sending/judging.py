"""What an answer means: handed over, again later, or never again. Contract, section 8."""

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tocsin.notifications.messages import AttemptError, Verdict

REQUEST_TIMEOUT, TOO_MANY_REQUESTS = 408, 429

Judgement = tuple[Verdict, AttemptError | None]


def judge_status(code: int) -> Judgement:
    """Judge an HTTP status: 2xx is success; 408, 429 and 5xx come again; all else is final."""
    if code == TOO_MANY_REQUESTS:
        return Verdict.RETRY, AttemptError.RATE_LIMITED
    if code == REQUEST_TIMEOUT:
        return Verdict.RETRY, AttemptError.RECEIVER_FAILED
    match code // 100:
        case 2:
            return Verdict.DELIVERED, None
        case 3:
            return Verdict.FINAL, AttemptError.REDIRECTED
        case 4:
            return Verdict.FINAL, AttemptError.REFUSED
        case _:
            return Verdict.RETRY, AttemptError.RECEIVER_FAILED


def judge_failure(error: AttemptError) -> Verdict:
    """Judge a failure to get an answer: only what can never work is final."""
    if error in {AttemptError.EGRESS_REFUSED, AttemptError.INVALID_URL}:
        return Verdict.FINAL
    return Verdict.RETRY


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Read a Retry-After header: seconds, or a date. None where it says neither."""
    if value is None:
        return None
    value = value.strip()
    try:
        seconds = float(value)
    except ValueError:
        seconds = _seconds_until(value, now)
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _seconds_until(date: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return math.nan
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
