"""The main pages in German: what the catalogue has, none of them says in English."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.messages.pofile import read_po
from django.test import Client

from scripts.compile_catalogues import LOCALES
from tests.web.conftest import SignIn
from tests.web.incidents import down, recover, see
from tests.web.results import check_of
from tests.web.test_pages import INSIDE, OUTSIDE
from tests.web.watching import open_issue, roll_up, watch
from tocsin.access.actions import create_token
from tocsin.access.principal import SYSTEM
from tocsin.access.tokens import TokenKind
from tocsin.checks.models import Check
from tocsin.issues.models import Issue
from tocsin.issues.vocabulary import Fingerprint
from tocsin.kit import clock
from tocsin.notifications.actions import destinations
from tocsin.probes.contract import Tool
from tocsin.teams.actions import invitations

# It shows the description of the API, which is English in every language.
PAGES = {*OUTSIDE, *INSIDE} - {"/api-reference"}
MORE = (
    "/",
    "/notices/",
    "/palette?q=shop",
    "/teams/{team}/issues",
    "/teams/{team}/issues?status=all&type=dns",
    "/teams/{team}/monitoring",
    "/teams/{team}/reports",
    "/teams/{team}/reports/{site}",
    "/teams/{team}/destinations",
    "/teams/{team}/destinations/new/webhook",
    "/teams/{team}/destinations/new/email",
    "/teams/{team}/destinations/new/slack",
    "/teams/{team}/deliveries",
    "/teams/{team}/audit?action=invitations",
    "/teams/{team}/audit?who=tocsin&to=2001-01-01",
    "/invitations/nothing",
    "/destinations/confirm/nothing",
)
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|\n")
TAG = re.compile(r"<[^>]*>")
SENTENCE = re.compile(r"[^\W\d_]{2,} [^\W\d_]+ [^\W\d_]{2,}")
# A status of HTTP, and a command to paste.
CODE = re.compile(r"\d{3} |claude mcp add ")
NUMBER_IN_GERMAN = re.compile(
    r'\b(?:[cr]?[xy]|r|[xy][12]|width|height|value|min|max|step|low|high|data-[\w-]+)="-?\d+,\d+"'
)
FEW_WORDS = 3
MANY_MESSAGES = 600
# Written by these tests or by Lighthouse.
SAME = {"It does not answer.", "Serve smaller images"}


class _Words(HTMLParser):
    """Collects what a reader sees or hears, one piece of text each."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style", "pre"}
        shown = {"aria-label", "title", "placeholder", "alt", "data-confirm"}
        self.words += [value for name, value in attrs if name in shown and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style", "pre"}

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.words.append(" ".join(data.split()))


def _words(page: str) -> list[str]:
    reader = _Words()
    reader.feed(page)
    reader.close()
    return reader.words


@pytest.fixture
def shop(team: Any, alice: Any, bob: Any) -> Any:
    """A site with something of everything."""
    shop = watch(team, pinned=True)
    for number, outcome in enumerate(("failing", "unknown", "")):
        watch(team, f"Shop {number}", outcome=outcome)
    for tool in Tool:
        check_of(shop, tool)
    check_of(shop, Tool.SSL, status="failed", outcome="failing", result=None)
    roll_up(shop, ok=270, failing=10, skipped=6, lost=2)
    for fingerprint in Fingerprint:
        open_issue(shop, fingerprint)
    return shop


@pytest.fixture
def story(team: Any, alice: Any, site: Any) -> Any:
    """Issues of every kind, and what a destination was told."""
    destinations.add(
        SYSTEM,
        team.pk,
        channel="webhook",
        config={"url": "https://hooks.example.com/secret"},
        events=["open", "resolve"],
    )
    down(site)
    recover()
    see(site, Tool.SSL, "expiring")
    invitations.invite(SYSTEM, team.pk, email="carol@example.com", role="viewer")
    create_token(SYSTEM, user=alice, kind=TokenKind.API, name="CI", scopes=("sites:read",))
    create_token(SYSTEM, user=alice, kind=TokenKind.MCP, name="MCP", scopes=("sites:read",))
    return site


def _paths(site: Any) -> Iterator[str]:
    for path in (*sorted(PAGES), *MORE):
        yield path.format(team=site.team_id, site=site.pk)
    for check in Check.objects.filter(site=site):
        yield f"/teams/{site.team_id}/sites/{site.pk}/checks/{check.pk}"
    for issue in Issue.objects.filter(site=site):
        yield f"/teams/{site.team_id}/issues/{issue.pk}"


def _walk(user: Any, language: str, site: Any, sign_in: SignIn) -> dict[str, list[str]]:
    user.language = language
    user.save()
    inside, outside = sign_in(user, proven=True), Client(HTTP_ACCEPT_LANGUAGE=language)
    said = {}
    for path in _paths(site):
        with clock.frozen(clock.timestamp()):
            page = (outside if path in OUTSIDE else inside).get(path).content.decode()
        assert f'lang="{language}"' in page or "<html" not in page, path
        said[path] = _words(page)
    return said


def test_it_says_nothing_in_english_that_the_catalogue_says_in_german(
    story: Any, shop: Any, alice: Any, sign_in: SignIn
) -> None:
    segments = _english()
    assert len(segments) > MANY_MESSAGES
    for site in (story, shop):
        for path, words in _walk(alice, "de", site, sign_in).items():
            text = "\n".join(words)
            assert {each for each in segments if each in text} == set(), path


def test_it_says_no_sentence_alike_in_both_languages(
    story: Any, shop: Any, alice: Any, sign_in: SignIn
) -> None:
    """What no catalogue has is found here: words of Python that nobody marked."""
    for site in (story, shop):
        english = _walk(alice, "en", site, sign_in)
        german = _walk(alice, "de", site, sign_in)
        alike = {text for path, words in german.items() for text in {*words} & {*english[path]}}
        sentences = {text for text in alike if SENTENCE.search(text) and not CODE.match(text)}
        assert sentences - SAME == set()


def test_it_writes_numbers_for_people_in_german_and_for_browsers_as_ever(
    shop: Any, alice: Any, sign_in: SignIn
) -> None:
    alice.language = "de"
    alice.save()
    client = sign_in(alice, proven=True)
    pages = [client.get(path).content.decode() for path in _paths(shop)]
    assert any(re.search(r">[^<]*\d,\d", page) for page in pages)
    for page in pages:
        assert NUMBER_IN_GERMAN.findall(page) == []


def _english() -> set[str]:
    """Return what German pages may not hold: the longest piece of every long message."""
    with (LOCALES / "de" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale="de")
    segments = set()
    for message in catalogue:
        ids, strings = _all(message.id), _all(message.string)
        for english in filter(None, ids):
            segment = max(HOLE.split(TAG.sub("\n", english)), key=len).strip()
            if len(segment.split()) >= FEW_WORDS and not any(segment in each for each in strings):
                segments.add(segment)
    return segments


def _all(said: Any) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)
