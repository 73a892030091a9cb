"""What follows from an attempt: done, again later, or never again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.notifications.messages import Attempt, AttemptError, Verdict
from tocsin.notifications.vocabulary import DeliveryStatus, Reason

# From the end of the attempt before.
RETRY_DELAYS = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
)
# A receiver may ask for patience, but not for ever.
LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a delivery stands after an attempt; `next_attempt_at` where there is another."""

    status: DeliveryStatus
    reason: Reason | None = None
    next_attempt_at: datetime | None = None


def outcome_of(
    attempt: Attempt,
    *,
    tries: int,
    ended_at: datetime,
    delays: Sequence[timedelta] = RETRY_DELAYS,
) -> Outcome:
    """Decide after an attempt that was number `tries`, from 1, of its delivery.

    `delays` say how often, and after how long, it is tried again.
    """
    match attempt.verdict:
        case Verdict.DELIVERED:
            return Outcome(DeliveryStatus.DELIVERED)
        case Verdict.FINAL if attempt.error is AttemptError.EGRESS_REFUSED:
            return Outcome(DeliveryStatus.SUPPRESSED, Reason.EGRESS_REFUSED)
        case Verdict.FINAL:
            return Outcome(DeliveryStatus.FAILED, Reason.REFUSED)
        case Verdict.RETRY:
            return _again(attempt, tries, ended_at, delays)


def _again(
    attempt: Attempt, tries: int, ended_at: datetime, delays: Sequence[timedelta]
) -> Outcome:
    if tries > len(delays):
        return Outcome(DeliveryStatus.FAILED, Reason.RETRIES_EXHAUSTED)
    asked = timedelta(seconds=min(attempt.retry_after or 0.0, LONGEST_WAIT.total_seconds()))
    wait = max(delays[tries - 1], asked)
    return Outcome(DeliveryStatus.PENDING, next_attempt_at=ended_at + wait)
