"""Reading destinations and the ledger, always through a principal; a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Prefetch

from tocsin.access.principal import Principal
from tocsin.kit.pagination import PageRequest
from tocsin.notifications.models import Delivery, DeliveryAttempt, InAppNotice
from tocsin.notifications.models.ledger import DeliveryQuerySet


class AttemptView(msgspec.Struct, frozen=True):
    """One attempt to deliver."""

    at: datetime
    duration_ms: int
    status_code: int | None
    error: str | None
    address: str | None
    detail: str
    answer: str


class DeliveryView(msgspec.Struct, frozen=True):
    """One message owed to one destination; `to` is masked."""

    uuid: UUID
    event: str
    transition: str
    destination_id: int
    channel: str
    to: str
    status: str
    reason: str | None
    attempts: tuple[AttemptView, ...]
    next_attempt_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None
    folded_into: UUID | None


@dataclass(frozen=True, slots=True)
class DeliveriesPage:
    """One page, newest first, of `total` deliveries."""

    items: Sequence[DeliveryView]
    total: int


def deliveries_of_issue(principal: Principal, issue: UUID, page: PageRequest) -> DeliveriesPage:
    """List what was sent about an issue, where, when, or why not."""
    return _page(Delivery.objects.visible_to(principal).filter(subject=issue), page)


def deliveries_of_team(
    principal: Principal, team_id: int, page: PageRequest, *, status: str | None = None
) -> DeliveriesPage:
    """List a team's ledger, all of it or what has one status."""
    found = Delivery.objects.visible_to(principal).filter(team_id=team_id)
    return _page(found if status is None else found.filter(status=status), page)


def unread_notices(principal: Principal) -> int:
    """Count what somebody has not read under the bell."""
    return InAppNotice.objects.visible_to(principal).filter(read_at__isnull=True).count()


def _page(found: DeliveryQuerySet, page: PageRequest) -> DeliveriesPage:
    attempts = Prefetch("attempts", DeliveryAttempt.objects.order_by("pk"), to_attr="tried")
    # What another's message told has that one's attempts.
    of_carrier = Prefetch(
        "folded_into__attempts", DeliveryAttempt.objects.order_by("pk"), to_attr="tried"
    )
    rows = (
        found.select_related("occurrence", "folded_into")
        .prefetch_related(attempts, of_carrier)
        .order_by("-uuid")
    )
    items = [_view(row) for row in rows[page.offset : page.offset + page.per_page]]
    return DeliveriesPage(items, found.count())


def _view(row: Delivery) -> DeliveryView:
    carrier = row if row.folded_into is None else row.folded_into
    tried: list[DeliveryAttempt] = getattr(carrier, "tried", [])
    return DeliveryView(
        uuid=row.pk,
        event=row.occurrence.event,
        transition=row.occurrence.transition,
        destination_id=row.destination_id,
        channel=row.channel,
        to=row.to,
        status=row.status,
        reason=row.reason or None,
        attempts=tuple(_attempt(each) for each in tried),
        next_attempt_at=carrier.next_attempt_at if row.reason or row is carrier else None,
        created_at=row.created_at,
        delivered_at=row.delivered_at,
        folded_into=row.folded_into_id,
    )


def _attempt(row: DeliveryAttempt) -> AttemptView:
    return AttemptView(
        at=row.at,
        duration_ms=row.duration_ms,
        status_code=row.status_code,
        error=row.error or None,
        address=row.address or None,
        detail=row.detail,
        answer=row.answer,
    )
