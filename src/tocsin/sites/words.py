"""What people call a site, and what they write about it."""

import unicodedata

from django.utils.translation import gettext

from tocsin.kit.text import turns_text
from tocsin.sites.errors import InvalidName, InvalidNotes

NAME_LENGTH = 255
NOTES_LENGTH = 10_000


def clean_name(name: str) -> str:
    """Return a name as it is kept: trimmed, one line. Raises InvalidName."""
    name = name.strip()
    if not name or len(name) > NAME_LENGTH:
        sentence = gettext("The name must have 1 to %(most)s characters.")
        raise InvalidName(sentence % {"most": NAME_LENGTH})
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in name):
        raise InvalidName(gettext("The name must not contain control characters."))
    if turns_text(name):
        raise InvalidName(gettext("Leave out characters that change the direction of the text."))
    return name


def clean_notes(notes: str) -> str:
    """Return notes as they are kept. Raises InvalidNotes."""
    if len(notes) > NOTES_LENGTH:
        sentence = gettext("The notes must not be longer than %(most)s characters.")
        raise InvalidNotes(sentence % {"most": NOTES_LENGTH})
    if any(unicodedata.category(character) == "Cs" or character == "\x00" for character in notes):
        raise InvalidNotes(
            gettext("The notes must not contain null characters or halves of characters.")
        )
    return notes
