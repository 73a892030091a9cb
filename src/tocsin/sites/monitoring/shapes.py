"""Resolved settings in the two shapes of the contract, as plain data for JSON."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tocsin.probes.contract import Tool
from tocsin.sites.monitoring.schema import Monitoring, Part, PerformanceMonitoring


def team_shape(monitoring: Monitoring) -> dict[str, Any]:
    """Write settings as section 5 names them, with the read alias `max_response_time_ms`."""
    shape = monitoring.model_dump(mode="json", by_alias=True)
    performance = shape["tools"][Tool.PERFORMANCE.value]
    performance["settings"] = _performance(monitoring.tools.performance.settings)
    return shape


def site_shape(
    monitoring: Monitoring, snoozed_until: datetime | None, now: datetime
) -> dict[str, Any]:
    """Write a site's resolved settings: the team's shape and `snoozed_until`."""
    return {**team_shape(monitoring), "snoozed_until": _snooze(snoozed_until, now)}


def enabled_tools(monitoring: Monitoring) -> list[str]:
    """List the tools that run automatically, in the contract's order."""
    return [tool.value for tool in Tool if monitoring.of(tool).enabled]


def issue_settings(
    monitoring: Monitoring,
    *,
    snoozed_until: datetime | None,
    expected_records: Mapping[str, Any] | None,
    now: datetime,
) -> dict[str, Any]:
    """Write by what a site's issues are decided: the flat `issue_settings` of section 4."""
    tools = monitoring.tools
    return {
        "enabled_tools": enabled_tools(monitoring),
        "snoozed_until": _snooze(snoozed_until, now),
        "status": _plain(tools.status.settings),
        "ssl": _plain(tools.ssl.settings),
        "links": _plain(tools.broken_links.settings),
        "performance": _performance(tools.performance.settings),
        "dns": {**_plain(tools.dns.settings), "expected_records": dict(expected_records or {})},
        "quiet_time": _plain(monitoring.quiet_time),
        "escalation": _plain(monitoring.escalation),
    }


def _plain(part: Part) -> dict[str, Any]:
    return part.model_dump(mode="json")


def _performance(settings: PerformanceMonitoring) -> dict[str, Any]:
    return {**_plain(settings), "max_response_time_ms": settings.max_ttfb_ms}


def _snooze(until: datetime | None, now: datetime) -> str | None:
    if until is None or until <= now:
        return None
    return until.astimezone(UTC).isoformat(timespec="seconds")
