"""Sentences that are kept in English and said in the reader's language."""

import pytest
from django.utils import translation
from django.utils.translation import gettext_noop, ngettext

from tests.marked_language import MARK, marked_german
from tocsin.kit.phrases import Phrasebook

BOOK = Phrasebook(
    (
        gettext_noop("%(host)s sent no certificate."),
        gettext_noop("The site answers with status %(code)d."),
        gettext_noop("The certificate expired on %(moment)s."),
        gettext_noop("The start page cannot be read: %(reason)s"),
        gettext_noop("%(address)s is refused. To let it in, add it to %(setting)s."),
        lambda count: ngettext("%(count)d day left", "%(count)d days left", count),
    )
)


def _said(english: str) -> str:
    with marked_german(), translation.override("de"):
        return BOOK.said(english)


@pytest.mark.parametrize(
    "english",
    [
        "example.com sent no certificate.",
        "The site answers with status 503.",
        "1 day left",
        "2 days left",
        "10.0.0.1 is refused. To let it in, add it to THIS.",
    ],
)
def test_it_says_a_sentence_with_what_stands_in_it(english: str) -> None:
    assert _said(english) == MARK + english
    assert BOOK.said(english) == english


def test_it_says_each_of_several_sentences() -> None:
    first, second = "example.com sent no certificate.", "The site answers with status 503."
    assert _said(f"{first} {second}") == f"{MARK}{first} {MARK}{second}"
    assert _said(f"{first} Another thing.") == f"{MARK}{first} Another thing."


def test_it_says_the_sentence_within_a_sentence() -> None:
    within = "The start page cannot be read: a.example sent no certificate."
    assert (
        _said(within)
        == f"{MARK}The start page cannot be read: {MARK}a.example sent no certificate."
    )


def test_it_writes_a_moment_as_the_language_does() -> None:
    english = "The certificate expired on 1 March 2026, 09:05 UTC."
    assert f"1. {MARK}March 2026, 09:05 UTC" in _said(english)
    assert BOOK.said(english) == english
    assert _said("The certificate expired on some day.").endswith("expired on some day.")


@pytest.mark.parametrize(
    "unknown",
    [
        "",
        "Something else.",
        "The site answers with status of its own.",
        "one day left",
        "%(host)s %",
    ],
)
def test_it_leaves_what_it_does_not_know(unknown: str) -> None:
    assert _said(unknown) == unknown


def test_what_stands_in_a_sentence_is_no_template() -> None:
    assert _said("%(code)d%s%% sent no certificate.") == f"{MARK}%(code)d%s%% sent no certificate."
