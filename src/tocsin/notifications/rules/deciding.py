"""Whether something that happened is told to a destination: now, later, or not and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.notifications.messages import MessageTransition
from tocsin.notifications.rules.quiet_time import quiet_until
from tocsin.notifications.vocabulary import DeliveryStatus, Reason, Subscription
from tocsin.sites.monitoring.schema import QuietTime

NO_QUIET_TIME = QuietTime()


@dataclass(frozen=True, slots=True)
class Told:
    """An earlier delivery of the same issue's cycle to the same destination.

    `is_folded` where the message of another delivery tells it.
    """

    status: DeliveryStatus
    reason: Reason | None = None
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened. `tool` is None where it is of no tool, such as in a drill.

    `openings` are the earlier deliveries of the cycle's opening and escalations.
    """

    transition: MessageTransition
    tool: str | None = None
    snoozed_until: datetime | None = None
    openings: Sequence[Told] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a destination and its team want. `tools` None: all."""

    enabled: bool = True
    events: Sequence[str] = tuple(Subscription)
    tools: Sequence[str] | None = None
    reachable: bool = True  # False where no address of it is confirmed
    quiet_time: QuietTime = NO_QUIET_TIME


@dataclass(frozen=True, slots=True)
class Decision:
    """How a delivery begins."""

    status: DeliveryStatus
    reason: Reason | None = None
    next_attempt_at: datetime | None = None


def decide(facts: Facts, wishes: Wishes, now: datetime) -> Decision:
    """Decide what is owed to a destination; the first reason against it counts."""
    reason = _reason_against(facts, wishes, now)
    if reason is not None:
        return Decision(DeliveryStatus.SUPPRESSED, reason)
    quiet = quiet_until(wishes.quiet_time, now)
    if quiet is not None:
        return Decision(DeliveryStatus.DEFERRED, Reason.QUIET_TIME, quiet)
    return Decision(DeliveryStatus.PENDING, next_attempt_at=now)


def _reason_against(facts: Facts, wishes: Wishes, now: datetime) -> Reason | None:
    snoozed = facts.snoozed_until is not None and facts.snoozed_until > now
    resolves = facts.transition is MessageTransition.RESOLVE
    against = (
        (not wishes.enabled, Reason.DISABLED),
        (subscription_of(facts.transition) not in wishes.events, Reason.EVENT_NOT_SUBSCRIBED),
        (_out_of_scope(facts.tool, wishes.tools), Reason.TOOL_NOT_IN_SCOPE),
        (snoozed, Reason.SNOOZED),
        (not wishes.reachable, Reason.ADDRESS_UNCONFIRMED),
        (resolves and was_never_told(facts.openings), Reason.NEVER_TOLD),
    )
    return next((reason for applies, reason in against if applies), None)


def subscription_of(transition: MessageTransition) -> Subscription:
    """Return what a destination must ask for to be told of a transition."""
    resolves = transition is MessageTransition.RESOLVE
    return Subscription.RESOLVE if resolves else Subscription.OPEN


def was_never_told(openings: Sequence[Told]) -> bool:
    """Tell whether openings were kept from a destination, all of them.

    A destination that wants no openings, or that came later, is told of recoveries alone.
    """
    return bool(openings) and all(_was_kept_back(each) for each in openings)


def _was_kept_back(opening: Told) -> bool:
    if opening.status is DeliveryStatus.DEFERRED:
        # One that is folded goes with a message that is on its way.
        return opening.reason is Reason.QUIET_TIME and not opening.is_folded
    if opening.status is DeliveryStatus.SUPPRESSED:
        return opening.reason is not Reason.EVENT_NOT_SUBSCRIBED
    return False


def _out_of_scope(tool: str | None, tools: Sequence[str] | None) -> bool:
    return tool is not None and tools is not None and tool not in tools
