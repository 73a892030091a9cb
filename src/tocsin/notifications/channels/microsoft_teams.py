"""Microsoft Teams: an Adaptive Card through a workflow's (or connector's) webhook.

All text stands in text runs, which know no markup, and in no text block, which does.
Source: https://adaptivecards.io/explorer/TextRun.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tocsin.notifications.channels.contract import ChannelKind, HttpRequest, Seal
from tocsin.notifications.channels.hooks import MICROSOFT_TEAMS, HookTarget, masked_url, parse_hook
from tocsin.notifications.channels.requests import post_json
from tocsin.notifications.channels.telling import SYMBOLS, Item, Telling, Tone, tell
from tocsin.notifications.channels.text import and_more, clip, encodable, one_line
from tocsin.notifications.messages import Message
from tocsin.probes.egress import EgressPolicy

# A message may have 28 KB, and a character up to four bytes: these stay below it together.

MOST_IN_TITLE = 300
MOST_IN_SUMMARY = 2000
MOST_IN_LABEL, MOST_IN_VALUE = 60, 250
MOST_FACTS = 10
MOST_IN_LINE, MOST_SUMMARY_IN_LINE = 120, 80
MOST_NOTICES = 25
MOST_IN_URL = 2048
COLOURS = {Tone.BAD: "attention", Tone.WORRYING: "warning", Tone.GOOD: "good"}

Json = dict[str, Any]


class MicrosoftTeams:
    """Tell a Teams channel or chat."""

    kind = ChannelKind.MICROSOFT_TEAMS
    target_type = HookTarget

    def parse(self, config: Mapping[str, Any], policy: EgressPolicy) -> HookTarget:
        """Read `url`."""
        return parse_hook(config, policy, MICROSOFT_TEAMS)

    def masked(self, target: HookTarget) -> str:
        """Show scheme, host and the last 4 characters."""
        return masked_url(target.url)

    def most_notices(self, _target: HookTarget) -> int:
        """Return how many fit into the card's bytes."""
        return MOST_NOTICES

    def render(self, message: Message, target: HookTarget, _seal: Seal) -> HttpRequest:
        """Write a card."""
        card = _card(tell(message))
        attachment = {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": None,
            "content": card,
        }
        return post_json(target.url, {"type": "message", "attachments": [attachment]})


def _card(telling: Telling) -> Json:
    title = f"{telling.symbol} {clip(telling.title, MOST_IN_TITLE)}"
    heading = _run(title, size="large", weight="bolder", color=COLOURS[telling.tone])
    body = [_block(heading)]
    if telling.preface:
        body.append(_block(_run(telling.preface)))
    body += _list(telling) if len(telling.items) > 1 else _details(telling.lead)
    body.append(_block(_run(f"Tocsin · {clip(telling.team, MOST_IN_VALUE)}", isSubtle=True)))
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "fallbackText": title,
        "body": body,
        "actions": list(_actions(telling)),
    }


def _details(item: Item) -> Iterator[Json]:
    if item.summary:
        yield _block(_run(clip(item.summary, MOST_IN_SUMMARY)))
    for fact in item.facts[:MOST_FACTS]:
        label = _run(f"{clip(fact.label, MOST_IN_LABEL)}: ", weight="bolder")
        yield _block(label, _run(clip(fact.value, MOST_IN_VALUE)), spacing="small")


def _list(telling: Telling) -> Iterator[Json]:
    shown = telling.items[:MOST_NOTICES]
    for item in shown:
        yield _block(*_line(item), spacing="small")
    rest = len(telling.items) - len(shown)
    if rest:
        yield _block(_run(and_more(rest)))


def _line(item: Item) -> Iterator[Json]:
    yield _run(f"{SYMBOLS[item.tone]} {clip(item.line, MOST_IN_LINE)}", weight="bolder")
    if item.summary:
        yield _run(f" – {clip(one_line(item.summary), MOST_SUMMARY_IN_LINE)}")


def _actions(telling: Telling) -> Iterator[Json]:
    lead = telling.lead
    buttons = [("Open the issue", lead.link)]
    if len(telling.items) == 1:
        buttons.append(("Open the site", lead.site_url))
    for title, url in buttons:
        if len(url) <= MOST_IN_URL:
            yield {"type": "Action.OpenUrl", "title": title, "url": encodable(url)}


def _block(*runs: Json, **looks: str) -> Json:
    return {"type": "RichTextBlock", "inlines": list(runs), **looks}


def _run(text: str, **looks: Any) -> Json:
    return {"type": "TextRun", "text": text, **looks}
