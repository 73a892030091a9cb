"""Resolving: a team's settings and a site's overrides laid over the defaults, cheaply.

The cache is keyed by content and not by revision: the same settings are the same answer, whatever
happened to the rows, and sites that override alike share one.
"""

from functools import lru_cache
from typing import Any

import msgspec
import structlog
from pydantic import ValidationError

from tocsin.sites.monitoring.layers import Layer, lay
from tocsin.sites.monitoring.schema import DEFAULTS, Monitoring

CACHED = 4096
_encoder = msgspec.json.Encoder(order="deterministic")
_log = structlog.get_logger(__name__)


def resolve(team: Layer | None, overrides: Layer | None = None) -> Monitoring:
    """Return what a site is watched by; a team's own settings without `overrides`.

    Never fails on stored data: a value that no longer passes the schema falls back to the layer
    below, since one bad row must not stop the checks of all.
    """
    if not team and not overrides:
        return DEFAULTS
    return _resolve(_encoder.encode(team or {}), _encoder.encode(overrides or {}))


@lru_cache(maxsize=CACHED)
def _resolve(team: bytes, overrides: bytes) -> Monitoring:
    layers = [_object(team), _object(overrides)]
    try:
        return lay(*layers)
    except ValidationError as error:
        _log.warning("stored_settings_invalid", problems=error.error_count())
        return _lay_sound(layers, error)


def _object(encoded: bytes) -> dict[str, Any]:
    decoded = msgspec.json.decode(encoded)
    return decoded if isinstance(decoded, dict) else {}


def _lay_sound(layers: list[dict[str, Any]], error: ValidationError) -> Monitoring:
    """Drop what fails from the top layer that has it, until the rest passes."""
    for problem in error.errors(include_url=False, include_input=False):
        holder = next((layer for layer in reversed(layers) if _drop(layer, problem["loc"])), None)
        if holder is None:
            return DEFAULTS
    try:
        return lay(*layers)
    except ValidationError as remaining:
        return _lay_sound(layers, remaining)


def _drop(layer: dict[str, Any], path: tuple[int | str, ...]) -> bool:
    """Remove the value at a path, or the one above it that hides it; say whether there was any."""
    here = layer
    for step in path:
        below = here.get(str(step))
        if not isinstance(below, dict) or step == path[-1]:
            return here.pop(str(step), _ABSENT) is not _ABSENT
        here = below
    return False


_ABSENT = object()
