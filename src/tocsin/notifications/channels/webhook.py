"""Webhook: JSON by POST, or the same as a query string by GET, signed. For programs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import msgspec
from django.utils.translation import gettext

from tocsin.kit.errors import invalid
from tocsin.notifications.channels.contract import ChannelKind, HttpRequest, Seal
from tocsin.notifications.channels.hooks import masked_url, parse_url
from tocsin.notifications.channels.requests import JSON
from tocsin.notifications.channels.text import clip_escaped, encodable
from tocsin.notifications.channels.webhook_body import (
    MOST_BRIEF_MEMBERS,
    MOST_MEMBERS,
    body_of,
    flat,
)
from tocsin.notifications.messages import Message
from tocsin.notifications.signing import signature_headers
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.target import parse_target, wire_url

# Many servers take no request line of more than 8,000 bytes.
MOST_ENCODED_IN_PARAMETER = 600


class Method(StrEnum):
    """How a webhook is called."""

    POST = "post"
    GET = "get"


@dataclass(frozen=True, slots=True)
class WebhookTarget:
    """A receiver of one's own."""

    url: str = field(repr=False)
    method: Method = Method.POST


class Webhook:
    """Tell a program."""

    kind = ChannelKind.WEBHOOK
    target_type = WebhookTarget

    def parse(self, config: Mapping[str, Any], policy: EgressPolicy) -> WebhookTarget:
        """Read `url` and `method` (`post` by default, or `get`)."""
        method = config.get("method") or Method.POST
        try:
            known = Method(str(method).lower())
        except ValueError:
            raise invalid("method", gettext("Choose post or get.")) from None
        return WebhookTarget(parse_url(config, policy), known)

    def masked(self, target: WebhookTarget) -> str:
        """Show scheme, host and the last 4 characters."""
        return masked_url(target.url)

    def most_notices(self, target: WebhookTarget) -> int:
        """Return how many the body, or the query string, lists."""
        return MOST_MEMBERS if target.method is Method.POST else MOST_BRIEF_MEMBERS

    def render(self, message: Message, target: WebhookTarget, seal: Seal) -> HttpRequest:
        """Write and sign the body, or the query string."""
        if target.method is Method.GET:
            return _get(message, target.url, seal)
        body = msgspec.json.encode(body_of(message))
        return HttpRequest(target.url, (JSON, *_headers(message, seal, body)), body)


def _get(message: Message, url: str, seal: Seal) -> HttpRequest:
    address = wire_url(url, parse_target(url))
    own = urlsplit(address).query
    ours = urlencode(list(flat(body_of(message, _short, brief=True))))
    # The whole query is signed, as the receiver sees it: there is no other content.
    query = f"{own}&{ours}" if own else ours
    headers = _headers(message, seal, query.encode("ascii"))
    return HttpRequest(f"{address.partition('?')[0]}?{query}", headers, None)


def _headers(message: Message, seal: Seal, content: bytes) -> tuple[tuple[str, str], ...]:
    delivery = str(message.delivery)
    return (
        ("X-Tocsin-Event", message.lead.event.value),
        ("X-Tocsin-Delivery", delivery),
        *signature_headers(delivery, seal.at, content, seal.secrets),
    )


def _short(text: str) -> str:
    return unquote(clip_escaped(encodable(text), MOST_ENCODED_IN_PARAMETER, quote))
