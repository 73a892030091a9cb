"""What people do with destinations: add, edit, switch, remove, and give a new secret.

Whether the principal may is asked at the gates of the team (`manageDestinations`), before; each
action looks only at destinations of that very team.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction

from tocsin.access.principal import Principal
from tocsin.audit import actions as audit
from tocsin.kit import clock
from tocsin.kit.choosing import choose_from
from tocsin.kit.errors import invalid
from tocsin.kit.text import clean_line
from tocsin.notifications.actions.confirming import ask
from tocsin.notifications.actions.finding import locked
from tocsin.notifications.models import Delivery, Destination
from tocsin.notifications.sealing import seal_secret, seal_target
from tocsin.notifications.signing import new_secret
from tocsin.notifications.targets import kind_of, parse, retargeted
from tocsin.notifications.vocabulary import ON_THE_WAY, DeliveryStatus, Reason, Subscription
from tocsin.probes.contract import Tool
from tocsin.teams.locking import locked_team

# How long the secret before the present one signs too.
BOTH_SIGN = timedelta(hours=24)


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

    Mail addresses that did not agree yet are asked. Raises InvalidInput and NotFound.
    """
    kind = kind_of(channel)
    target = parse(kind, config)
    secret = new_secret()
    with transaction.atomic():
        destination = Destination.objects.create(
            team=locked_team(team_id),
            channel=channel,
            label=_label(label),
            configuration=seal_target(target),
            masked=kind.masked(target),
            events=_chosen("events", events, tuple(Subscription)),
            tools=_tools(tools),
            secret=seal_secret(secret),
        )
        ask(destination)
        _record(principal, "destination.added", destination)
    return Added(destination, secret)


@transaction.atomic
def edit(
    principal: Principal,
    team_id: int,
    destination_id: int,
    *,
    config: Mapping[str, Any],
    label: str,
    events: Sequence[str],
    tools: Sequence[str] | None,
) -> None:
    """Change a destination; what is blank in `config` stays as it is.

    What is on its way goes to the new target. Raises InvalidInput and NotFound.
    """
    destination = locked(principal, team_id, destination_id)
    before = _facts(destination)
    destination.label = _label(label)
    destination.events = _chosen("events", events, tuple(Subscription))
    destination.tools = _tools(tools)
    target = retargeted(destination, config)
    if target is not None:
        destination.configuration = seal_target(target)
        destination.masked = kind_of(destination.channel).masked(target)
        # Nothing is known of the new one.
        destination.failing_since = destination.marked_failing_at = None
    destination.save()
    ask(destination)
    _record(principal, "destination.edited", destination, before=before)


@transaction.atomic
def rotate_secret(principal: Principal, team_id: int, destination_id: int) -> str:
    """Return a new signing secret, shown once; the one before signs too for 24 hours.

    Raises NotFound.
    """
    destination = locked(principal, team_id, destination_id)
    secret = new_secret()
    destination.previous_secret = destination.secret
    destination.previous_secret_until = clock.now() + BOTH_SIGN
    destination.secret = seal_secret(secret)
    destination.save(
        update_fields=("secret", "previous_secret", "previous_secret_until", "updated_at")
    )
    _record(principal, "destination.secret_rotated", destination)
    return secret


@transaction.atomic
def set_enabled(principal: Principal, team_id: int, destination_id: int, *, enabled: bool) -> None:
    """Switch a destination on or off. Raises NotFound."""
    destination = locked(principal, team_id, destination_id)
    destination.enabled = enabled
    destination.save(update_fields=("enabled", "updated_at"))
    _record(principal, "destination.enabled" if enabled else "destination.disabled", destination)


@transaction.atomic
def delete(principal: Principal, team_id: int, destination_id: int) -> None:
    """Remove a destination; what it was sent stays in the ledger. Raises NotFound."""
    destination = locked(principal, team_id, destination_id)
    _record(principal, "destination.deleted", destination)
    Delivery.objects.filter(destination=destination, status__in=ON_THE_WAY).update(
        status=DeliveryStatus.SUPPRESSED,
        reason=Reason.DESTINATION_DELETED,
        next_attempt_at=None,
    )
    destination.delete()


def _label(typed: str) -> str:
    try:
        return clean_line(typed) if typed.strip() else ""
    except ValueError as error:
        raise invalid("label", str(error)) from None


def _tools(wanted: Sequence[str] | None) -> list[str] | None:
    return None if wanted is None else _chosen("tools", wanted, tuple(Tool))


def _chosen(name: str, wanted: Sequence[str], choices: Sequence[str]) -> list[str]:
    if not wanted or not set(wanted) <= set(choices):
        raise invalid(name, choose_from(choices))
    return [str(each) for each in choices if each in wanted]


def _record(
    principal: Principal,
    action: str,
    destination: Destination,
    *,
    before: Mapping[str, object] | None = None,
) -> None:
    target = f"destination:{destination.pk}"
    after = _facts(destination)
    audit.record(principal, action, target, destination.team_id, before=before, after=after)


def _facts(destination: Destination) -> Mapping[str, object]:
    return {
        "channel": destination.channel,
        "label": destination.label,
        "to": destination.masked,
        "events": destination.events,
        "tools": destination.tools,
    }
