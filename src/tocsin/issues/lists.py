"""A team's issues as people list them: light rows, and how many there are of each status."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from tocsin.access.principal import Principal
from tocsin.issues.models import Issue
from tocsin.issues.queries import ACTIVE_WORD, ALL_WORD, IssueFilters, narrowed, of_status
from tocsin.issues.views import SiteSummary
from tocsin.issues.vocabulary import ACTIVE, IssueStatus
from tocsin.kit.pagination import PageRequest


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One issue without its context, checks and timeline."""

    uuid: UUID
    type: str
    fingerprint: str
    status: str
    severity: str
    summary: str
    site: SiteSummary
    opened_at: datetime
    resolved_at: datetime | None
    acknowledged_by: str | None
    reopen_count: int


@dataclass(frozen=True, slots=True)
class IssueList:
    """One page of rows, newest opening first, of `total`; `counts` is by status word."""

    rows: Sequence[IssueRow]
    total: int
    counts: Mapping[str, int]


def list_issues(
    principal: Principal, team_id: int, filters: IssueFilters, page: PageRequest
) -> IssueList:
    """List a team's issues. Two queries; the counts are those of the other filters."""
    team = Issue.objects.visible_to(principal).filter(team_id=team_id)
    found = narrowed(team, filters)
    counts = _counts(found.order_by().values_list("status").annotate(Count("pk")))
    rows = (
        of_status(found, filters.status)
        .select_related("site", "acknowledged_by")
        .defer("context")
        .order_by("-opened_at", "-uuid")
    )
    chosen = rows[page.offset : page.offset + page.per_page]
    return IssueList([_row(issue) for issue in chosen], counts[filters.status], counts)


def recent_of_site(
    principal: Principal, site: UUID, *, other_than: UUID, limit: int
) -> list[IssueRow]:
    """List the site's issues that were open last, without one of them. One query."""
    rows = Issue.objects.visible_to(principal).filter(site_id=site).exclude(pk=other_than)
    wanted = rows.select_related("site", "acknowledged_by").defer("context").order_by("-opened_at")
    return [_row(issue) for issue in wanted[:limit]]


def _counts(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    by_status = dict(found)
    counts: dict[str, int] = {status.value: by_status.get(status, 0) for status in IssueStatus}
    counts[ACTIVE_WORD] = sum(counts[status] for status in ACTIVE)
    counts[ALL_WORD] = sum(by_status.values())
    return counts


def _row(issue: Issue) -> IssueRow:
    site = issue.site
    return IssueRow(
        uuid=issue.pk,
        type=issue.type,
        fingerprint=issue.fingerprint,
        status=issue.status,
        severity=issue.severity,
        summary=issue.summary,
        site=SiteSummary(site.pk, site.name, site.url, site.domain),
        opened_at=issue.opened_at,
        resolved_at=issue.resolved_at,
        acknowledged_by=issue.acknowledged_by.name if issue.acknowledged_by else None,
        reopen_count=issue.reopen_count,
    )
