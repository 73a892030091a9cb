"""Text that people type, made safe to store and to show on one line."""

import unicodedata

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

MAX_LINE = 255
MAX_EMAIL = 254
# These reorder what follows them, so a name could pretend to be another.
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Controls, surrogates, private characters, line and paragraph separators.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
_INVISIBLE_CATEGORIES = frozenset({"Cf", "Zs", "Mn", "Me"})
# Hangul fillers and the braille blank are letters and symbols by category, and show nothing.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def clean_line(value: str, *, max_length: int = MAX_LINE) -> str:
    """Return one visible line: trimmed, in Unicode's composed form (NFC).

    Raises ValueError with a sentence for people: empty, too long, or with characters that
    control the display.
    """
    if len(value) > 4 * max_length:
        raise ValueError(_too_long(max_length))
    line = unicodedata.normalize("NFC", value).strip()
    if len(line) > max_length:
        raise ValueError(_too_long(max_length))
    if any(unicodedata.category(character) in _REFUSED_CATEGORIES for character in line):
        raise ValueError(gettext("Leave out line breaks and other control characters."))
    if turns_text(line):
        raise ValueError(gettext("Leave out characters that change the direction of the text."))
    if not any(_is_visible(character) for character in line):
        raise ValueError(gettext("Enter at least one visible character."))
    return line


def turns_text(line: str) -> bool:
    """Tell whether a line holds characters that reorder what follows them."""
    return not _BIDI_CONTROLS.isdisjoint(line)


def clean_email(value: str) -> str:
    """Return an address in the one form that is stored: lower case, the domain in its ASCII form.

    Raises ValueError with a sentence for people. Plus signs stay: they tell mailboxes apart.
    """
    address = value.strip()
    local, at, domain = address.rpartition("@")
    if not at or not local or len(address) > MAX_EMAIL:
        raise ValueError(gettext("Enter an email address such as name@example.com."))
    if not local.isascii():
        raise ValueError(gettext("Use only plain letters, digits and signs before the @."))
    address = f"{local}@{_ascii_domain(domain)}".lower()
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError(gettext("Enter an email address such as name@example.com.")) from None
    return address


def _too_long(most: int) -> str:
    return gettext("Use at most %(most)s characters.") % {"most": most}


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE_CATEGORIES and character not in _BLANKS


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise ValueError(gettext("The part after the @ is not a domain name.")) from None
