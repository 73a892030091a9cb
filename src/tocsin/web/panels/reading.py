"""Reading results as they are stored: JSON of any release, so nothing is taken for granted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

Found = Mapping[str, Any]


def part(found: Found, name: str) -> Found:
    """Return an object of a result, empty where there is none."""
    value = found.get(name)
    return value if isinstance(value, Mapping) else {}


def items(found: Found, name: str) -> list[Any]:
    """Return a list of a result, empty where there is none."""
    value = found.get(name)
    return value if isinstance(value, list) else []


def texts(found: Found, name: str) -> list[str]:
    """Return what is something of a list of a result, as texts."""
    return [str(each) for each in items(found, name) if each is not None]


def objects(found: Found, name: str) -> list[Found]:
    """Return the objects of a list of a result."""
    return [each for each in items(found, name) if isinstance(each, Mapping)]


def number(found: Found, name: str) -> float | None:
    """Return a number of a result."""
    value = found.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def text(found: Found, name: str) -> str:
    """Return a text of a result, empty where there is none."""
    value = found.get(name)
    return value if isinstance(value, str) else ""


def moment(found: Found, name: str) -> datetime | None:
    """Return a moment of a result."""
    try:
        return datetime.fromisoformat(text(found, name))
    except ValueError:
        return None
