"""Addresses that people paste: incoming webhooks of chat systems, and receivers of their own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext

from tocsin.kit.errors import invalid
from tocsin.notifications.channels.text import encodable
from tocsin.probes.egress import EgressPolicy, EgressRefused, check_url
from tocsin.probes.target import InvalidTarget, Target
from tocsin.sites.phrases import ADDRESSES

SHOWN_OF_SECRET = 4
_LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class HookTarget:
    """Where a chat system takes messages. Whoever knows the address can write there."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Service:
    """How a chat system's own addresses look.

    Other hosts are open too: programs on people's own machines speak the same formats.
    `hosts` are names, or endings where they begin with a dot.
    """

    name: str
    hosts: tuple[str, ...]
    path: re.Pattern[str]
    example: str


SLACK = Service(
    name="Slack",
    hosts=("hooks.slack.com", "hooks.slack-gov.com"),
    path=re.compile(r"/(services|workflows|triggers)/\S+"),
    example="https://hooks.slack.com/services/T000/B000/XXXX",
)
DISCORD = Service(
    name="Discord",
    hosts=("discord.com", "discordapp.com", "canary.discord.com", "ptb.discord.com"),
    path=re.compile(r"/api(/v\d+)?/webhooks/\d+/[\w-]+/?"),
    example="https://discord.com/api/webhooks/0000/XXXX",
)
MICROSOFT_TEAMS = Service(
    name="Microsoft Teams",
    hosts=(".webhook.office.com", ".logic.azure.com", ".api.powerplatform.com"),
    path=re.compile(r"/\S+"),
    example="https://….logic.azure.com/workflows/…",
)
SERVICES = (SLACK, DISCORD, MICROSOFT_TEAMS)


def parse_hook(config: Mapping[str, Any], policy: EgressPolicy, service: Service) -> HookTarget:
    """Read `url` as an incoming webhook of a chat system. Raises InvalidInput."""
    url = parse_url(config, policy)
    parts = urlsplit(url)
    owner = owner_of(url)
    if owner is None:
        return HookTarget(url)
    if owner is not service:
        sentence = gettext("This is an address of %(owner)s, and not of %(service)s.")
        raise invalid("url", sentence % {"owner": owner.name, "service": service.name})
    if parts.scheme != "https":
        sentence = gettext("%(service)s takes messages over https only.")
        raise invalid("url", sentence % {"service": service.name})
    if not service.path.fullmatch(parts.path):
        sentence = gettext("Not an incoming webhook: it looks like %(example)s.")
        raise invalid("url", sentence % {"example": service.example})
    return HookTarget(url)


def owner_of(url: str) -> Service | None:
    """Return the chat system whose own address this is, None for all other hosts."""
    host = (urlsplit(url).hostname or "").lower()
    return next((service for service in SERVICES if _is_of(host, service)), None)


def parse_url(config: Mapping[str, Any], policy: EgressPolicy) -> str:
    """Read `url` and judge it by the egress policy. Raises InvalidInput.

    Names are judged again at every connection, since what they lead to changes.
    """
    url = config.get("url")
    if not isinstance(url, str) or not url.strip():
        raise invalid("url", gettext("Enter the address that takes the messages."))
    url = url.strip()
    if encodable(url) != url:
        raise invalid("url", gettext("The URL contains a character that cannot be sent."))
    try:
        target = check_url(url, policy)
        _require_open_name(target, policy)
    except (InvalidTarget, EgressRefused) as error:
        raise invalid("url", ADDRESSES.said(str(error))) from None
    return url


def masked_url(url: str) -> str:
    """Show scheme, host and the last 4 characters: “https://hooks.slack.com/…a1b2”."""
    parts = urlsplit(url)
    secret = url[len(parts.scheme) + len("://") + len(parts.netloc) :]
    # Of a short secret, four characters would be most of it.
    shown = secret[-SHOWN_OF_SECRET:] if len(secret) > 2 * SHOWN_OF_SECRET else ""
    return f"{parts.scheme}://{parts.netloc}/…{shown}"


def _require_open_name(target: Target, policy: EgressPolicy) -> None:
    # This name always leads to the machine itself (RFC 6761), so it need not be looked up.
    host = target.host.rstrip(".")
    if host != "localhost" and not host.endswith(".localhost"):
        return
    refusals = [policy.judge(address, target.port) for address in _LOOPBACK]
    if all(refusals):
        raise EgressRefused(next(refusal for refusal in refusals if refusal is not None))


def _is_of(host: str, service: Service) -> bool:
    return any(
        host.endswith(each) if each.startswith(".") else host == each for each in service.hosts
    )
