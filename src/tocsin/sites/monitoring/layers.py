"""Settings as stored: sparse objects, only what somebody set. Laid over each other they resolve."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from tocsin.kit.merging import merge
from tocsin.sites.monitoring.errors import Errors, explain
from tocsin.sites.monitoring.schema import DEFAULTS_AS_DATA, Monitoring

Layer = Mapping[str, Any]


def problems(*layers: Layer) -> Errors:
    """Return what is wrong with layers over the defaults, the last on top."""
    try:
        lay(*layers)
    except ValidationError as error:
        return explain(error)
    return {}


def lay(*layers: Layer) -> Monitoring:
    """Lay sparse settings over the defaults, the last on top. Raises pydantic's ValidationError."""
    merged: dict[str, Any] = DEFAULTS_AS_DATA
    for layer in layers:
        merged = merge(merged, layer)
    return Monitoring.model_validate(merged)


def normalised(layer: Layer) -> dict[str, Any]:
    """Return a valid layer with each value in its one stored form: lists ordered, text trimmed."""
    stored = _cut(lay(layer).model_dump(mode="json", by_alias=True), layer)
    if stored.get("request_header") is None:
        # No header is what stands below every layer, so it is not a thing to keep.
        stored.pop("request_header", None)
    return stored


def _cut(full: Mapping[str, Any], to: Layer) -> dict[str, Any]:
    """Keep of `full` what `to` has."""
    return {
        key: _cut(full[key], value)
        if isinstance(value, Mapping) and isinstance(full[key], Mapping)
        else full[key]
        for key, value in to.items()
    }
