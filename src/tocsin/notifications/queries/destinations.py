"""Reading destinations: what they are, masked, and whether they work. Four queries at most."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import BigIntegerField, OuterRef, Subquery
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.kit.crypto import UndecryptableError
from tocsin.kit.errors import NotFound
from tocsin.notifications.addresses import Mailbox, confirmed, mailboxes_of
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.channels.email import masked_address
from tocsin.notifications.channels.webhook import WebhookTarget
from tocsin.notifications.models import Delivery, Destination
from tocsin.notifications.models.destinations import DestinationQuerySet
from tocsin.notifications.sealing import target_of
from tocsin.notifications.vocabulary import DeliveryStatus, Reason, Subscription


@dataclass(frozen=True, slots=True)
class AddressView:
    """One mail address, masked; mails go to it only where it is `confirmed`."""

    masked: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class LastDelivery:
    """The newest row of the ledger for a destination."""

    event: str
    status: DeliveryStatus
    reason: Reason | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DestinationView:
    """One destination as people may see it: `to` is masked.

    `tools` None: all. `method` is that of webhooks, None for others and where the target cannot be
    read; `addresses` those of mail. `failing_since` is the first failure after the last success,
    `is_failing` says that this has gone on for a day. `previous_secret_until`: until when the
    secret before the last rotation signs too.
    """

    id: int
    team_id: int
    channel: ChannelKind
    label: str
    to: str
    method: str | None
    addresses: tuple[AddressView, ...]
    events: tuple[str, ...]
    tools: tuple[str, ...] | None
    enabled: bool
    is_failing: bool
    failing_since: datetime | None
    last_success_at: datetime | None
    last_delivery: LastDelivery | None
    previous_secret_until: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def is_reachable(self) -> bool:
        """Tell whether there is anybody to send to: all but mail without a confirmed address."""
        return self.channel is not ChannelKind.EMAIL or any(
            each.confirmed for each in self.addresses
        )

    @property
    def hears_openings(self) -> bool:
        """Tell whether it would be told of something that opens, of some tool."""
        return self.enabled and Subscription.OPEN in self.events and self.is_reachable


def destinations_of_team(principal: Principal, team_id: int) -> Sequence[DestinationView]:
    """List a team's destinations, oldest first."""
    return _views(_with_last(Destination.objects.visible_to(principal).filter(team_id=team_id)))


def destinations_alone(principal: Principal, team_id: int) -> Sequence[DestinationView]:
    """List a team's destinations without their last deliveries; three queries at most."""
    return _views(Destination.objects.visible_to(principal).filter(team_id=team_id))


def destination(principal: Principal, team_id: int, destination_id: int) -> DestinationView:
    """Return one destination of a team. Raises NotFound."""
    views: Sequence[DestinationView] = ()
    if destination_id <= BigIntegerField.MAX_BIGINT:  # databases cannot even compare with more
        found = Destination.objects.visible_to(principal)
        views = _views(_with_last(found.filter(team_id=team_id, pk=destination_id)))
    if not views:
        raise NotFound(gettext("There is no such destination."))
    return views[0]


def _with_last(found: DestinationQuerySet) -> DestinationQuerySet:
    of_destination = Delivery.objects.filter(destination=OuterRef("pk")).order_by("-uuid")
    return found.annotate(newest=Subquery(of_destination.values("pk")[:1]))


def _views(found: DestinationQuerySet) -> Sequence[DestinationView]:
    rows = list(found.order_by("pk"))
    agreed = confirmed(box for row in rows for box in mailboxes_of(row))
    newest = {row.pk: getattr(row, "newest", None) for row in rows}
    wanted = [uuid for uuid in newest.values() if uuid is not None]
    last = Delivery.objects.select_related("occurrence").in_bulk(wanted) if wanted else {}
    return [_view(row, agreed, last.get(newest[row.pk])) for row in rows]


def _view(
    row: Destination, agreed: Collection[Mailbox], delivery: Delivery | None
) -> DestinationView:
    return DestinationView(
        id=row.pk,
        team_id=row.team_id,
        channel=ChannelKind(row.channel),
        label=row.label,
        to=row.masked,
        method=_method(row),
        addresses=tuple(
            AddressView(masked_address(box.address), box in agreed) for box in mailboxes_of(row)
        ),
        events=tuple(row.events),
        tools=None if row.tools is None else tuple(row.tools),
        enabled=row.enabled,
        is_failing=row.marked_failing_at is not None,
        failing_since=row.failing_since,
        last_success_at=row.last_success_at,
        last_delivery=None if delivery is None else _last(delivery),
        previous_secret_until=row.previous_secret_until,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _method(row: Destination) -> str | None:
    if row.channel != ChannelKind.WEBHOOK:
        return None
    try:
        target: WebhookTarget = target_of(row)
    except (UndecryptableError, msgspec.DecodeError):
        return None
    return target.method.value


def _last(delivery: Delivery) -> LastDelivery:
    return LastDelivery(
        event=delivery.occurrence.event,
        status=DeliveryStatus(delivery.status),
        reason=Reason(delivery.reason) if delivery.reason else None,
        created_at=delivery.created_at,
    )
