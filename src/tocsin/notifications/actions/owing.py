"""Writing down what there is to tell, and what of it is owed to whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from tocsin.notifications.addresses import confirmed, mailboxes_of
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.messages import MessageTransition
from tocsin.notifications.models import Delivery, Destination, InAppNotice, Occurrence
from tocsin.notifications.rules.deciding import (
    Decision,
    Facts,
    Told,
    Wishes,
    decide,
)
from tocsin.notifications.tellings import Telling
from tocsin.notifications.vocabulary import DeliveryStatus, Reason
from tocsin.teams.models import Membership

Openings = Mapping[tuple[UUID, int], Sequence[Told]]


def owe(tellings: Sequence[Telling], now: datetime) -> list[Delivery]:
    """Write occurrences and one delivery for each destination of their teams.

    Call inside the transaction of what happened. The number of queries does not depend on that of
    the tellings or destinations.
    """
    if not tellings:
        return []
    Occurrence.objects.bulk_create([each.occurrence for each in tellings])
    destinations = _destinations(each.occurrence.team_id for each in tellings)
    reachable = _reachable([each for team in destinations.values() for each in team])
    openings = _openings(tellings)
    deliveries = [
        _delivery(telling, destination, _judge(telling, destination, reachable, openings, now), now)
        for telling in tellings
        for destination in destinations.get(telling.occurrence.team_id, ())
    ]
    return Delivery.objects.bulk_create(deliveries)


def show(tellings: Sequence[Telling]) -> None:
    """Put occurrences under the bell of every member of their teams. Two queries.

    Everyone may look at issues, and a bell wakes nobody: neither quiet time nor snooze hold it.
    """
    members = defaultdict(list)
    teams = {each.occurrence.team_id for each in tellings}
    rows = Membership.objects.filter(team_id__in=teams, user__is_active=True)
    for team_id, user_id in rows.values_list("team_id", "user_id"):
        members[team_id].append(user_id)
    InAppNotice.objects.bulk_create(
        InAppNotice(user_id=user_id, occurrence=each.occurrence)
        for each in tellings
        for user_id in members[each.occurrence.team_id]
    )


def _destinations(team_ids: Iterable[int]) -> Mapping[int, list[Destination]]:
    found = defaultdict(list)
    for destination in Destination.objects.filter(team_id__in=set(team_ids)).order_by("pk"):
        found[destination.team_id].append(destination)
    return found


def _reachable(destinations: Sequence[Destination]) -> set[int]:
    """Return those that somebody can be told by: all but mails that nobody agreed to."""
    boxes = {
        each.pk: mailboxes_of(each) for each in destinations if each.channel == ChannelKind.EMAIL
    }
    agreed = confirmed(box for each in boxes.values() for box in each)
    return {
        each.pk
        for each in destinations
        if each.pk not in boxes or any(box in agreed for box in boxes[each.pk])
    }


def _openings(tellings: Sequence[Telling]) -> Openings:
    """Return what destinations were told before of the cycles that end here. One query, or none."""
    since = {
        each.subject: each.since
        for each in tellings
        if each.transition is MessageTransition.RESOLVE
    }
    found: dict[tuple[UUID, int], list[Told]] = defaultdict(list)
    if not since:
        return found
    rows = Delivery.objects.filter(
        subject__in=since,
        created_at__gte=min(since.values()),
        occurrence__transition__in=(MessageTransition.OPEN, MessageTransition.ESCALATE),
    ).values_list("subject", "destination_id", "created_at", "status", "reason", "folded_into")
    for subject, destination_id, created_at, status, reason, carrier in rows:
        if created_at >= since[subject]:
            why = Reason(reason) if reason else None
            told = Told(DeliveryStatus(status), why, is_folded=carrier is not None)
            found[subject, destination_id].append(told)
    return found


def _judge(
    telling: Telling,
    destination: Destination,
    reachable: set[int],
    openings: Openings,
    now: datetime,
) -> Decision:
    facts = Facts(
        transition=telling.transition,
        tool=telling.tool,
        snoozed_until=telling.snoozed_until,
        openings=openings.get((telling.subject, destination.pk), ()),
    )
    wishes = Wishes(
        enabled=destination.enabled,
        events=destination.events,
        tools=destination.tools,
        reachable=destination.pk in reachable,
        quiet_time=telling.quiet_time,
    )
    return decide(facts, wishes, now)


def _delivery(
    telling: Telling, destination: Destination, decision: Decision, now: datetime
) -> Delivery:
    return Delivery(
        team_id=telling.occurrence.team_id,
        occurrence=telling.occurrence,
        destination=destination,
        channel=destination.channel,
        to=destination.masked,
        subject=telling.subject,
        status=decision.status,
        reason=decision.reason or "",
        next_attempt_at=decision.next_attempt_at,
        created_at=now,
    )
