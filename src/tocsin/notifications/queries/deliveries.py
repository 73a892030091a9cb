"""Reading the ledger, always through a principal; a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import OuterRef, Prefetch, Subquery

from tocsin.access.principal import Principal
from tocsin.kit.pagination import PageRequest
from tocsin.notifications.messages import MessageTransition
from tocsin.notifications.models import Delivery, DeliveryAttempt, Destination
from tocsin.notifications.models.ledger import DeliveryQuerySet
from tocsin.notifications.vocabulary import DeliveryStatus


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
    """One message owed to one destination; `to` is masked.

    `site_name` and `summary` are as they were told; `issue_id` is None for tests and drills. What
    went to a destination that is there no more (`is_there`) cannot be sent again.
    """

    uuid: UUID
    issue_id: UUID | None
    site_name: str
    summary: str
    label: str
    is_there: bool
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
class DeliveryFilters:
    """Which deliveries are asked for. None: any. `until` is not included."""

    issue_id: UUID | None = None
    status: DeliveryStatus | None = None
    destination_id: int | None = None
    transition: MessageTransition | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveriesPage:
    """One page, newest first, of `total` deliveries."""

    items: Sequence[DeliveryView]
    total: int


ALL_DELIVERIES = DeliveryFilters()


def deliveries_of_issue(principal: Principal, issue: UUID, page: PageRequest) -> DeliveriesPage:
    """List what was sent about an issue, where, when, or why not."""
    return _page(Delivery.objects.visible_to(principal).filter(subject=issue), page)


def deliveries_of_team(
    principal: Principal,
    team_id: int,
    page: PageRequest,
    filters: DeliveryFilters = ALL_DELIVERIES,
) -> DeliveriesPage:
    """List a team's ledger, all of it or what the filters keep."""
    found = Delivery.objects.visible_to(principal).filter(team_id=team_id)
    wanted = {
        "subject": filters.issue_id,
        "status": filters.status,
        "destination_id": filters.destination_id,
        "occurrence__transition": filters.transition,
        "created_at__gte": filters.since,
        "created_at__lt": filters.until,
    }
    return _page(
        found.filter(**{key: each for key, each in wanted.items() if each is not None}), page
    )


def destinations_told(principal: Principal, team_id: int) -> Sequence[tuple[int, str]]:
    """Name a team's destinations for whoever may read the ledger, masked; by id."""
    found = Destination.objects.visible_to(principal).filter(team_id=team_id).order_by("pk")
    rows = found.values_list("pk", "label", "masked")
    return [(key, f"{label} · {masked}" if label else masked) for key, label, masked in rows]


def _page(found: DeliveryQuerySet, page: PageRequest) -> DeliveriesPage:
    in_order = DeliveryAttempt.objects.order_by("pk")
    own = Prefetch("attempts", in_order, to_attr="tried")
    # What another's message told has that one's attempts.
    of_carrier = Prefetch("folded_into__attempts", in_order, to_attr="carrier_tried")
    label = Destination.objects.filter(pk=OuterRef("destination_id")).values("label")
    rows = (
        found.select_related("occurrence", "folded_into")
        .prefetch_related(own, of_carrier)
        # The destination may be gone, and then there is no label either.
        .annotate(label=Subquery(label))
        .order_by("-uuid")
    )
    items = [_view(row) for row in rows[page.offset : page.offset + page.per_page]]
    return DeliveriesPage(items, found.count())


def _view(row: Delivery) -> DeliveryView:
    carrier = row if row.folded_into is None else row.folded_into
    tried: list[DeliveryAttempt] = getattr(row, "tried", [])
    # A message that is on its way with others may have been sent by itself before.
    tried = [*tried, *getattr(row.folded_into, "carrier_tried", [])]
    label: str | None = getattr(row, "label", None)
    notice = row.occurrence.notice
    return DeliveryView(
        uuid=row.pk,
        issue_id=row.occurrence.issue_id,
        site_name=notice.get("site", {}).get("name", ""),
        summary=notice.get("issue", {}).get("summary", ""),
        label=label or "",
        is_there=label is not None,
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
