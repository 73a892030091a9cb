"""Every message of the product can be said in every language that it speaks."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

from scripts.compile_catalogues import LOCALES, catalogues, is_compiled
from scripts.translations import extracted, is_translated, updated, written

CATALOGUES = list(catalogues())
LANGUAGES = [path.parent.parent.name for path in CATALOGUES]
TAG = re.compile(r"<[^>]*>")
NAMED = re.compile(r"%\((\w+)\)(\w)|%%")


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


@pytest.fixture(params=CATALOGUES, ids=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return _read(request.param)


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _keys(catalogue: Catalog) -> set[object]:
    return {
        (message.context, message.id if isinstance(message.id, str) else tuple(message.id))
        for message in _messages(catalogue)
    }


def test_it_has_a_catalogue_for_every_language_but_english() -> None:
    assert ["en", *LANGUAGES] == [code for code, _ in settings.LANGUAGES]
    assert LOCALES in settings.LOCALE_PATHS


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_it_has_every_message_and_no_other(path: Path) -> None:
    """Else run `make translations`, and translate what is new."""
    found, kept = _keys(extracted()), _keys(_read(path))
    assert sorted(map(str, found - kept)) == []
    assert sorted(map(str, kept - found)) == []


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_it_is_compiled(path: Path) -> None:
    """Else run `make setup`."""
    assert is_compiled(path)


@pytest.mark.parametrize("path", CATALOGUES, ids=LANGUAGES)
def test_updating_twice_changes_nothing(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / path.parent.parent.name / "LC_MESSAGES" / path.name
    copy.parent.mkdir(parents=True)
    found = extracted()
    once = written(updated(path, found))
    copy.write_bytes(once)
    assert written(updated(copy, found)) == once


def test_everything_is_translated(catalogue: Catalog) -> None:
    missing = [message.id for message in _messages(catalogue) if not is_translated(message.string)]
    assert missing == []
    assert [message.id for message in _messages(catalogue) if message.fuzzy] == []
    assert not catalogue.obsolete


def test_translations_keep_what_is_filled_in(catalogue: Catalog) -> None:
    assert {
        str(message.id): problems
        for message in _messages(catalogue)
        if (problems := list(_problems(message, catalogue.num_plurals)))
    } == {}


@pytest.mark.parametrize(
    ("english", "german", "problem"),
    [
        ("%(count)s of %(all)s", "%(count)s von allen", "filled in"),
        ("Hello %(name)s", "Hallo %(nam)s", "filled in"),
        ("%(count)s of it", "%(count)d davon", "filled in"),
        ("{count} left", "noch {anzahl}", "filled in"),
        ("100 %%", "100 %", "filled in"),
        ("<b>Stop</b>", "<i>Halt</i>", "marked up"),
        ("Close", "Schließen ", "space"),
        (("%(n)s site", "%(n)s sites"), ("%(n)s Website",), "forms"),
        (("%(n)s site", "%(n)s sites"), ("%(n)s Website", "Websites"), "filled in"),
        (("One site", "%(n)s sites"), ("%(m)s Website", "%(n)s Websites"), "filled in"),
    ],
)
def test_it_would_see_a_broken_translation(
    english: str | tuple[str, str], german: str | tuple[str, ...], problem: str
) -> None:
    assert problem in " ".join(_problems(Message(english, german), 2))


def _problems(message: Message, forms: int) -> Iterator[str]:
    if isinstance(message.id, str):
        yield from _differences(message.id, str(message.string))
        return
    one, many = message.id
    if len(message.string) != forms:
        yield f"{len(message.string)} forms instead of {forms}"
    for string in message.string[1:]:
        yield from _differences(many, string)
    # “One site” says its number in words, and so may its translation.
    first = message.string[0]
    if not any(_filled(first) == _filled(each) for each in (one, many)):
        yield f"what is filled in differs: {first}"


def _differences(english: str, translated: str) -> Iterator[str]:
    if _filled(english) != _filled(translated):
        yield f"what is filled in differs: {translated}"
    if sorted(TAG.findall(english)) != sorted(TAG.findall(translated)):
        yield f"it is marked up otherwise: {translated}"
    if _edges(english) != _edges(translated):
        yield f"white space around it differs: {translated!r}"


def _filled(text: str) -> list[str]:
    """List what is filled into a message, in the ways of Python and of the scripts."""
    named = [match[0] for match in NAMED.finditer(text)]
    stray = ["%"] * NAMED.sub("", text).count("%")
    braces = [field for _, field, _, _ in Formatter().parse(text) if field is not None]
    return sorted([*named, *stray, *braces])


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
