"""The monitoring settings of contract section 5: the team's defaults and what a site overrides."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from tocsin.kit.merging import merge
from tocsin.probes.contract import (
    DNS_RECORD_TYPES,
    INCIDENT_STATUS_CODES,
    DnsSettings,
    SslSettings,
    StatusSettings,
    Tool,
    ToolSettings,
)

Judgement = TypeVar("Judgement")


class StatusMonitoring(msgspec.Struct, frozen=True):
    """When a status failure becomes an issue, and which codes are failures."""

    failures_to_open: int = 2
    successes_to_resolve: int = 1
    confirmation_retry_minutes: int = 2
    incident_follow_up_minutes: int = 5
    incident_status_codes: tuple[int, ...] = INCIDENT_STATUS_CODES


class SslMonitoring(msgspec.Struct, frozen=True):
    """When a certificate becomes an issue."""

    expiry_days: int = 14
    failures_to_open: int = 2
    confirmation_retry_minutes: int = 2


class DnsMonitoring(msgspec.Struct, frozen=True):
    """When a look-up becomes an issue."""

    hard_failures_only: bool = False
    failures_to_open: int = 2
    confirmation_retry_minutes: int = 2
    monitored_record_types: tuple[str, ...] = DNS_RECORD_TYPES


class LinksMonitoring(msgspec.Struct, frozen=True):
    """When dead links become an issue."""

    min_broken_count: int = 5
    consecutive_breaches_to_open: int = 1
    ignore_paths: tuple[str, ...] = ()
    ignore_external_links: bool = False
    ignore_redirects: bool = False


class PerformanceMonitoring(msgspec.Struct, frozen=True):
    """When slowness becomes an issue; a null limit is not looked at."""

    url: str | None = None
    min_score: int = 50
    max_ttfb_ms: int | None = 4000
    max_load_time_seconds: float | None = None
    consecutive_breaches_to_open: int = 2


class ToolMonitoring(msgspec.Struct, Generic[Judgement], frozen=True):
    """One tool: whether and how often it runs, and by what it is judged."""

    settings: Judgement
    enabled: bool = True
    opens_issues: bool = True
    cadence_minutes: int = 1440


class ToolsMonitoring(msgspec.Struct, frozen=True, rename={"broken_links": "broken-links"}):
    """Every tool's part, by its contract name."""

    status: ToolMonitoring[StatusMonitoring] = ToolMonitoring(StatusMonitoring(), cadence_minutes=5)
    ssl: ToolMonitoring[SslMonitoring] = ToolMonitoring(SslMonitoring())
    dns: ToolMonitoring[DnsMonitoring] = ToolMonitoring(DnsMonitoring())
    broken_links: ToolMonitoring[LinksMonitoring] = ToolMonitoring(LinksMonitoring())
    performance: ToolMonitoring[PerformanceMonitoring] = ToolMonitoring(PerformanceMonitoring())


class RequestHeader(msgspec.Struct, frozen=True):
    """A header sent to the site's own host."""

    name: str
    value: str


class Monitoring(msgspec.Struct, frozen=True):
    """Resolved settings: what a team or site is watched by."""

    tools: ToolsMonitoring = ToolsMonitoring()
    request_header: RequestHeader | None = None

    def of(self, tool: Tool) -> ToolMonitoring[Any]:
        """Return one tool's part."""
        part: ToolMonitoring[Any] = getattr(self.tools, tool.replace("-", "_"))
        return part


DEFAULTS = Monitoring()
_DEFAULTS_AS_DATA: dict[str, Any] = msgspec.to_builtins(DEFAULTS)


def resolve(overrides: Mapping[str, Any]) -> Monitoring:
    """Lay a site's overrides over the defaults. Raises msgspec.ValidationError on a wrong shape."""
    if not overrides:
        return DEFAULTS
    return msgspec.convert(merge(_DEFAULTS_AS_DATA, overrides), Monitoring)


def cadence_seconds(monitoring: Monitoring, tool: Tool, floor_minutes: int = 1) -> int:
    """Return how often the tool runs: as set, but never faster than the plan's floor."""
    return max(monitoring.of(tool).cadence_minutes, floor_minutes) * 60


def probe_settings(
    monitoring: Monitoring, tool: Tool, expected_records: Mapping[str, Any] | None = None
) -> ToolSettings:
    """Return what a probe judges by; `expected_records` maps DNS types to values.

    Raises KeyError for a tool that no probe runs yet.
    """
    return _PROBE_SETTINGS[tool](monitoring.tools, expected_records or {})


def request_headers(monitoring: Monitoring, tool: Tool) -> tuple[tuple[str, str], ...]:
    """Return the headers that the tool sends to the site's own host."""
    header = monitoring.request_header
    if header is None or tool not in TOOLS_WITH_HEADER:
        return ()
    return ((header.name, header.value),)


TOOLS_WITH_HEADER = frozenset({Tool.STATUS, Tool.BROKEN_LINKS, Tool.PERFORMANCE})


def _status(tools: ToolsMonitoring, _expected: Mapping[str, Any]) -> ToolSettings:
    return StatusSettings(incident_status_codes=tools.status.settings.incident_status_codes)


def _ssl(tools: ToolsMonitoring, _expected: Mapping[str, Any]) -> ToolSettings:
    return SslSettings(expiry_days=tools.ssl.settings.expiry_days)


def _dns(tools: ToolsMonitoring, expected: Mapping[str, Any]) -> ToolSettings:
    return DnsSettings(
        hard_failures_only=tools.dns.settings.hard_failures_only,
        monitored_record_types=tools.dns.settings.monitored_record_types,
        expected_records={kind: tuple(values) for kind, values in expected.items()},
    )


_PROBE_SETTINGS: dict[Tool, Callable[[ToolsMonitoring, Mapping[str, Any]], ToolSettings]] = {
    Tool.STATUS: _status,
    Tool.SSL: _ssl,
    Tool.DNS: _dns,
}
RUNNABLE_TOOLS = tuple(_PROBE_SETTINGS)
