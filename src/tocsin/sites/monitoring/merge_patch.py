"""JSON merge patch, RFC 7396."""

from collections.abc import Mapping
from typing import Any


def merge_patch(target: Any, patch: Any) -> Any:
    """Return `target` as a patch changes it; neither is touched.

    In an object an absent key keeps, null removes, anything else replaces; objects are patched key
    by key. A patch that is no object replaces the whole. Source: RFC 7396, section 2.
    """
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def without_empty(value: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out objects with nothing in them, which patches leave behind."""
    below = {
        key: without_empty(item) if isinstance(item, Mapping) else item
        for key, item in value.items()
    }
    return {key: item for key, item in below.items() if item != {}}
