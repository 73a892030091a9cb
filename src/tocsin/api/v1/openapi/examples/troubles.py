"""The shop's outage, as issues and deliveries tell of it."""

from typing import Any

from tocsin.api.v1.openapi.examples import results, world
from tocsin.issues.vocabulary import Fingerprint, IssueStatus, Severity, TransitionKey
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.messages import Event, MessageTransition
from tocsin.notifications.vocabulary import DeliveryStatus
from tocsin.probes.contract import Outcome, Tool
from tocsin.resources import issue_schemas as schemas

OPENED = "2026-11-24T09:05:01+00:00"
ACKNOWLEDGED = "2026-11-24T09:09:30+00:00"
RESOLVED = "2026-11-24T09:31:44+00:00"
SUMMARY = "The site answers with status 503."
FACTS: dict[str, Any] = {
    "code": 503,
    "effective_url": world.SUMMARY.url,
    "response_time": 88.102,
    "error": None,
}
_DECIDED: dict[str, Any] = {
    "checks": [str(world.STATUS_CHECK_ID)],
    "breaches_in_a_row": 1,
    "breaches_to_open": 1,
    "failing_since": OPENED,
    "settings_revision": 3,
    "team_settings_revision": 1,
}
_FAILED = world.check(outcome=Outcome.FAILING, result={**results.STATUS, "up": False, "code": 503})
_BEGAN = schemas.TimelineEntry(TransitionKey.OPENED, OPENED, None)
_TAKEN = schemas.TimelineEntry(TransitionKey.ACKNOWLEDGED, ACKNOWLEDGED, world.ADA)
_ENDED = schemas.TimelineEntry(TransitionKey.RESOLVED, RESOLVED, world.ADA)


def issue(**more: Any) -> schemas.Issue:
    """Make the issue, open but for what is said otherwise."""
    values: dict[str, Any] = {
        "status": IssueStatus.OPEN,
        "acknowledged_by": None,
        "resolved_by": None,
        "timeline": [_BEGAN],
        "is_active": True,
        "acknowledged_at": None,
        "resolved_at": None,
        "updated_at": OPENED,
    }
    return schemas.Issue(
        uuid=world.ISSUE_ID,
        team_id=world.TEAM_ID,
        type=Tool.STATUS,
        severity=Severity.CRITICAL,
        fingerprint=Fingerprint.STATUS_DOWN,
        summary=SUMMARY,
        context={"opening": _DECIDED, "facts": FACTS},
        site=world.SUMMARY,
        check=_FAILED,
        previous_check=None,
        reopen_count=0,
        opened_at=OPENED,
        first_opened_at=OPENED,
        last_evaluated_at=OPENED,
        created_at=OPENED,
        **{**values, **more},
    )


def acknowledged() -> schemas.Issue:
    """Make the issue once somebody took care of it."""
    return issue(
        status=IssueStatus.ACKNOWLEDGED,
        acknowledged_by=world.ADA,
        acknowledged_at=ACKNOWLEDGED,
        timeline=[_BEGAN, _TAKEN],
        updated_at=ACKNOWLEDGED,
    )


def resolved() -> schemas.Issue:
    """Make the issue once somebody ended it by hand."""
    return issue(
        status=IssueStatus.RESOLVED,
        acknowledged_by=world.ADA,
        acknowledged_at=ACKNOWLEDGED,
        resolved_by=world.ADA,
        resolved_at=RESOLVED,
        timeline=[_BEGAN, _TAKEN, _ENDED],
        is_active=False,
        updated_at=RESOLVED,
    )


def delivery() -> schemas.Delivery:
    """Make the message that told of it."""
    return schemas.Delivery(
        uuid=world.DELIVERY_ID,
        event=Event.OPENED,
        transition=MessageTransition.OPEN,
        destination=schemas.Destination(
            id=2, channel=ChannelKind.SLACK, to="https://hooks.slack.com/…x7Qp"
        ),
        status=DeliveryStatus.DELIVERED,
        reason=None,
        attempts=[
            schemas.Attempt(
                at="2026-11-24T09:05:02+00:00",
                duration_ms=212.4,
                status_code=200,
                error=None,
                address="192.0.2.80",
            )
        ],
        next_attempt_at=None,
        created_at=OPENED,
        delivered_at="2026-11-24T09:05:02+00:00",
    )
