"""Every word that a template shows can be translated: it stands in translate or blocktranslate."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "tocsin"
TEMPLATES = sorted(
    path
    for folder in SOURCE.rglob("templates")
    for path in folder.rglob("*")
    if path.suffix in {".html", ".txt"}
)

# An element whose name a tag of Django chooses.
CHOSEN = re.compile(r"(</?)(?=\{%)")
# What stands for a tag of Django: no letter, and not what joins words.
GAP = "\x1a"
MARKED = re.compile(r"\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL)
REMARK = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?\{%\s*endcomment\s*%\}", re.DOTALL)
# The blocks of a frame that take a class, and no words.
CLASS_BLOCK = re.compile(r"(\{%\s*block \w+_class\s*%\})[\w -]+(?=\{%)")
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# What a tag or a filter is given as words: `with label="Sites"`, `default:"Not yet"`.
GIVEN = re.compile(r"""(?:\w+=|\|(?:default|default_if_none|yesno):)(["'])([A-Z][^"']*)\1""")
WORD = re.compile(r"[^\W\d_]{2,}")
SAID = ("aria-label", "title", "placeholder", "alt", "label")
SILENT = {"script", "style", "code"}
# Names, units and examples, which are the same in every language.
SAME = {
    "Cloudflare",
    "CSV",
    "HTTP",
    "JavaScript",
    "Python",
    "Tocsin",
    "UTC",
    "curl",
    "https://example.com",
    "https://shop.example.com, Shop",
}


class _Reader(HTMLParser):
    """Collects what a page would show."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and (name in SAID or (name.startswith("data-") and _is_sentence(value))):
                self.said.append(value)
        if tag in SILENT:
            self.silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)


def _is_sentence(value: str) -> bool:
    return bool(re.match(r"[A-Z]\w*[ ?!.]", value.strip(GAP)))


def _unmarked(text: str, *, is_page: bool) -> Iterator[str]:
    """Yield what a template shows and nobody can translate."""
    text = CLASS_BLOCK.sub(r"\1", MARKED.sub(GAP, REMARK.sub("", text)))
    for tag in TAG.findall(text):
        yield from (words for _, words in GIVEN.findall(tag))
    text = TAG.sub(GAP, CHOSEN.sub(r"\1x", text))
    pieces = [text]
    if is_page:
        reader = _Reader()
        reader.feed(text)
        reader.close()
        pieces = reader.said
    for piece in pieces:
        for line in re.split(rf"[{GAP}\n]", piece):
            words = line.strip(" ·,.:/0123456789")
            if WORD.search(words) and words not in SAME:
                yield words


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_it_shows_no_words_that_cannot_be_translated(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert list(_unmarked(text, is_page=path.suffix == ".html")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<h1>Sign in</h1>", ["Sign in"]),
        ("<p>{% icon 'mail' %}Sent to {{ address }}</p>", ["Sent to"]),
        ("<p>{% if up %}Up{% else %}{% translate 'Down' %}{% endif %}</p>", ["Up"]),
        ('<a title="Go back" href="{% url \'home\' %}">←</a>', ["Go back"]),
        ('<nav aria-label="Pages of {{ team }}"></nav>', ["Pages of"]),
        ('<input placeholder="Search">', ["Search"]),
        ('<img alt="A dial" src="">', ["A dial"]),
        ('<form data-confirm="Delete it?"></form>', ["Delete it?"]),
        ("<svg><title>Up all day</title></svg>", ["Up all day"]),
        ('{% include "meter.html" with label="Sites" %}', ["Sites"]),
        ('{{ is_on|yesno:"Yes,No" }}', ["Yes,No"]),
        ("<p>{% blocktranslate %}Marked{% endblocktranslate %} and not</p>", ["and not"]),
    ],
)
def test_it_finds_words_that_are_not_marked(template: str, found: list[str]) -> None:
    assert list(_unmarked(template, is_page=True)) == found


def test_it_finds_them_in_a_mail_too() -> None:
    mail = "{% load i18n %}{% translate 'Hello,' %}\nYou are asked to join {{ team }}.\n"
    assert list(_unmarked(mail, is_page=False)) == ["You are asked to join"]


def test_it_lets_marks_symbols_names_and_code_be() -> None:
    template = """{% load i18n %}{# A remark #}<title>{% translate "Sites" %} · Tocsin</title>
<p title="{% translate 'Go' %}">{{ used }} / {{ limit }} → {{ when|date:"j M Y" }} UTC</p>
<p>{% blocktranslate with n=count %}All <b>{{ n }}</b> sites{% endblocktranslate %}</p>
<code>Authorization: Bearer …</code><script>let word = "Up";</script>
<div data-language="python" class="{% block page_class %}page-narrow{% endblock %}"></div>
{% include "meter.html" with label=_("Sites") css="wide" %}{{ is_on|yesno:"no,yes" }}"""
    assert list(_unmarked(template, is_page=True)) == []
