"""From what a person typed to a channel's target."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from tocsin.kit.choosing import choose_one_of
from tocsin.kit.crypto import UndecryptableError
from tocsin.kit.errors import invalid
from tocsin.notifications.channels.contract import Channel, ChannelKind
from tocsin.notifications.channels.registry import CHANNELS
from tocsin.notifications.models import Destination
from tocsin.notifications.sealing import target_of
from tocsin.sites.egress import operators_policy


def kind_of(channel: str) -> Channel[Any]:
    """Return a channel by its name. Raises InvalidInput."""
    if channel not in list(ChannelKind):
        raise invalid("channel", choose_one_of(ChannelKind))
    return CHANNELS[ChannelKind(channel)]


def parse(kind: Channel[Any], config: Mapping[str, Any]) -> Any:
    """Read what was typed for a channel. Raises InvalidInput."""
    return kind.parse(config, operators_policy())


def retargeted(destination: Destination, config: Mapping[str, Any]) -> Any | None:
    """Return the target that a destination shall have, None where it stays.

    What is blank stays, so that nobody needs to see an address to keep it; what stays is not judged
    again. Raises InvalidInput.
    """
    typed = {name: value for name, value in config.items() if not _is_blank(value)}
    present = _present(destination)
    wanted = {**present, **typed}
    if not typed or wanted == present:
        return None
    return parse(kind_of(destination.channel), wanted)


def _present(destination: Destination) -> dict[str, Any]:
    try:
        return asdict(target_of(destination))
    except (UndecryptableError, msgspec.DecodeError):  # all of it must be typed anew
        return {}


def _is_blank(value: object) -> bool:
    return not value or (isinstance(value, str) and not value.strip())
