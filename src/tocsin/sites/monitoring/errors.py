"""What is wrong with settings, by dotted path and in words for people."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from tocsin.kit.errors import InvalidInput

Errors = dict[str, list[str]]

ROOT = "monitoring_settings"
UNKNOWN_FIELD = "There is no such field."
NOT_AN_OBJECT = "It must be an object."
NOT_A_BOOLEAN = "It must be true or false."
NOT_TEXT = "It must be text."

_WORDS = {
    "bool_type": NOT_A_BOOLEAN,
    "extra_forbidden": "There is no such setting.",
    "finite_number": "It must be a finite number.",
    "float_type": "It must be a number.",
    "greater_than_equal": "It must be at least {ge:g}.",
    "int_type": "It must be a whole number.",
    "less_than_equal": "It must be at most {le:.0f}.",
    "missing": "It is required.",
    "model_type": NOT_AN_OBJECT,
    "string_pattern_mismatch": "It must be a time of day from 00:00 to 23:59.",
    "string_too_long": "Use at most {max_length} characters.",
    "string_too_short": "It must not be empty.",
    "string_type": NOT_TEXT,
    "string_unicode": "It holds characters that are no text.",
    "too_long": "Use at most {max_length} entries.",
    "tuple_type": "It must be a list.",
}


def explain(error: ValidationError, root: str = ROOT) -> Errors:
    """Turn what the schema found into dotted path → messages."""
    found: Errors = {}
    for item in error.errors(include_url=False, include_input=False):
        path = ".".join((root, *map(str, item["loc"])))
        words = _WORDS.get(item["type"])
        message = item["msg"] if words is None else words.format_map(item.get("ctx", {}))
        found.setdefault(path, []).append(message)
    return found


def require_object(value: object, path: str) -> Mapping[str, Any]:
    """Return an object as it is. Raises InvalidInput for anything else."""
    if not isinstance(value, Mapping):
        raise InvalidInput({path: [NOT_AN_OBJECT]})
    return value


def refuse_if_any(*groups: Mapping[str, list[str]]) -> None:
    """Raise InvalidInput with all errors, the first group's first; nothing where there are none."""
    errors: Errors = {}
    for group in groups:
        for path, messages in group.items():
            errors.setdefault(path, []).extend(messages)
    if errors:
        raise InvalidInput(errors)
