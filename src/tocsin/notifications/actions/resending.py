"""Sending something again."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.audit import actions as audit
from tocsin.kit import clock
from tocsin.kit.errors import Conflict, NotFound
from tocsin.notifications.actions.folding import REASONS
from tocsin.notifications.messages import Gathering
from tocsin.notifications.models import Delivery, Destination
from tocsin.notifications.vocabulary import DeliveryStatus


@transaction.atomic
def resend(principal: Principal, team_id: int, uuid: UUID) -> None:
    """Send a delivery again, under the same id, whatever became of it.

    What was told together is told together again, by whichever of it this is asked. Raises
    Conflict while it is being sent, NotFound where it or its destination is gone.
    """
    found = Delivery.objects.visible_to(principal).filter(team_id=team_id, pk=uuid).first()
    if found is None or not Destination.objects.filter(pk=found.destination_id).exists():
        raise NotFound(gettext("There is no such delivery, or its destination is gone."))
    carrier = found.folded_into_id or found.pk
    together = Delivery.objects.select_for_update().filter(Q(pk=carrier) | Q(folded_into=carrier))
    rows = list(together.order_by("pk"))
    now = clock.now()
    if any(row.leased_until is not None and row.leased_until > now for row in rows):
        raise Conflict(gettext("This is being sent right now."))
    Delivery.objects.filter(pk=carrier).update(
        status=DeliveryStatus.PENDING,
        reason="",
        next_attempt_at=now,
        leased_until=None,
        tries=0,
        delivered_at=None,
    )
    _defer(row for row in rows if row.pk != carrier)
    audit.record(principal, "delivery.resent", f"delivery:{carrier}", team_id)


def _defer(members: Iterable[Delivery]) -> None:
    """Let members wait for their carrier again."""
    for each in members:
        each.status = DeliveryStatus.DEFERRED
        each.reason = REASONS[Gathering(each.gathering)]
        each.delivered_at = None
        each.save(update_fields=("status", "reason", "delivered_at"))
