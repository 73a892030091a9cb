"""Keeping what a destination is configured with so that only this installation can read it."""

from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from tocsin.kit import crypto
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.channels.registry import CHANNELS
from tocsin.notifications.models.destinations import Destination

TARGET, SECRET = "destination", "destination-secret"


def seal_target(target: object) -> str:
    """Encrypt a channel's target."""
    return crypto.encrypt(TARGET, msgspec.json.encode(target).decode())


def target_of(destination: Destination) -> Any:
    """Return a destination's target. Raises UndecryptableError, or msgspec's errors."""
    return _opened(destination.channel, destination.configuration)


def seal_secret(secret: str) -> str:
    """Encrypt a signing secret."""
    return crypto.encrypt(SECRET, secret)


def secrets_of(destination: Destination, now: datetime) -> tuple[str, ...]:
    """Return the secrets that sign at `now`, newest first. Raises UndecryptableError."""
    sealed = [destination.secret]
    until = destination.previous_secret_until
    if destination.previous_secret and until is not None and until > now:
        sealed.append(destination.previous_secret)
    return tuple(crypto.decrypt(SECRET, each) for each in sealed)


@lru_cache(maxsize=256)
def _opened(channel: str, sealed: str) -> Any:
    target_type = CHANNELS[ChannelKind(channel)].target_type
    return msgspec.json.decode(crypto.decrypt(TARGET, sealed), type=target_type)
