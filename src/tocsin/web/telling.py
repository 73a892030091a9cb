"""Destinations and what was sent to them, in words; each state with its own icon."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.notifications.actions.testing import Tested
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.messages import Attempt, Event
from tocsin.notifications.queries.destinations import DestinationView
from tocsin.notifications.queries.listeners import Listeners
from tocsin.notifications.vocabulary import DeliveryStatus, Reason
from tocsin.web.board import Look
from tocsin.web.phrases import said

MOST_OF_ANSWER = 200


@dataclass(frozen=True, slots=True)
class ChannelWords:
    """How pages speak of a channel."""

    kind: ChannelKind
    label: str | Promise
    icon: str
    hint: Promise


CHANNELS = {
    each.kind: each
    for each in (
        ChannelWords(ChannelKind.EMAIL, _("Email"), "mail", _("Up to 20 addresses.")),
        ChannelWords(ChannelKind.SLACK, "Slack", "hash", _("An incoming webhook of a channel.")),
        ChannelWords(
            ChannelKind.MICROSOFT_TEAMS, "Microsoft Teams", "users", _("A workflow's webhook.")
        ),
        ChannelWords(
            ChannelKind.DISCORD, "Discord", "message-circle", _("A webhook of a text channel.")
        ),
        ChannelWords(
            ChannelKind.WEBHOOK, "Webhook", "webhook", _("A program of yours, by POST or GET.")
        ),
    )
}
EVENTS = {
    Event.OPENED: _("Opening"),
    Event.RECOVERED: _("Recovery"),
    Event.ESCALATED: _("Reminder"),
    Event.TEST: _("Test"),
}
STATUSES = {
    DeliveryStatus.PENDING: Look("idle", "clock", _("On its way")),
    DeliveryStatus.DEFERRED: Look("idle", "clock", _("Put off")),
    DeliveryStatus.DELIVERED: Look("ok", "circle-check", _("Delivered")),
    DeliveryStatus.FAILED: Look("failing", "octagon-x", _("Failed")),
    DeliveryStatus.SUPPRESSED: Look("idle", "circle-minus", _("Not sent")),
}
REASONS = {
    Reason.QUIET_TIME: _("quiet time"),
    Reason.STORM: _("too many messages at once, told together"),
    Reason.REFUSED: _("the receiver refused it"),
    Reason.RETRIES_EXHAUSTED: _("every attempt failed"),
    Reason.DISABLED: _("the destination is off"),
    Reason.EVENT_NOT_SUBSCRIBED: _("this destination does not want such events"),
    Reason.TOOL_NOT_IN_SCOPE: _("this destination does not want this tool"),
    Reason.SNOOZED: _("the site was snoozed"),
    Reason.NEVER_TOLD: _("its opening was never told either"),
    Reason.ADDRESS_UNCONFIRMED: _("no address has confirmed"),
    Reason.EGRESS_REFUSED: _("the network policy refuses the address"),
    Reason.DESTINATION_DELETED: _("the destination was deleted"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a test ended, in words; `tone` as of a Look."""

    tone: str
    text: str


def state_of(view: DestinationView) -> Look:
    """Choose how a destination's state is shown."""
    if not view.enabled:
        return Look("idle", "circle-minus", gettext("Off"))
    if view.is_failing:
        return Look("failing", "octagon-x", gettext("Failing"))
    if not view.is_reachable:
        return Look("unknown", "circle-question-mark", gettext("Unconfirmed"))
    if view.failing_since is not None:
        return Look("unknown", "triangle-alert", gettext("Last try failed"))
    return Look("ok", "circle-check", gettext("On"))


def nobody(listeners: Listeners) -> str:
    """Say why nobody would be told of an opening; nothing where somebody would."""
    if not listeners.nobody:
        return ""
    if listeners.failing:
        return gettext("every destination that wants openings is failing.")
    if listeners.unconfirmed:
        return gettext("no address has confirmed that it wants mails.")
    if listeners.deaf:
        return gettext("every destination is off or does not want openings.")
    return gettext("this team has no destinations.")


def outcome_of(tested: Tested) -> Outcome:
    """Say how a test ended."""
    attempt = tested.attempt
    if attempt is None:
        reason = REASONS[tested.reason] if tested.reason else gettext("nothing could be sent")
        return Outcome("unknown", gettext("Nothing was sent: %(reason)s.") % {"reason": reason})
    if attempt.ok:
        return Outcome("ok", _arrived(attempt))
    return Outcome("failing", gettext("It did not arrive: %(why)s") % {"why": _why(attempt)})


def _arrived(attempt: Attempt) -> str:
    values = {"code": attempt.status_code, "duration": attempt.duration_ms}
    if attempt.status_code:
        return gettext("It arrived: answered %(code)s in %(duration)s ms.") % values
    return gettext("It arrived: sent in %(duration)s ms.") % values


def _why(attempt: Attempt) -> str:
    answer = attempt.answer.strip()[:MOST_OF_ANSWER]
    why = said(attempt.detail) or str(attempt.error)
    if not answer:
        return why
    return gettext("%(why)s The answer was: %(said)s") % {"why": why, "said": answer}


def event_words(event: str) -> str:
    """Name an event."""
    return str(EVENTS[Event(event)])
