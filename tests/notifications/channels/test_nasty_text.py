"""What people and sites write, in each channel: shown as what it is, and it does nothing."""

import json
import re
from typing import Any

import pytest

from tests.notifications.channels.rendering import TARGETS, render
from tests.notifications.channels.test_rendering import check_limits, strings
from tests.notifications.messages_cast import opened, with_text
from tocsin.notifications.channels.contract import HttpRequest, Mail

FAMILY = "👩\u200d👩\u200d👧"
# For people's eyes: characters that command the screen are left out, the rest stays.
SHOWN = {
    "right to left": ("a\u202egnp.exe\u202c b\u2066c\u2069", "agnp.exe bc"),
    "scripts": ("مرحبا שלום हिन्दी 漢字", "مرحبا שלום हिन्दी 漢字"),
    "joined": (FAMILY, FAMILY),
    "lone surrogate": ("x\ud800y\udfffz", "xyz"),
    "null": ("x\x00y", "xy"),
    "controls": ("x\x07\x1b[31my\x9b", "x[31my"),
    "invisible": ("x\u200b\ufeff\u2060y", "xy"),
    "combining": ("Z\u0351\u036b\u0343a", "Z\u0351\u036b\u0343a"),
    "not a character": ("x\uffff\ufffey", "xy"),
}
# For the chat system: what would call somebody, become a link or be drawn.
MARKUP = {
    "slack": (
        "<!channel> <!here> <!everyone> <@U123> <#C123> <!subteam^S1> <https://evil.example|bank>",
        r"<[!@#h]",
    ),
    "discord": (
        "@everyone @here <@1> <@&1> <#1> **b** __u__ ~~s~~ ||x|| `c` [a](http://e.x)\n# h\n> q",
        r"(?<!\\)[*_~`|\[\]<@]|(?m:^[#>-])|(?<!\\)://",
    ),
    "microsoft_teams": ("<at>everyone</at> **b** [a](http://e.x) {{DATE(2026)}} <img src=x>", ""),
    "email": ("<script>alert(1)</script><img src=x onerror=y> {{ 7|add:7 }}", r"<(script|img)"),
}


def payload(name: str, text: str) -> Any:
    made = render(name, with_text(opened(), text))
    assert isinstance(made, HttpRequest)
    return json.loads(made.body or b"{}")


def shown(name: str, text: str) -> str:
    """Return all that people see, markup of the channel taken off."""
    made = render(name, with_text(opened(), text))
    if isinstance(made, Mail):
        return f"{made.subject}\n{made.text}"
    body = json.loads(made.body or b"{}")
    return re.sub(r"\\(?=[^\w\s])", "", "\n".join(strings(body)))


@pytest.mark.parametrize("name", ["email", "slack", "discord", "microsoft_teams"])
@pytest.mark.parametrize("kind", SHOWN)
def test_it_shows_any_text_and_lets_none_command_the_screen(name: str, kind: str) -> None:
    text, seen = SHOWN[kind]
    found = shown(name, text)
    assert seen in found
    assert text in found or text != seen
    assert not re.search("[\x00\x07\x1b\x9b\u202a-\u202e\u2066-\u2069\ud800-\udfff]", found)


@pytest.mark.parametrize("kind", SHOWN)
def test_programs_get_text_as_it_is_save_what_cannot_be_encoded(kind: str) -> None:
    text, _ = SHOWN[kind]
    kept = payload("webhook", text)["site"]["name"]
    assert kept == re.sub("[\ud800-\udfff]", "\ufffd", text)


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("text", ["x" * 10_000, "ж🔥" * 5_000, FAMILY * 2_000, "\n" * 10_000])
def test_it_bounds_ten_thousand_characters(name: str, text: str) -> None:
    check_limits(name, with_text(opened(), text))


@pytest.mark.parametrize("name", MARKUP)
def test_no_text_calls_anybody_or_becomes_markup(name: str) -> None:
    text, alive = MARKUP[name]
    if name == "email":
        made = render(name, with_text(opened(), text))
        assert isinstance(made, Mail)
        assert not re.search(alive, made.html)
        assert "{{ 7|add:7 }}" in made.text + made.html
        return
    body = payload(name, text)
    if name == "microsoft_teams":
        # Runs of rich text are never read as Markdown; whoever is mentioned is named beside them.
        card = body["attachments"][0]["content"]
        assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
        assert "entities" not in json.dumps(card)
        return
    for each in visible(name, body):
        assert not re.search(alive, each), each
    if name == "discord":
        assert body["allowed_mentions"] == {"parse": []}


def visible(name: str, body: Any) -> list[str]:
    """Return the texts that the chat system reads for markup."""
    if name == "slack":
        return list(strings(body))
    (embed,) = body["embeds"]
    fields = [part for each in embed["fields"] for part in (each["name"], each["value"])]
    return [body["content"], embed["title"], embed["description"], *fields]


@pytest.mark.parametrize("text", ["Shop\r\nBcc: m@evil.example", "Shop\nX: y", "Shop\x0bX: y",
                                  "Shop\u2028Bcc: m@evil.example", "Shop\x85Bcc: x"])  # fmt: skip
def test_no_text_writes_a_header(text: str) -> None:
    made = render("email", with_text(opened(), text))
    assert isinstance(made, Mail)
    assert len(made.subject.splitlines()) == 1
    for name in ("webhook", "webhook_get", "slack"):
        request = render(name, with_text(opened(), text))
        assert isinstance(request, HttpRequest)
        assert "Shop" not in str(request.headers)
        assert len(request.url.splitlines()) == 1
