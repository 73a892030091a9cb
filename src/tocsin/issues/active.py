"""What is wrong, in short: issues without their history and checks, for overviews."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from tocsin.access.principal import Principal
from tocsin.issues.models import Issue, IssueQuerySet
from tocsin.issues.vocabulary import ACTIVE, Severity

MOST = 50


@dataclass(frozen=True, slots=True)
class IssueLine:
    """One issue in short; `resolved_at` is of the last cycle, None while it is active."""

    uuid: UUID
    type: str
    fingerprint: str
    status: str
    severity: str
    summary: str
    opened_at: datetime
    resolved_at: datetime | None
    site_uuid: UUID
    site_name: str

    @property
    def is_active(self) -> bool:
        """Tell whether it is open or acknowledged."""
        return self.status in ACTIVE


@dataclass(frozen=True, slots=True)
class ActiveIssues:
    """The newest of `total` active issues, `critical` of which are critical."""

    items: tuple[IssueLine, ...]
    total: int
    critical: int


def active_of_team(principal: Principal, team_id: int, *, most: int = MOST) -> ActiveIssues:
    """Return what is wrong in a team now, newest opening first. Two queries."""
    active = Issue.objects.visible_to(principal).filter(team_id=team_id).active()
    counts = active.aggregate(
        total=Count("pk"), critical=Count("pk", filter=Q(severity=Severity.CRITICAL.value))
    )
    return ActiveIssues(_lines(active.order_by("-opened_at", "-uuid")[:most]), **counts)


def records_of_site(principal: Principal, site_uuid: UUID) -> tuple[IssueLine, ...]:
    """Return a site's issues, active or not: one record a fingerprint, so a handful. One query."""
    found = Issue.objects.visible_to(principal).filter(site_id=site_uuid)
    return _lines(found.order_by("-opened_at", "-uuid"))


def _lines(found: IssueQuerySet) -> tuple[IssueLine, ...]:
    rows = found.values_list(
        "uuid",
        "type",
        "fingerprint",
        "status",
        "severity",
        "summary",
        "opened_at",
        "resolved_at",
        "site_id",
        "site__name",
    )
    return tuple(IssueLine(*row) for row in rows)
