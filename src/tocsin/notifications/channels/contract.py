"""The border of a channel: from what a person typed to what goes over the wire. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from uuid import UUID

from tocsin.notifications.messages import Message
from tocsin.probes.egress import EgressPolicy


class ChannelKind(StrEnum):
    """The channels, as destinations name them."""

    EMAIL = "email"
    SLACK = "slack"
    MICROSOFT_TEAMS = "microsoft_teams"
    DISCORD = "discord"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Seal:
    """What an attempt is sealed with: its moment, and the secrets that sign it, newest first."""

    at: datetime
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request to send; `body` None makes it a GET. Headers are ASCII without line breaks.

    The URL is a secret: it is not shown where this is printed or logged.
    """

    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to each address of `to`, all of them the same mail.

    `delivery` makes its Message-ID, the same at each attempt. `thread` is what all mails about one
    issue have in common, None where a mail is about several.
    """

    delivery: UUID
    to: tuple[str, ...] = field(repr=False)
    subject: str
    text: str
    html: str
    list_name: str
    thread: UUID | None = None


Outgoing = HttpRequest | Mail
TargetT = TypeVar("TargetT")


class Channel(Protocol[TargetT]):
    """One way to tell people or programs.

    A target is a frozen dataclass that `msgspec` writes and reads, so that it can be kept
    encrypted; `target_type` is its class.
    """

    kind: ChannelKind
    target_type: type[TargetT]

    def parse(self, config: Mapping[str, Any], policy: EgressPolicy) -> TargetT:
        """Read what a person typed. Raises InvalidInput by field, and for a refused address."""
        ...

    def masked(self, target: TargetT) -> str:
        """Show a target so that its owner knows it and nobody can use it."""
        ...

    def most_notices(self, target: TargetT) -> int:
        """Return how many notices one message can list, each by name, within the limits."""
        ...

    def render(self, message: Message, target: TargetT, seal: Seal) -> Outgoing:
        """Write the message for this target, whatever characters it holds and however long."""
        ...
