"""Trying a destination out: one message, now, and what became of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from tocsin.access.principal import Principal
from tocsin.audit import actions as audit
from tocsin.kit import clock, ids
from tocsin.notifications import notices
from tocsin.notifications.actions.finding import locked
from tocsin.notifications.actions.recording import Tried, record
from tocsin.notifications.claims import Claimed, claimed_of
from tocsin.notifications.couriers import Courier
from tocsin.notifications.limits import LIMITS
from tocsin.notifications.made_up import made_up
from tocsin.notifications.messages import Attempt, Event, Mark, MessageTransition
from tocsin.notifications.models import Delivery, Destination, Occurrence
from tocsin.notifications.sealing import seal_secret, seal_target
from tocsin.notifications.sending.sender import open_sender
from tocsin.notifications.signing import new_secret
from tocsin.notifications.targets import kind_of, parse, retargeted
from tocsin.notifications.vocabulary import DeliveryStatus, Reason
from tocsin.teams.queries import get_team

NAME, SUMMARY = "Test", "If you can read this, notifications of Tocsin arrive here."


@dataclass(frozen=True, slots=True)
class Tested:
    """How a test ended.

    `attempt` is None where nothing could be sent, and `reason` says why. `delivery` is the
    ledger's row, None for a destination that is not saved.
    """

    attempt: Attempt | None
    reason: Reason | None = None
    delivery: UUID | None = None


def send_test(principal: Principal, team_id: int, destination_id: int) -> Tested:
    """Send a test to a saved destination, on or off, and wait for the answer: up to 10 seconds.

    It stands in the ledger and is not tried again. Raises NotFound. Call outside transactions.
    """
    claimed = _begin(principal, team_id, destination_id)
    if not claimed.is_reachable:
        return Tested(None, Reason.ADDRESS_UNCONFIRMED, claimed.uuid)
    at = clock.now()
    attempt = asyncio.run(_send(claimed))
    record([Tried(claimed, at, attempt)])
    return Tested(attempt, delivery=claimed.uuid)


def send_unsaved_test(
    principal: Principal,
    team_id: int,
    *,
    channel: str,
    config: Mapping[str, Any],
    destination_id: int | None = None,
) -> Tested:
    """Send a test to what a person typed, before it is saved; nothing of it is kept.

    With `destination_id` what is blank in `config` is taken from that destination. Only addresses
    that agreed get a mail. Raises InvalidInput and NotFound.
    """
    destination = _typed(principal, team_id, channel, config, destination_id)
    [claimed] = claimed_of([_delivery(destination)], {destination.pk: destination})
    if not claimed.is_reachable:
        return Tested(None, Reason.ADDRESS_UNCONFIRMED)
    facts = {"channel": channel, "to": destination.masked}
    audit.record(principal, "destination.tried", f"team:{team_id}", team_id, after=facts)
    return Tested(asyncio.run(_send(claimed)))


@transaction.atomic
def _begin(principal: Principal, team_id: int, destination_id: int) -> Claimed:
    """Write the test down as one that is being sent: the notifier takes over if we die."""
    destination = locked(principal, team_id, destination_id)
    delivery = _delivery(destination)
    [claimed] = claimed_of([delivery], {destination.pk: destination})
    if not claimed.is_reachable:
        delivery.status, delivery.reason = DeliveryStatus.SUPPRESSED, Reason.ADDRESS_UNCONFIRMED
        delivery.next_attempt_at = delivery.leased_until = None
    delivery.occurrence.save()
    delivery.save()
    audit.record(principal, "destination.tested", f"destination:{destination.pk}", team_id)
    return claimed


async def _send(claimed: Claimed) -> Attempt:
    async with open_sender() as sender:
        return await Courier(sender).send(claimed)


def _typed(
    principal: Principal,
    team_id: int,
    channel: str,
    config: Mapping[str, Any],
    destination_id: int | None,
) -> Destination:
    kind = kind_of(channel)
    if destination_id is None:
        target = parse(kind, config)
        return Destination(
            team=get_team(team_id),
            channel=channel,
            configuration=seal_target(target),
            masked=kind.masked(target),
            secret=seal_secret(new_secret()),
        )
    with transaction.atomic():
        destination = locked(principal, team_id, destination_id)
    target = retargeted(destination, config)
    if target is not None:
        destination.configuration = seal_target(target)
        destination.masked = kind_of(destination.channel).masked(target)
    return destination


def _delivery(destination: Destination) -> Delivery:
    """Make a test's rows, as of one that is being sent; neither is saved."""
    subject, now = ids.new_uuid(), clock.now()
    notice = made_up(subject, Event.TEST, MessageTransition.OPEN, name=NAME, summary=SUMMARY)
    occurrence = Occurrence(
        team=destination.team,
        key=f"test:{subject}",
        event=notice.event,
        transition=notice.transition,
        mark=Mark.TEST,
        occurred_at=now,
        notice=notices.kept(notice),
    )
    return Delivery(
        team=destination.team,
        occurrence=occurrence,
        destination_id=destination.pk,
        channel=destination.channel,
        to=destination.masked,
        subject=subject,
        status=DeliveryStatus.PENDING,
        next_attempt_at=now,
        leased_until=now + LIMITS.lease,
        created_at=now,
    )
