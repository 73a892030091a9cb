"""Issues and deliveries as version 1 answers them; contract, sections 4 and 12."""

from typing import Any
from uuid import UUID

import msgspec

from tocsin.issues.vocabulary import Fingerprint, IssueStatus, Severity, TransitionKey
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.messages import AttemptError, Event, MessageTransition
from tocsin.notifications.vocabulary import DeliveryStatus, Reason
from tocsin.probes.contract import Tool
from tocsin.resources.schemas import Moment
from tocsin.resources.site_schemas import Check, SiteSummary


class Person(msgspec.Struct, frozen=True):
    """Somebody who did something."""

    id: int
    name: str


class TimelineEntry(msgspec.Struct, frozen=True):
    """One thing that happened to an issue; `user` is null where checks or settings decided."""

    key: TransitionKey
    timestamp: Moment
    user: Person | None


class Issue(msgspec.Struct, frozen=True):
    """An incident. `check` is the latest tied to it; null once it is no longer kept.

    `opened_at` is that of the current cycle, `timeline` tells every cycle.
    """

    uuid: UUID
    team_id: int
    type: Tool
    status: IssueStatus
    severity: Severity
    fingerprint: Fingerprint
    summary: str
    context: dict[str, Any]
    site: SiteSummary
    check: Check | None
    previous_check: Check | None
    acknowledged_by: Person | None
    resolved_by: Person | None
    timeline: list[TimelineEntry]
    is_active: bool
    reopen_count: int
    opened_at: Moment
    first_opened_at: Moment
    acknowledged_at: Moment | None
    resolved_at: Moment | None
    last_evaluated_at: Moment
    created_at: Moment
    updated_at: Moment


class Destination(msgspec.Struct, frozen=True):
    """Where something was sent; `to` is masked."""

    id: int
    channel: ChannelKind
    to: str


class Attempt(msgspec.Struct, frozen=True):
    """One try to deliver."""

    at: Moment
    duration_ms: float
    status_code: int | None
    error: AttemptError | None
    address: str | None


class Delivery(msgspec.Struct, frozen=True):
    """One message owed to one destination; `reason` says why it was put off or not sent."""

    uuid: UUID
    event: Event
    transition: MessageTransition
    destination: Destination
    status: DeliveryStatus
    reason: Reason | None
    attempts: list[Attempt]
    next_attempt_at: Moment | None
    created_at: Moment
    delivered_at: Moment | None
