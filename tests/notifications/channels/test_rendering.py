"""What every channel makes of a message: within its limits, as plain text, everyone listed."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.notifications.channels.rendering import TARGETS, most_notices, render
from tests.notifications.messages_cast import LONG, MESSAGES, NASTY, opened, storm, with_text
from tocsin.notifications.channels.contract import HttpRequest, Mail
from tocsin.notifications.messages import Message

SAMPLES = Path(__file__).parents[1] / "samples"
CHATS = ("slack", "microsoft_teams", "discord")
HARMFUL = ("", NASTY, LONG, "*" * 9_000, "&<>" * 3_000, "\\" * 5_000, " \n\t ")


def text_of(name: str, message: Message) -> str:
    made = render(name, message)
    if isinstance(made, Mail):
        return f"Subject: {made.subject}\n\n{made.text}\n{made.html}"
    if made.body is None:
        return f"GET {made.url}\n"
    return json.dumps(json.loads(made.body), ensure_ascii=False, indent=1) + "\n"


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def payload(name: str, message: Message) -> Any:
    made = render(name, message)
    assert isinstance(made, HttpRequest)
    assert made.body is not None
    return json.loads(made.body)


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("kind", MESSAGES)
def test_it_writes_the_samples(name: str, kind: str) -> None:
    """Read the samples to see what people see; write them anew by deleting them."""
    path = SAMPLES / name / f"{kind}.txt"
    text = text_of(name, MESSAGES[kind])
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", TARGETS)
def test_it_lists_every_member(name: str) -> None:
    count = most_notices(name)
    text = text_of(name, storm(count))
    for number in range(1, count + 1):
        shown = f"{number:012d}" if name == "webhook" else f"shop{number}.example.com"
        if name == "webhook_get":
            shown = str(storm(count).notices[number - 1].issue.id)
        assert shown in text


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("harm", HARMFUL)
def test_it_stays_within_the_limits(name: str, harm: str) -> None:
    for message in (opened(), storm(most_notices(name)), storm(most_notices(name) + 40)):
        check_limits(name, with_text(message, harm))


@given(text=st.text(st.characters(), max_size=300))
def test_it_writes_whatever_text_there_is(text: str) -> None:
    for name in TARGETS:
        for message in (opened(), storm(2)):
            check_limits(name, with_text(message, text))


def check_limits(name: str, message: Message) -> None:
    made = render(name, message)
    if isinstance(made, Mail):
        assert len(made.subject) <= 150
        assert made.subject == made.subject.strip()
        made.text.encode()
        made.html.encode()
        return
    assert all(
        "\n" not in f"{key}{value}" and f"{key}{value}".isascii() for key, value in made.headers
    )
    if name == "slack":
        check_slack(json.loads(made.body or b""))
    elif name == "discord":
        check_discord(json.loads(made.body or b""))
    elif name == "microsoft_teams":
        assert len(made.body or b"") <= 28 * 1024
    elif name == "webhook_get":
        assert len(made.url) <= 8_000
        assert made.url.isascii()


def check_slack(body: Any) -> None:
    assert len(body["blocks"]) <= 50
    assert len(body["text"]) <= 12_000
    for block in body["blocks"]:
        if block["type"] == "header":
            assert 1 <= len(block["text"]["text"]) <= 150
        if block["type"] == "section":
            texts = block.get("fields") or [block["text"]]
            assert len(texts) <= 10
            assert all(1 <= len(each["text"]) <= 3000 for each in texts)
    for text in strings(body):
        assert not re.search(r"[<>]|&(?!(amp|lt|gt);)", text)


def check_discord(body: Any) -> None:
    (embed,) = body["embeds"]
    fields = embed.get("fields", [])
    parts = [embed["title"], embed["description"], embed["footer"]["text"]]
    parts += [part for each in fields for part in (each["name"], each["value"])]
    assert len(fields) <= 25
    assert all(each["name"].strip() and each["value"].strip() for each in fields)
    assert len(embed["title"]) <= 256
    assert len(embed["description"]) <= 4096
    assert sum(map(len, parts)) <= 6000
    assert len(body["content"]) <= 2000
    assert body["allowed_mentions"] == {"parse": []}


def test_no_text_mentions_anybody_or_becomes_markup() -> None:
    discord = payload("discord", with_text(opened(), NASTY))
    shown = discord["content"] + discord["embeds"][0]["description"]
    assert "\\@everyone" in shown
    assert not re.search(r"(?<!\\)[*_~`|\[\]<]", shown)
    assert "@everyone" not in payload("slack", with_text(opened(), NASTY))["text"]
    teams = payload("microsoft_teams", with_text(opened(), NASTY))
    blocks = teams["attachments"][0]["content"]["body"]
    assert {block["type"] for block in blocks} == {"RichTextBlock"}
    mail = render("email", with_text(opened(), NASTY))
    assert isinstance(mail, Mail)
    assert "<script>" not in mail.html
    assert "{{ 7|add:7 }}" in mail.text
    assert "\n" not in mail.subject


@pytest.mark.parametrize("name", [*CHATS, "email"])
def test_no_text_controls_the_screen(name: str) -> None:
    text = text_of(name, with_text(opened(), NASTY))
    assert not re.search("[\x00\x07\x1b\x9b\u202e\u2028\ud800]", text)
    assert "שלום" in text
    assert "👩‍👩‍👧" in text


@pytest.mark.parametrize("name", [*CHATS, "email"])
def test_it_says_what_it_left_out(name: str) -> None:
    assert "(shortened)" in text_of(name, with_text(opened(), LONG))
    assert "and 3 more" in text_of(name, storm(most_notices(name) + 3))
