"""A language in which every translated sentence is marked, so that none can hide."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.utils import translation

from tocsin.kit.phrases import Phrasebook

MARK = "‹de›"


@contextmanager
def marked_german() -> Iterator[None]:
    """Say in German what is said in English, with a mark before it, whatever the catalogue has."""
    with pytest.MonkeyPatch.context() as patch:
        trans: Any = translation._trans  # type: ignore[attr-defined]
        say, count = trans.gettext, trans.ngettext

        def gettext(message: str) -> str:
            return _marked(message) if _is_german() else str(say(message))

        def ngettext(one: str, many: str, number: int) -> str:
            if not _is_german():
                return str(count(one, many, number))
            return _marked(one if number == 1 else many)

        patch.setattr(trans, "gettext", gettext)
        patch.setattr(trans, "ngettext", ngettext)
        patch.setattr(Phrasebook, "said", _said_anew)
        yield


def _said_anew(book: Phrasebook, english: str) -> str:
    # Past what the process remembers of other tests, and leaving nothing for them.
    return book._look_up("de", english) if english and _is_german() else english


def _is_german() -> bool:
    return translation.get_language() == "de"


def _marked(message: str) -> str:
    return f"{MARK}{message}" if message else message
