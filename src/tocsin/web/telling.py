"""Destinations and what was sent to them, in words; each state with its own icon."""

from dataclasses import dataclass

from tocsin.notifications.actions.testing import Tested
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.messages import Attempt, Event
from tocsin.notifications.queries.destinations import DestinationView
from tocsin.notifications.queries.listeners import Listeners
from tocsin.notifications.vocabulary import DeliveryStatus, Reason
from tocsin.web.board import Look

MOST_OF_ANSWER = 200


@dataclass(frozen=True, slots=True)
class ChannelWords:
    """How pages speak of a channel."""

    kind: ChannelKind
    label: str
    icon: str
    hint: str


CHANNELS = {
    each.kind: each
    for each in (
        ChannelWords(ChannelKind.EMAIL, "Email", "mail", "Up to 20 addresses."),
        ChannelWords(ChannelKind.SLACK, "Slack", "hash", "An incoming webhook of a channel."),
        ChannelWords(
            ChannelKind.MICROSOFT_TEAMS, "Microsoft Teams", "users", "A workflow's webhook."
        ),
        ChannelWords(
            ChannelKind.DISCORD, "Discord", "message-circle", "A webhook of a text channel."
        ),
        ChannelWords(
            ChannelKind.WEBHOOK, "Webhook", "webhook", "A program of yours, by POST or GET."
        ),
    )
}
EVENTS = {
    Event.OPENED: "Opening",
    Event.RECOVERED: "Recovery",
    Event.ESCALATED: "Reminder",
    Event.TEST: "Test",
}
STATUSES = {
    DeliveryStatus.PENDING: Look("idle", "clock", "On its way"),
    DeliveryStatus.DEFERRED: Look("idle", "clock", "Put off"),
    DeliveryStatus.DELIVERED: Look("ok", "circle-check", "Delivered"),
    DeliveryStatus.FAILED: Look("failing", "octagon-x", "Failed"),
    DeliveryStatus.SUPPRESSED: Look("idle", "circle-minus", "Not sent"),
}
REASONS = {
    Reason.QUIET_TIME: "quiet time",
    Reason.STORM: "too many messages at once, told together",
    Reason.REFUSED: "the receiver refused it",
    Reason.RETRIES_EXHAUSTED: "every attempt failed",
    Reason.DISABLED: "the destination is off",
    Reason.EVENT_NOT_SUBSCRIBED: "this destination does not want such events",
    Reason.TOOL_NOT_IN_SCOPE: "this destination does not want this tool",
    Reason.SNOOZED: "the site was snoozed",
    Reason.NEVER_TOLD: "its opening was never told either",
    Reason.ADDRESS_UNCONFIRMED: "no address has confirmed",
    Reason.EGRESS_REFUSED: "the network policy refuses the address",
    Reason.DESTINATION_DELETED: "the destination was deleted",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a test ended, in words; `tone` as of a Look."""

    tone: str
    text: str


def state_of(view: DestinationView) -> Look:
    """Choose how a destination's state is shown."""
    if not view.enabled:
        return Look("idle", "circle-minus", "Off")
    if view.is_failing:
        return Look("failing", "octagon-x", "Failing")
    if not view.is_reachable:
        return Look("unknown", "circle-question-mark", "Unconfirmed")
    if view.failing_since is not None:
        return Look("unknown", "triangle-alert", "Last try failed")
    return Look("ok", "circle-check", "On")


def nobody(listeners: Listeners) -> str:
    """Say why nobody would be told of an opening; nothing where somebody would."""
    if not listeners.nobody:
        return ""
    if listeners.failing:
        return "every destination that wants openings is failing."
    if listeners.unconfirmed:
        return "no address has confirmed that it wants mails."
    if listeners.deaf:
        return "every destination is off or does not want openings."
    return "this team has no destinations."


def outcome_of(tested: Tested) -> Outcome:
    """Say how a test ended."""
    attempt = tested.attempt
    if attempt is None:
        reason = REASONS[tested.reason] if tested.reason else "nothing could be sent"
        return Outcome("unknown", f"Nothing was sent: {reason}.")
    if attempt.ok:
        return Outcome("ok", f"It arrived: {_answered(attempt)}{attempt.duration_ms} ms.")
    return Outcome("failing", f"It did not arrive: {_why(attempt)}")


def _answered(attempt: Attempt) -> str:
    return f"answered {attempt.status_code} in " if attempt.status_code else "sent in "


def _why(attempt: Attempt) -> str:
    said = attempt.answer.strip()[:MOST_OF_ANSWER]
    why = attempt.detail or str(attempt.error)
    return f"{why} The answer was: {said}" if said else why


def event_words(event: str) -> str:
    """Name an event."""
    return EVENTS[Event(event)]
