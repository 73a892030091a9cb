"""Templates say nothing that cannot be translated."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from scripts.translations import SOURCE

# What is the same in every language: names, units, and what programs read.
NO_WORDS = re.compile(
    r"Tocsin|UTC|API|MCP|URL|IPv[46]|PDF|CSV|SSL|TLS|DNS|TTL|HTTP|OpenAPI|JSON|KiB|kB|MB|"
    r"cURL|curl|Python|JavaScript|GET|POST|Cloudflare|https?://[^\s,]+(, Shop)?|"
    r"\bms\b|\bs\b|\bh\b|\bmin\b"
)
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"
SHOWN = {"alt", "aria-description", "aria-label", "placeholder", "title"}


def _templates() -> list[Path]:
    return sorted(
        path for path in SOURCE.rglob("templates/**/*") if path.suffix in {".html", ".txt"}
    )


@pytest.mark.parametrize("path", _templates(), ids=lambda path: path.name)
def test_templates_say_nothing_that_cannot_be_translated(path: Path) -> None:
    assert unmarked(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<p>Hello</p>", ["Hello"]),
        ("{% translate 'Hello' %} <b>{{ name }}</b>", []),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}, you", ["you"]),
        ("<input placeholder='Type here' name='here' class='card'>", ["Type here"]),
        (
            "<a title=\"{% translate 'Go' %}\">{# a remark #}{% comment %}x y{% endcomment %}</a>",
            [],
        ),
        ("<p>5 ms · Tocsin</p><code>tocsin up</code>", []),
        ("{% if ready %}Ready{% endif %}", ["Ready"]),
    ],
)
def test_it_would_see_words_that_are_not_marked(text: str, left: list[str]) -> None:
    assert unmarked(text) == left


def unmarked(text: str) -> list[str]:
    """Return the words of a template that no message holds."""
    reader = _Words()
    # An element whose name is chosen by a condition is an element, too.
    reader.feed("".join(_outside(text)).replace(f"<{HOLE}", "<x "))
    reader.close()
    return reader.words


def _outside(text: str) -> Iterator[str]:
    """Yield what stands outside messages, with a hole for whatever is filled in."""
    inside = ""
    for token in Lexer(text).tokenize():
        tag = token.split_contents() if token.token_type is TokenType.BLOCK else [""]
        if inside:
            inside = "" if tag[0] == inside else inside
        elif _begins_other(tag):
            inside = f"end{tag[0]}"
        elif token.token_type is TokenType.TEXT:
            yield token.contents
        elif token.token_type is not TokenType.COMMENT:
            yield HOLE


def _begins_other(tag: list[str]) -> bool:
    return tag[0] in {"blocktranslate", "comment"} or (
        tag[0] == "block" and tag[1].endswith("_class")
    )


class _Words(HTMLParser):
    """Collects what a reader would see or hear."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._code += tag in {"code", "pre", "kbd", "script", "style"}
        for name, value in attrs:
            if name in SHOWN and value:
                self._note(value)

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in {"code", "pre", "kbd", "script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._code:
            self._note(data)

    def _note(self, text: str) -> None:
        for part in text.split(HOLE):
            words = NO_WORDS.sub("", part)
            if re.search(r"[^\W\d_]{2,}", words):
                self.words.append(" ".join(part.split()).strip(" ,.:;·"))
