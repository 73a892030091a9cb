"""Bodies made of one setting, and what is refused about them."""

from datetime import UTC, datetime
from typing import Any

from tocsin.kit.errors import InvalidInput
from tocsin.sites.monitoring.overrides import SiteSettings, patched
from tocsin.sites.monitoring.team_body import changed_team_settings
from tocsin.teams.plans import PLANS, Plan

ROOT = "monitoring_settings"
OPEN = PLANS["self-hosted"]


def nested(path: str, value: Any) -> dict[str, Any]:
    """Make an object with one value at a dotted path."""
    document: Any = value
    for key in reversed(path.split(".")):
        document = {key: document}
    assert isinstance(document, dict)
    return document


def at(document: Any, path: str) -> Any:
    """Return the value at a dotted path."""
    for key in path.split("."):
        document = document[key]
    return document


def team_body(path: str, value: Any) -> dict[str, Any]:
    """Make a team's body of one setting; a tool that it speaks of says what it must."""
    settings = nested(path, value)
    tools = settings.get("tools")
    for part in tools.values() if isinstance(tools, dict) else ():
        if isinstance(part, dict):
            part.setdefault("enabled", True)
            part.setdefault("cadence_minutes", 1440)
    return {ROOT: settings}


def set_on_team(path: str, value: Any, plan: Plan = OPEN) -> Any:
    """Set one value on a team that has set nothing; return it as stored."""
    return at(changed_team_settings({}, team_body(path, value), plan), path)


def problems_on_team(path: str, value: Any, plan: Plan = OPEN) -> dict[str, list[str]]:
    """Set one value on a team that has set nothing; return what is refused about it."""
    try:
        changed_team_settings({}, team_body(path, value), plan)
    except InvalidInput as error:
        return error.errors
    return {}


def patch_site(
    patch: Any, stored: dict[str, Any] | None = None, plan: Plan = OPEN
) -> dict[str, Any]:
    """Patch the overrides of a site at example.com."""
    now = datetime(2030, 1, 1, tzinfo=UTC)
    settings = SiteSettings(stored or {})
    return dict(patched(settings, patch, plan=plan, domain="example.com", now=now).overrides)


def problems_on_site(
    patch: Any, stored: dict[str, Any] | None = None, plan: Plan = OPEN
) -> dict[str, list[str]]:
    """Patch the overrides of a site at example.com; return what is refused about it."""
    try:
        patch_site(patch, stored, plan)
    except InvalidInput as error:
        return error.errors
    return {}
