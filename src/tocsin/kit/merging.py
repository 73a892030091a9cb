"""Laying one JSON object over another."""

from collections.abc import Mapping
from typing import Any


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with the values of `over`: objects merged key by key, the rest replaced."""
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        both_objects = isinstance(value, Mapping) and isinstance(below, Mapping)
        merged[key] = merge(below, value) if both_objects else value  # type: ignore[arg-type]
    return merged
