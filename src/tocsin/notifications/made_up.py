"""Issues that are made up, for tests and drills."""

from uuid import UUID

from tocsin.issues.vocabulary import Fingerprint, IssueStatus, Severity
from tocsin.kit import clock
from tocsin.notifications import notices
from tocsin.notifications.messages import Event, IssueRef, MessageTransition, Notice, SiteRef
from tocsin.probes.contract import Tool


def made_up(
    subject: UUID, event: Event, transition: MessageTransition, *, name: str, summary: str
) -> Notice:
    """Describe what did not happen: an issue `subject` of a site called `name`."""
    resolves = transition is MessageTransition.RESOLVE
    return Notice(
        delivery=notices.NO_DELIVERY,
        event=event,
        transition=transition,
        occurred_at=clock.now(),
        issue=IssueRef(
            id=subject,
            type=Tool.STATUS,
            status=IssueStatus.RESOLVED if resolves else IssueStatus.OPEN,
            severity=Severity.CRITICAL,
            fingerprint=Fingerprint.STATUS_DOWN,
            summary=summary,
            link=notices.link_of(subject),
        ),
        site=SiteRef(subject, name, "https://example.com", "example.com"),
    )
