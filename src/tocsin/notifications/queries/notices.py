"""Reading what stands under somebody's bell."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tocsin.access.principal import Principal
from tocsin.kit.pagination import PageRequest
from tocsin.notifications.messages import Notice
from tocsin.notifications.models import InAppNotice
from tocsin.notifications.notices import NO_DELIVERY, told


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One thing to read; `notice` says what happened, as it was then."""

    id: int
    team_id: int
    team_name: str
    issue_id: UUID | None
    read_at: datetime | None
    notice: Notice


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """One page, newest first, of `total` notices, and how many in all are `unread`."""

    items: Sequence[NoticeView]
    total: int
    unread: int


def notices_of_user(
    principal: Principal, page: PageRequest, *, unread_only: bool = False
) -> NoticesPage:
    """List what stands under the principal's bell. Three queries."""
    found = InAppNotice.objects.visible_to(principal)
    unread = unread_notices(principal)
    if unread_only:
        found = found.filter(read_at__isnull=True)
    rows = found.select_related("occurrence__team").order_by("-pk")
    items = [_view(row) for row in rows[page.offset : page.offset + page.per_page]]
    return NoticesPage(items, unread if unread_only else found.count(), unread)


def unread_notices(principal: Principal) -> int:
    """Count what somebody has not read under the bell."""
    return InAppNotice.objects.visible_to(principal).filter(read_at__isnull=True).count()


def _view(row: InAppNotice) -> NoticeView:
    occurrence = row.occurrence
    return NoticeView(
        id=row.pk,
        team_id=occurrence.team_id,
        team_name=occurrence.team.name,
        issue_id=occurrence.issue_id,
        read_at=row.read_at,
        notice=told(occurrence.notice, NO_DELIVERY),
    )
