"""Sentences that are kept in English, said again in the language of whoever reads them.

What a probe found and what a rule decided is written down once, in English: rows, webhooks and the
API are for every reader. A page finds the sentence in a phrasebook and says its translation, with
the numbers and names that stand in it; what no phrasebook knows stays as it is.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cached_property, lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, override

# A message with `%(name)s` for words and `%(name)d` for whole numbers, or what `ngettext` says of
# a count. The words of `reason` are sentences themselves, those of `moment` a time in UTC.
Phrase = str | Callable[[int], str]

SOURCE = "en"
MOST_REMEMBERED = 4096
_PLACE = re.compile(r"%\((\w+)\)([sd])")
_BETWEEN_SENTENCES = re.compile(r"(?<=\.) (?=[A-Z0-9])")
_MOMENT = "%d %B %Y, %H:%M UTC"


class Phrasebook:
    """Phrases, and those of other phrasebooks."""

    def __init__(self, phrases: Iterable[Phrase], *others: "Phrasebook") -> None:
        self._own = tuple(phrases)
        self._others = others
        self._remembered = lru_cache(MOST_REMEMBERED)(self._look_up)

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """Return all phrases."""
        return (*self._own, *(phrase for other in self._others for phrase in other.phrases))

    def said(self, english: str) -> str:
        """Say an English text in the active language; sentence by sentence where it has several."""
        language = get_language() or SOURCE
        if not english or language.partition("-")[0] == SOURCE:
            return english
        return self._remembered(language, english)

    def knows(self, english: str) -> bool:
        """Say whether a text is a phrase, or several."""
        return self._read(english) is not None or all(
            self._read(each) is not None for each in _BETWEEN_SENTENCES.split(english)
        )

    def _look_up(self, _language: str, english: str) -> str:
        sentences = _BETWEEN_SENTENCES.split(english)
        found = [self._read(each) for each in sentences]
        # Some phrases are two sentences, so that the whole is looked for before half of it.
        whole = None if all(each is not None for each in found) else self._read(english)
        if whole is not None:
            return whole
        said = (text if each is None else each for text, each in zip(sentences, found, strict=True))
        return " ".join(said)

    def _read(self, english: str) -> str | None:
        for pattern, phrase in self._patterns:
            match = pattern.fullmatch(english)
            if match is not None:
                return self._say(phrase, match.groupdict())
        return None

    def _say(self, phrase: Phrase, words: dict[str, str]) -> str:
        values = {name: self._value(name, text) for name, text in words.items()}
        if isinstance(phrase, str):
            message = gettext(phrase)
        else:
            count = int(values.get("count", 1))
            values["count"], message = count, phrase(count)
        return message % values if values else message

    def _value(self, name: str, text: str) -> str | int:
        if name == "reason":
            return self.said(text)
        if name == "moment":
            return _moment(text)
        return int(text) if text.isdecimal() else text

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], Phrase]]:
        found = [
            (_pattern(template), phrase)
            for phrase in self.phrases
            for template in _templates(phrase)
        ]
        # The more is said, the less is left to guess.
        return sorted(found, key=lambda each: -len(each[0].pattern))


def _templates(phrase: Phrase) -> list[str]:
    """Return a phrase as it is written in English."""
    if isinstance(phrase, str):
        return [phrase]
    with override(SOURCE):
        return [phrase(1).replace("%(count)d", "1"), phrase(2)]


def _pattern(template: str) -> re.Pattern[str]:
    parts, end = [], 0
    for place in _PLACE.finditer(template):
        words = r"\d+" if place[2] == "d" else r".+?"
        parts += [re.escape(template[end : place.start()]), f"(?P<{place[1]}>{words})"]
        end = place.end()
    return re.compile("".join((*parts, re.escape(template[end:]))), re.DOTALL)


def _moment(text: str) -> str:
    try:
        moment = datetime.strptime(text, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return text
    return f"{date_format(moment, 'DATE_FORMAT')}, {moment:%H:%M} UTC"
