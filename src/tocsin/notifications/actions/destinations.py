"""What people do with destinations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from tocsin.access.principal import Principal
from tocsin.audit import actions as audit
from tocsin.kit import clock
from tocsin.kit.errors import NotFound, invalid
from tocsin.kit.text import clean_line
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.channels.registry import CHANNELS
from tocsin.notifications.models import Delivery, Destination
from tocsin.notifications.sealing import seal_secret, seal_target
from tocsin.notifications.signing import new_secret
from tocsin.notifications.vocabulary import ON_THE_WAY, DeliveryStatus, Reason, Subscription
from tocsin.probes.contract import Tool
from tocsin.sites.egress import operators_policy
from tocsin.teams.locking import locked_team


@dataclass(frozen=True, slots=True)
class Added:
    """A new destination, and the secret that signs what it gets: shown once."""

    destination: Destination
    secret: str = field(repr=False)


def add(
    principal: Principal,
    team_id: int,
    *,
    channel: str,
    config: Mapping[str, Any],
    label: str = "",
    events: Sequence[str] = tuple(Subscription),
    tools: Sequence[str] | None = None,
) -> Added:
    """Add a destination to a team; `config` is what a person typed for the channel.

    Raises InvalidInput and NotFound.
    """
    if channel not in list(ChannelKind):
        raise invalid("channel", f"Choose one of {', '.join(ChannelKind)}.")
    kind = CHANNELS[ChannelKind(channel)]
    target = kind.parse(config, operators_policy())
    secret = new_secret()
    with transaction.atomic():
        destination = Destination.objects.create(
            team=locked_team(team_id),
            channel=channel,
            label=_label(label),
            configuration=seal_target(target),
            masked=kind.masked(target),
            events=_chosen("events", events, tuple(Subscription)),
            tools=None if tools is None else _chosen("tools", tools, tuple(Tool)),
            secret=seal_secret(secret),
        )
        _record(principal, "destination.added", destination)
    return Added(destination, secret)


@transaction.atomic
def delete(principal: Principal, destination_id: int) -> None:
    """Remove a destination; what it was sent stays in the ledger. Raises NotFound."""
    destination = _locked(principal, destination_id)
    _record(principal, "destination.deleted", destination)
    Delivery.objects.filter(destination=destination, status__in=ON_THE_WAY).update(
        status=DeliveryStatus.SUPPRESSED,
        reason=Reason.DESTINATION_DELETED,
        next_attempt_at=None,
    )
    destination.delete()


@transaction.atomic
def set_enabled(principal: Principal, destination_id: int, *, enabled: bool) -> None:
    """Switch a destination on or off. Raises NotFound."""
    destination = _locked(principal, destination_id)
    destination.enabled = enabled
    destination.save(update_fields=("enabled", "updated_at"))
    _record(principal, "destination.enabled" if enabled else "destination.disabled", destination)


@transaction.atomic
def resend(principal: Principal, uuid: Any) -> None:
    """Send a delivery again, under the same id, whatever became of it. Raises NotFound."""
    row = Delivery.objects.visible_to(principal).filter(pk=uuid).first()
    if row is None or not Destination.objects.filter(pk=row.destination_id).exists():
        raise NotFound("There is no such delivery, or its destination is gone.")
    Delivery.objects.filter(pk=row.pk).update(
        status=DeliveryStatus.PENDING,
        reason="",
        next_attempt_at=clock.now(),
        leased_until=None,
        tries=0,
        folded_into=None,
        gathering="",
    )
    audit.record(principal, "delivery.resent", f"delivery:{row.pk}", row.team_id)


def _locked(principal: Principal, destination_id: int) -> Destination:
    rows = Destination.objects.visible_to(principal).select_for_update(of=("self",))
    found = rows.filter(pk=destination_id).first()
    if found is None:
        raise NotFound("There is no such destination.")
    return found


def _label(typed: str) -> str:
    try:
        return clean_line(typed) if typed.strip() else ""
    except ValueError as error:
        raise invalid("label", str(error)) from None


def _chosen(name: str, wanted: Sequence[str], choices: Sequence[str]) -> list[str]:
    if not wanted or not set(wanted) <= set(choices):
        raise invalid(name, f"Choose from {', '.join(choices)}.")
    return [str(each) for each in choices if each in wanted]


def _record(principal: Principal, action: str, destination: Destination) -> None:
    facts = {
        "channel": destination.channel,
        "to": destination.masked,
        "events": destination.events,
        "tools": destination.tools,
    }
    target = f"destination:{destination.pk}"
    audit.record(principal, action, target, destination.team_id, after=facts)
