"""Discord: one embed through an incoming webhook; nobody is mentioned, whatever the text says.

Source: https://docs.discord.com/developers/resources/webhook#execute-webhook
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from tocsin.notifications.channels.contract import ChannelKind, HttpRequest, Seal
from tocsin.notifications.channels.hooks import (
    DISCORD,
    HookTarget,
    masked_url,
    owner_of,
    parse_hook,
)
from tocsin.notifications.channels.requests import post_json
from tocsin.notifications.channels.telling import SYMBOLS, Item, Telling, Tone, tell
from tocsin.notifications.channels.text import (
    and_more,
    clip,
    clip_escaped,
    encodable,
    one_line,
)
from tocsin.notifications.messages import Fact, Message
from tocsin.probes.egress import EgressPolicy

# All of an embed's text counts towards 6,000: these parts stay below it together.
MOST_IN_TITLE = 256
MOST_IN_SUMMARY = 1500
MOST_IN_DESCRIPTION = 4096
MOST_IN_LABEL, MOST_IN_VALUE = 60, 256
MOST_FIELDS = 10
MOST_IN_FOOTER = 256
MOST_IN_LINE = 110
MOST_NOTICES = 35
MOST_IN_URL = 2048
URL_CHARACTERS = ":/?#[]@!$&'*+,;=%"
COLOURS = {Tone.BAD: 0xD92D20, Tone.WORRYING: 0xF79009, Tone.GOOD: 0x12B76A}
# Markup anywhere, at the beginning of a line, and what makes a link (and a preview) of a URL.
_MARKUP = re.compile(r"[\\*_~`|\[\]<@]|^[#>+-]|:(?=//)", re.MULTILINE)

Json = dict[str, Any]


class Discord:
    """Tell a Discord channel."""

    kind = ChannelKind.DISCORD
    target_type = HookTarget

    def parse(self, config: Mapping[str, Any], policy: EgressPolicy) -> HookTarget:
        """Read `url`."""
        return parse_hook(config, policy, DISCORD)

    def masked(self, target: HookTarget) -> str:
        """Show scheme, host and the last 4 characters."""
        return masked_url(target.url)

    def most_notices(self, _target: HookTarget) -> int:
        """Return how many an embed's description holds."""
        return MOST_NOTICES

    def render(self, message: Message, target: HookTarget, _seal: Seal) -> HttpRequest:
        """Write an embed, and its title as text for the phone's notification."""
        telling = tell(message)
        payload = {
            "content": _escaped(f"{telling.symbol} {telling.title}", MOST_IN_TITLE),
            "embeds": [_embed(telling, message)],
            "allowed_mentions": {"parse": []},
        }
        return post_json(_waiting(target.url), payload)


def _embed(telling: Telling, message: Message) -> Json:
    embed: Json = {
        "title": _escaped(telling.title, MOST_IN_TITLE),
        "color": COLOURS[telling.tone],
        "timestamp": message.lead.occurred_at.isoformat(timespec="seconds"),
        "footer": {"text": clip(f"Tocsin · {telling.team}", MOST_IN_FOOTER)},
    }
    if len(telling.lead.link) <= MOST_IN_URL:
        embed["url"] = encodable(telling.lead.link)
    if len(telling.items) > 1:
        return {**embed, "description": _list(telling)}
    summary = "\n".join(filter(None, (telling.preface, telling.lead.summary)))
    fields = [_field(fact) for fact in telling.lead.facts[:MOST_FIELDS]]
    return {**embed, "description": _escaped(summary, MOST_IN_SUMMARY), "fields": fields}


def _list(telling: Telling) -> str:
    shown = telling.items[:MOST_NOTICES]
    rest = len(telling.items) - len(shown)
    around = [telling.preface, and_more(rest) if rest else ""]
    for line_of in (_linked_line, _line):
        lines = [around[0], *(line_of(item) for item in shown), around[1]]
        text = "\n".join(line for line in lines if line)
        if len(text) <= MOST_IN_DESCRIPTION:
            break
    return text


def _line(item: Item) -> str:
    return f"{SYMBOLS[item.tone]} {_escaped(item.line, MOST_IN_LINE)}"


def _linked_line(item: Item) -> str:
    summary = f" – {_escaped(one_line(item.summary), MOST_IN_LINE)}" if item.summary else ""
    link = quote(item.link, safe=URL_CHARACTERS)
    return f"{SYMBOLS[item.tone]} [{_escaped(item.line, MOST_IN_LINE)}](<{link}>){summary}"


def _field(fact: Fact) -> Json:
    # Discord refuses the whole message where a name or value is empty.
    return {
        "name": _escaped(fact.label, MOST_IN_LABEL) or "–",
        "value": _escaped(fact.value, MOST_IN_VALUE) or "–",
        "inline": True,
    }


def _escaped(text: str, limit: int) -> str:
    return clip_escaped(text, limit, lambda raw: _MARKUP.sub(r"\\\g<0>", raw))


def _waiting(url: str) -> str:
    # Without it, Discord says 204 before it has looked at the message.
    if owner_of(url) is not DISCORD or "wait=" in urlsplit(url).query:
        return url
    return f"{url}{'&' if urlsplit(url).query else '?'}wait=true"
