"""What is to be told, as kept in the database and as told."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from tocsin.issues.models import Issue
from tocsin.issues.vocabulary import IssueStatus, Severity
from tocsin.notifications.explaining import explanation_of
from tocsin.notifications.messages import (
    Event,
    IssueRef,
    MessageTransition,
    Notice,
    SiteRef,
)
from tocsin.sites.models import Site

ISSUE_PATH = "/issues/{uuid}"
EVENTS = {
    MessageTransition.OPEN: Event.OPENED,
    MessageTransition.RESOLVE: Event.RECOVERED,
    MessageTransition.ESCALATE: Event.ESCALATED,
}
# Stands where the delivery's id comes in: what is kept is the same for all destinations.
NO_DELIVERY = UUID(int=0)


def notice_of(
    issue: Issue,
    site: Site,
    transition: MessageTransition,
    occurred_at: datetime,
    check: UUID | None,
) -> Notice:
    """Describe what happened to an issue as it is now."""
    return Notice(
        delivery=NO_DELIVERY,
        event=EVENTS[transition],
        transition=transition,
        occurred_at=occurred_at,
        issue=IssueRef(
            id=issue.pk,
            type=issue.type,
            status=IssueStatus(issue.status),
            severity=Severity(issue.severity),
            fingerprint=issue.fingerprint,
            summary=issue.summary,
            link=link_of(issue.pk),
        ),
        site=site_ref(site),
        check=check,
        explanation=explanation_of(issue.context, transition),
    )


def site_ref(site: Site) -> SiteRef:
    """Name a site."""
    return SiteRef(site.pk, site.name, site.url, site.domain)


def link_of(issue_id: UUID) -> str:
    """Return the address of an issue's page."""
    return settings.BASE_URL + ISSUE_PATH.format(uuid=issue_id)


def kept(notice: Notice) -> dict[str, Any]:
    """Return a notice as JSON keeps it."""
    plain: dict[str, Any] = msgspec.to_builtins(notice)
    del plain["delivery"]
    return plain


def told(stored: dict[str, Any], delivery: UUID) -> Notice:
    """Return a kept notice as one delivery tells it."""
    return msgspec.convert({**stored, "delivery": delivery}, Notice, strict=False)
