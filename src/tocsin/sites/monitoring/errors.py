"""What is wrong with settings, by dotted path and in words for people.

The sentences are messages of the catalogue; `gettext` says them in the reader's language.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop
from pydantic import ValidationError

from tocsin.kit.errors import InvalidInput

Errors = dict[str, list[str]]

ROOT = "monitoring_settings"
UNKNOWN_FIELD = gettext_noop("There is no such field.")
NOT_AN_OBJECT = gettext_noop("It must be an object.")
NOT_A_BOOLEAN = gettext_noop("It must be true or false.")
NOT_TEXT = gettext_noop("It must be text.")

_WORDS = {
    "bool_type": NOT_A_BOOLEAN,
    "extra_forbidden": gettext_noop("There is no such setting."),
    "finite_number": gettext_noop("It must be a finite number."),
    "float_type": gettext_noop("It must be a number."),
    "greater_than_equal": gettext_noop("It must be at least %(least)s."),
    "int_type": gettext_noop("It must be a whole number."),
    "less_than_equal": gettext_noop("It must be at most %(most)s."),
    "missing": gettext_noop("It is required."),
    "model_type": NOT_AN_OBJECT,
    "string_pattern_mismatch": gettext_noop("It must be a time of day from 00:00 to 23:59."),
    "string_too_long": gettext_noop("Use at most %(most)s characters."),
    "string_too_short": gettext_noop("It must not be empty."),
    "string_type": NOT_TEXT,
    "string_unicode": gettext_noop("It holds characters that are no text."),
    "too_long": gettext_noop("Use at most %(most)s entries."),
    "tuple_type": gettext_noop("It must be a list."),
}


def explain(error: ValidationError, root: str = ROOT) -> Errors:
    """Turn what the schema found into dotted path → messages."""
    found: Errors = {}
    for item in error.errors(include_url=False, include_input=False):
        path = ".".join((root, *map(str, item["loc"])))
        words = _WORDS.get(item["type"])
        message = item["msg"] if words is None else _said(words, item.get("ctx", {}))
        found.setdefault(path, []).append(message)
    return found


def require_object(value: object, path: str) -> Mapping[str, Any]:
    """Return an object as it is. Raises InvalidInput for anything else."""
    if not isinstance(value, Mapping):
        raise InvalidInput({path: [gettext(NOT_AN_OBJECT)]})
    return value


def refuse_if_any(*groups: Mapping[str, list[str]]) -> None:
    """Raise InvalidInput with all errors, the first group's first; nothing where there are none."""
    errors: Errors = {}
    for group in groups:
        for path, messages in group.items():
            errors.setdefault(path, []).extend(messages)
    if errors:
        raise InvalidInput(errors)


def _said(words: str, limits: Mapping[str, Any]) -> str:
    """Put the limits that the schema names into a sentence."""
    numbers: dict[str, Any] = {"most": limits.get("max_length")}
    if "le" in limits:
        numbers["most"] = f"{limits['le']:.0f}"
    if "ge" in limits:
        numbers["least"] = f"{limits['ge']:g}"
    return gettext(words) % numbers
