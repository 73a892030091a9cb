"""From a claimed delivery to an attempt: opened, rendered, sealed and sent."""

from dataclasses import replace
from typing import Any

import msgspec

from tocsin.kit import clock
from tocsin.kit.crypto import UndecryptableError
from tocsin.notifications.channels.contract import ChannelKind, Outgoing, Seal
from tocsin.notifications.channels.registry import CHANNELS
from tocsin.notifications.claims import Claimed
from tocsin.notifications.messages import Attempt, AttemptError, Message, Verdict
from tocsin.notifications.models import Destination
from tocsin.notifications.sealing import secrets_of, target_of
from tocsin.notifications.sending.sender import Sender

LOCKED = "The destination cannot be read with the present secret key; enter its address again."


class Courier:
    """Sends what is claimed by the way out that is open."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def send(self, claimed: Claimed) -> Attempt:
        """Make one attempt."""
        try:
            outgoing = _outgoing(claimed)
        except (UndecryptableError, msgspec.DecodeError):
            return Attempt(Verdict.FINAL, 0, error=AttemptError.INTERNAL_ERROR, detail=LOCKED)
        return await self._sender.send(outgoing, reached=claimed.reached)


def _outgoing(claimed: Claimed) -> Outgoing:
    destination = claimed.destination
    target = target_of(destination)
    if destination.channel == ChannelKind.EMAIL:
        agreed = tuple(each for each in target.addresses if each in claimed.addresses)
        target = replace(target, addresses=agreed)
    return outgoing_of(destination, target, claimed.message)


def outgoing_of(destination: Destination, target: Any, message: Message) -> Outgoing:
    """Write a message for a destination and sign it with its secrets."""
    now = clock.now()
    seal = Seal(now, secrets_of(destination, now))
    return CHANNELS[ChannelKind(destination.channel)].render(message, target, seal)
