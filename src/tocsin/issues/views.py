"""Issues as the contract shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from tocsin.accounts.models import User
from tocsin.checks.models import Check
from tocsin.issues.models import Issue, Transition


class PersonView(msgspec.Struct, frozen=True):
    """Somebody who did something."""

    id: int
    name: str


class SiteSummary(msgspec.Struct, frozen=True):
    """The site of an issue, in short."""

    uuid: UUID
    name: str
    url: str
    domain: str


class TimelineEntry(msgspec.Struct, frozen=True):
    """One thing that happened; `user` None where checks or settings decided."""

    key: str
    timestamp: datetime
    user: PersonView | None
    reason: str | None


class IssueView(msgspec.Struct, frozen=True):
    """An issue. `check` is the latest tied to it, `previous_check` the one before.

    They are None once they are no longer kept; `context` names them for ever.
    """

    uuid: UUID
    team_id: int
    type: str
    status: str
    severity: str
    fingerprint: str
    summary: str
    context: Mapping[str, Any]
    site: SiteSummary
    check: Check | None
    previous_check: Check | None
    acknowledged_by: PersonView | None
    resolved_by: PersonView | None
    resolve_reason: str | None
    timeline: tuple[TimelineEntry, ...]
    is_active: bool
    reopen_count: int
    opened_at: datetime
    first_opened_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    last_evaluated_at: datetime
    created_at: datetime
    updated_at: datetime


def view_of(issue: Issue, checks: Mapping[UUID, Check]) -> IssueView:
    """Show an issue that was read with `site`, its people, and `timeline`."""
    timeline: list[Transition] = getattr(issue, "timeline", [])
    site = issue.site
    return IssueView(
        uuid=issue.pk,
        team_id=issue.team_id,
        type=issue.type,
        status=issue.status,
        severity=issue.severity,
        fingerprint=issue.fingerprint,
        summary=issue.summary,
        context=issue.context,
        site=SiteSummary(site.pk, site.name, site.url, site.domain),
        check=_check(issue.latest_check, checks),
        previous_check=_check(issue.previous_check, checks),
        acknowledged_by=_person(issue.acknowledged_by),
        resolved_by=_person(issue.resolved_by),
        resolve_reason=issue.resolve_reason or None,
        timeline=tuple(_entry(each) for each in timeline),
        is_active=issue.is_active,
        reopen_count=issue.reopen_count,
        opened_at=issue.opened_at,
        first_opened_at=issue.first_opened_at,
        acknowledged_at=issue.acknowledged_at,
        resolved_at=issue.resolved_at,
        last_evaluated_at=issue.last_evaluated_at,
        created_at=issue.created_at,
        updated_at=issue.updated_at,
    )


def _check(uuid: UUID | None, checks: Mapping[UUID, Check]) -> Check | None:
    return None if uuid is None else checks.get(uuid)


def _person(user: User | None) -> PersonView | None:
    return None if user is None else PersonView(user.pk, user.name)


def _entry(row: Transition) -> TimelineEntry:
    return TimelineEntry(row.key, row.at, _person(row.user), row.reason or None)
