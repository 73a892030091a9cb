"""What a check is told of the settings: the probe's part and the headers it sends."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from tocsin.probes.contract import (
    DnsSettings,
    LinksSettings,
    PerformanceSettings,
    SslSettings,
    StatusSettings,
    Tool,
    ToolSettings,
)
from tocsin.sites.monitoring.schema import Monitoring, ToolsMonitoring

Records = Mapping[str, Any]


class _SiteFacts(NamedTuple):
    """What a site itself says of how it is to be looked at."""

    expected_records: Records
    js_rendered: bool


TOOLS_WITH_HEADER = frozenset({Tool.STATUS, Tool.BROKEN_LINKS, Tool.PERFORMANCE})


def probe_settings(
    monitoring: Monitoring,
    tool: Tool,
    expected_records: Records | None = None,
    *,
    js_rendered: bool = False,
) -> ToolSettings:
    """Return what a probe judges by; the records (DNS types to values) and the flag are the site's.

    Raises KeyError for a tool that no probe runs yet.
    """
    facts = _SiteFacts(expected_records or {}, js_rendered)
    return _PROBE_SETTINGS[tool](monitoring.tools, facts)


def request_headers(monitoring: Monitoring, tool: Tool) -> tuple[tuple[str, str], ...]:
    """Return the headers that a tool sends to the site's own host, as pairs of name and value."""
    header = monitoring.request_header
    if header is None or tool not in TOOLS_WITH_HEADER:
        return ()
    return ((header.name, header.value),)


def _status(tools: ToolsMonitoring, _facts: _SiteFacts) -> ToolSettings:
    return StatusSettings(incident_status_codes=tools.status.settings.incident_status_codes)


def _ssl(tools: ToolsMonitoring, _facts: _SiteFacts) -> ToolSettings:
    return SslSettings(expiry_days=tools.ssl.settings.expiry_days)


def _dns(tools: ToolsMonitoring, facts: _SiteFacts) -> ToolSettings:
    return DnsSettings(
        hard_failures_only=tools.dns.settings.hard_failures_only,
        monitored_record_types=tools.dns.settings.monitored_record_types,
        expected_records={kind: tuple(values) for kind, values in facts.expected_records.items()},
    )


def _broken_links(tools: ToolsMonitoring, facts: _SiteFacts) -> ToolSettings:
    settings = tools.broken_links.settings
    return LinksSettings(
        min_broken_count=settings.min_broken_count,
        ignore_paths=settings.ignore_paths,
        ignore_external_links=settings.ignore_external_links,
        ignore_redirects=settings.ignore_redirects,
        js_rendered=facts.js_rendered,
    )


def _performance(tools: ToolsMonitoring, _facts: _SiteFacts) -> ToolSettings:
    settings = tools.performance.settings
    return PerformanceSettings(
        url=settings.url,
        min_score=settings.min_score,
        max_ttfb_ms=settings.max_ttfb_ms,
        max_load_time_seconds=settings.max_load_time_seconds,
    )


_PROBE_SETTINGS: dict[Tool, Callable[[ToolsMonitoring, _SiteFacts], ToolSettings]] = {
    Tool.STATUS: _status,
    Tool.SSL: _ssl,
    Tool.DNS: _dns,
    Tool.BROKEN_LINKS: _broken_links,
    Tool.PERFORMANCE: _performance,
}
RUNNABLE_TOOLS = tuple(_PROBE_SETTINGS)
