"""Resolving: a team's settings and a site's overrides laid over the defaults, cheaply.

The cache is keyed by content and not by revision: the same settings are the same answer, whatever
happened to the rows, and sites that override alike share one.
"""

import logging
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from pydantic import ValidationError

from tocsin.sites.monitoring.layers import Layer, lay
from tocsin.sites.monitoring.schema import DEFAULTS, Monitoring

CACHED = 2048
_NOTHING = (None, "{}")
_encoder = msgspec.json.Encoder(order="deterministic")
log = logging.getLogger(__name__)


def resolve(team: Layer | None, overrides: Layer | None = None) -> Monitoring:
    """Return what a site is watched by; a team's own settings without `overrides`.

    Never fails on stored data: a value that no longer passes the schema falls back to the layer
    below, since one bad row must not stop the checks of all.
    """
    if not team and not overrides:
        return DEFAULTS
    return _resolve(_encoder.encode(team or {}), _encoder.encode(overrides or {}))


def resolve_text(team: str | None, overrides: str | None) -> Monitoring:
    """Do the same for layers as JSON text, which is not even read where it is known already."""
    if team in _NOTHING and overrides in _NOTHING:
        return DEFAULTS
    return _resolve(team or "{}", overrides or "{}")


@lru_cache(maxsize=CACHED)
def _resolve(team: bytes | str, overrides: bytes | str) -> Monitoring:
    layers = [_object(team), _object(overrides)]
    try:
        return lay(*layers)
    except ValidationError as error:
        log.warning("stored settings have %s invalid values", error.error_count())
        return _lay_sound(layers, error)


def _object(encoded: bytes | str) -> dict[str, Any]:
    decoded = msgspec.json.decode(encoded)
    return decoded if isinstance(decoded, dict) else {}


def _lay_sound(layers: list[dict[str, Any]], error: ValidationError) -> Monitoring:
    """Drop what fails from the top layer that has it, until the rest passes."""
    for problem in error.errors(include_url=False, include_input=False):
        if not _drop_nearest(layers, problem["loc"]):
            return DEFAULTS
    try:
        return lay(*layers)
    except ValidationError as remaining:
        return _lay_sound(layers, remaining)


def _drop_nearest(layers: list[dict[str, Any]], path: Sequence[int | str]) -> bool:
    """Drop the value at a path, or the nearest above it; say whether there was any."""
    parts = [path[:length] for length in range(len(path), 0, -1)]
    return any(_drop(layer, part) for part in parts for layer in reversed(layers))


def _drop(layer: dict[str, Any], path: Sequence[int | str]) -> bool:
    *above, last = map(str, path)
    holder: Any = layer
    for step in above:
        holder = holder.get(step) if isinstance(holder, dict) else None
    if not isinstance(holder, dict) or last not in holder:
        return False
    del holder[last]
    return True
