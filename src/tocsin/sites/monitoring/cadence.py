"""How often tools run: what may be set, and what then runs."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext

from tocsin.probes.contract import Tool
from tocsin.sites.monitoring.errors import ROOT, Errors
from tocsin.sites.monitoring.layers import Layer
from tocsin.sites.monitoring.schema import Monitoring
from tocsin.sites.monitoring.vocabulary import CADENCES, floor_of
from tocsin.teams.plans import Plan


def cadence_seconds(monitoring: Monitoring, tool: Tool, plan_floor: int) -> int:
    """Return how often a tool runs: as set, but never faster than the floor.

    After a downgrade the stored value stays and the floor, in minutes, is what runs.
    """
    return max(monitoring.of(tool).cadence_minutes, floor_of(tool, plan_floor)) * 60


def beyond_plan(settings: Layer, plan: Plan) -> Errors:
    """Return what new settings ask for that the tool or the plan does not give."""
    return {path: [message] for path, message in _beyond_plan(settings, plan)}


def _beyond_plan(settings: Layer, plan: Plan) -> Iterator[tuple[str, str]]:
    for tool, part in parts_of(settings):
        floor = floor_of(tool, plan.minimum_check_cadence_minutes)
        cadence = part.get("cadence_minutes")
        # Only of the list's values is it worth saying; the schema refuses the others.
        if cadence in CADENCES and cadence < floor:
            yield (
                f"{ROOT}.tools.{tool}.cadence_minutes",
                gettext("It must be at least %(floor)s: %(tool)s does not run faster on this plan.")
                % {"floor": floor, "tool": tool},
            )
        if part.get("enabled") is True and tool not in plan.enabled_checks:
            sentence = gettext("This plan does not run %(tool)s.") % {"tool": tool}
            yield f"{ROOT}.tools.{tool}.enabled", sentence


def parts_of(settings: Layer) -> Iterator[tuple[Tool, Mapping[str, Any]]]:
    """Yield the tools that unchecked settings speak of, with what they say."""
    tools = settings.get("tools")
    if not isinstance(tools, Mapping):
        return
    for tool in Tool:
        part = tools.get(tool.value)
        if isinstance(part, Mapping):
            yield tool, part
