"""What a change of a team's settings may say: the body of `PATCH /teams/{team}/monitoring`."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext

from tocsin.kit.merging import merge
from tocsin.probes.contract import Tool
from tocsin.sites.monitoring.cadence import beyond_plan, parts_of
from tocsin.sites.monitoring.errors import (
    ROOT,
    UNKNOWN_FIELD,
    Errors,
    refuse_if_any,
    require_object,
)
from tocsin.sites.monitoring.layers import Layer, normalised, problems
from tocsin.teams.plans import Plan

_REQUIRED = ("enabled", "cadence_minutes")


def changed_team_settings(stored: Layer, body: object, plan: Plan) -> dict[str, Any]:
    """Return a team's stored settings as a request body changes them. Raises InvalidInput.

    A tool that is present says `enabled` and `cadence_minutes`, its `settings` are merged; what is
    absent is untouched. Null is a value here, and is taken where the schema takes it.
    """
    settings = _settings_of(body)
    changed = merge(stored, settings)
    refuse_if_any(
        problems(changed), _missing(settings), _of_sites_only(settings), beyond_plan(settings, plan)
    )
    return normalised(changed)


def _settings_of(body: object) -> Layer:
    fields = require_object(body, ROOT)
    refuse_if_any({str(key): [gettext(UNKNOWN_FIELD)] for key in fields if key != ROOT})
    return require_object(fields.get(ROOT, {}), ROOT)


def _missing(settings: Layer) -> Errors:
    return {path: [gettext("It is required.")] for path in _missing_paths(settings)}


def _missing_paths(settings: Layer) -> Iterator[str]:
    for tool, part in parts_of(settings):
        for name in _REQUIRED:
            if name not in part:
                yield f"{ROOT}.tools.{tool}.{name}"


def _of_sites_only(settings: Layer) -> Errors:
    for tool, part in parts_of(settings):
        judgement = part.get("settings")
        if tool is Tool.PERFORMANCE and isinstance(judgement, Mapping) and judgement.get("url"):
            return {f"{ROOT}.tools.{tool}.settings.url": [gettext("Only a site can set a page.")]}
    return {}
