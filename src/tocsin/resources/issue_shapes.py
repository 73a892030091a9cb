"""From issues to what version 1 answers."""

from tocsin.checks.check_view import view_of
from tocsin.checks.models import Check
from tocsin.issues.views import IssueView, PersonView, TimelineEntry
from tocsin.issues.vocabulary import Fingerprint, IssueStatus, Severity, TransitionKey
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.messages import AttemptError, Event, MessageTransition
from tocsin.notifications.queries import AttemptView, DeliveryView
from tocsin.notifications.vocabulary import DeliveryStatus, Reason
from tocsin.probes.contract import Tool
from tocsin.resources import issue_schemas as schemas
from tocsin.resources import site_schemas, site_shapes
from tocsin.resources.moments import moment, timestamp


def issue(view: IssueView) -> schemas.Issue:
    """Shape an issue."""
    site = view.site
    return schemas.Issue(
        uuid=view.uuid,
        team_id=view.team_id,
        type=Tool(view.type),
        status=IssueStatus(view.status),
        severity=Severity(view.severity),
        fingerprint=Fingerprint(view.fingerprint),
        summary=view.summary,
        context=dict(view.context),
        site=site_schemas.SiteSummary(site.uuid, site.name, site.url, site.domain),
        check=_check(view.check),
        previous_check=_check(view.previous_check),
        acknowledged_by=_person(view.acknowledged_by),
        resolved_by=_person(view.resolved_by),
        timeline=[_entry(each) for each in view.timeline],
        is_active=view.is_active,
        reopen_count=view.reopen_count,
        opened_at=timestamp(view.opened_at),
        first_opened_at=timestamp(view.first_opened_at),
        acknowledged_at=moment(view.acknowledged_at),
        resolved_at=moment(view.resolved_at),
        last_evaluated_at=timestamp(view.last_evaluated_at),
        created_at=timestamp(view.created_at),
        updated_at=timestamp(view.updated_at),
    )


def delivery(view: DeliveryView) -> schemas.Delivery:
    """Shape a delivery."""
    return schemas.Delivery(
        uuid=view.uuid,
        event=Event(view.event),
        transition=MessageTransition(view.transition),
        destination=schemas.Destination(view.destination_id, ChannelKind(view.channel), view.to),
        status=DeliveryStatus(view.status),
        reason=None if view.reason is None else Reason(view.reason),
        attempts=[_attempt(each) for each in view.attempts],
        next_attempt_at=moment(view.next_attempt_at),
        created_at=timestamp(view.created_at),
        delivered_at=moment(view.delivered_at),
    )


def _attempt(view: AttemptView) -> schemas.Attempt:
    return schemas.Attempt(
        at=timestamp(view.at),
        duration_ms=view.duration_ms,
        status_code=view.status_code,
        error=None if view.error is None else AttemptError(view.error),
        address=view.address,
    )


def _check(row: Check | None) -> site_schemas.Check | None:
    return None if row is None else site_shapes.check(view_of(row))


def _person(view: PersonView | None) -> schemas.Person | None:
    return None if view is None else schemas.Person(view.id, view.name)


def _entry(entry: TimelineEntry) -> schemas.TimelineEntry:
    return schemas.TimelineEntry(
        TransitionKey(entry.key), timestamp(entry.timestamp), _person(entry.user)
    )
