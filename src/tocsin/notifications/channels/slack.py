"""Slack: Block Kit through an incoming webhook.

Text of users stands in `plain_text` and `rich_text`, where nothing is markup, with the three
characters escaped that Slack asks for. `text` is what phones show, and all that Slack's imitators
(Mattermost, Rocket.Chat) read.
Source: https://docs.slack.dev/reference/block-kit/blocks/
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tocsin.notifications.channels.contract import ChannelKind, HttpRequest, Seal
from tocsin.notifications.channels.hooks import SLACK, HookTarget, masked_url, parse_hook
from tocsin.notifications.channels.requests import post_json
from tocsin.notifications.channels.telling import SYMBOLS, Item, Telling, tell
from tocsin.notifications.channels.text import (
    and_more,
    clip,
    clip_escaped,
    encodable,
    one_line,
)
from tocsin.notifications.messages import Message
from tocsin.probes.egress import EgressPolicy

MOST_IN_HEADER = 150
MOST_IN_SECTION = 3000
MOST_IN_FIELD = 2000
MOST_FIELDS = 10
MOST_IN_URL = 3000
MOST_IN_TEXT = 12_000
# Of 50 blocks a message may have, these hold the list: seven lines each stay below 3,000.
LIST_BLOCKS = 40
LINES_IN_BLOCK = 7
MOST_IN_PLACE, MOST_IN_SUMMARY = 160, 200
MOST_NOTICES = LIST_BLOCKS * LINES_IN_BLOCK
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPECIAL = re.compile("[&<>]")
_MENTION = re.compile(r"@(?=\w)")
_ZERO_WIDTH_SPACE = "\u200b"

Block = dict[str, Any]


class Slack:
    """Tell a Slack channel."""

    kind = ChannelKind.SLACK
    target_type = HookTarget

    def parse(self, config: Mapping[str, Any], policy: EgressPolicy) -> HookTarget:
        """Read `url`."""
        return parse_hook(config, policy, SLACK)

    def masked(self, target: HookTarget) -> str:
        """Show scheme, host and the last 4 characters."""
        return masked_url(target.url)

    def most_notices(self, _target: HookTarget) -> int:
        """Return how many the blocks hold."""
        return MOST_NOTICES

    def render(self, message: Message, target: HookTarget, _seal: Seal) -> HttpRequest:
        """Write blocks, and their gist as text."""
        telling = tell(message)
        payload = {"text": _gist(telling), "mrkdwn": False, "blocks": list(_blocks(telling))}
        return post_json(target.url, payload)


def _blocks(telling: Telling) -> Iterator[Block]:
    title = f"{telling.symbol} {telling.title}"
    yield {"type": "header", "text": _plain(title, MOST_IN_HEADER)}
    if telling.preface:
        yield {"type": "section", "text": _plain(telling.preface, MOST_IN_SECTION)}
    yield from _list(telling) if len(telling.items) > 1 else _details(telling.lead)
    yield {"type": "context", "elements": [_plain(f"Tocsin · {telling.team}", MOST_IN_FIELD)]}


def _details(item: Item) -> Iterator[Block]:
    if item.summary:
        yield {"type": "section", "text": _plain(item.summary, MOST_IN_SECTION)}
    if item.facts:
        lines = (f"{fact.label}\n{fact.value}" for fact in item.facts[:MOST_FIELDS])
        yield {"type": "section", "fields": [_plain(line, MOST_IN_FIELD) for line in lines]}
    links = ((item.link, "Open the issue"), (item.site_url, "Open the site"))
    parts = [_link(url, words) for url, words in links if len(url) <= MOST_IN_URL]
    yield _rich([part for link in parts for part in (link, _text("   "))][:-1])


def _list(telling: Telling) -> Iterator[Block]:
    shown = telling.items[:MOST_NOTICES]
    for start in range(0, len(shown), LINES_IN_BLOCK):
        lines = (_line(item) for item in shown[start : start + LINES_IN_BLOCK])
        yield _rich([part for line in lines for part in line])
    rest = len(telling.items) - len(shown)
    if rest:
        yield {"type": "section", "text": _plain(and_more(rest), MOST_IN_SECTION)}


def _line(item: Item) -> list[Block]:
    words = clip(item.line, MOST_IN_PLACE)
    about = f" – {clip(one_line(item.summary), MOST_IN_SUMMARY)}" if item.summary else ""
    return [_text(f"{SYMBOLS[item.tone]} "), _link(item.link, words), _text(f"{about}\n")]


def _gist(telling: Telling) -> str:
    lines = [f"{telling.symbol} {telling.title}", telling.preface]
    if len(telling.items) > 1:
        lines += [f"{SYMBOLS[item.tone]} {item.line} {item.link}" for item in telling.items]
    else:
        lines += [telling.lead.summary, telling.lead.link]
    gist = "\n".join(line for line in lines if line)
    # Slack's imitators read mentions in any text: “@channel” must wake nobody.
    return clip_escaped(_MENTION.sub(f"@{_ZERO_WIDTH_SPACE}", gist), MOST_IN_TEXT, _escape)


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": clip_escaped(text, limit, _escape), "emoji": False}


def _rich(parts: list[Block]) -> Block:
    section = {"type": "rich_text_section", "elements": parts}
    return {"type": "rich_text", "elements": [section]}


def _text(text: str) -> Block:
    return {"type": "text", "text": _escape(text)}


def _link(url: str, words: str) -> Block:
    return {"type": "link", "url": encodable(url), "text": _escape(words)}


def _escape(text: str) -> str:
    return _SPECIAL.sub(lambda found: ESCAPES[found[0]], text)
