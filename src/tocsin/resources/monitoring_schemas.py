"""Monitoring settings as version 1 answers them; contract, sections 4 and 5."""

from typing import Generic, TypeVar

import msgspec

from tocsin.probes.contract import Tool
from tocsin.resources.schemas import Moment

Judgement = TypeVar("Judgement")


class RequestHeader(msgspec.Struct, frozen=True):
    """A header that goes only to URLs on the site's own host."""

    name: str
    value: str


class StatusSettings(msgspec.Struct, frozen=True):
    """When a status failure becomes an issue, and which codes are failures."""

    failures_to_open: int
    successes_to_resolve: int
    confirmation_retry_minutes: int
    incident_follow_up_minutes: int
    incident_status_codes: list[int]


class SslSettings(msgspec.Struct, frozen=True):
    """When a certificate becomes an issue."""

    expiry_days: int
    failures_to_open: int
    confirmation_retry_minutes: int


class DnsSettings(msgspec.Struct, frozen=True):
    """When a look-up becomes an issue."""

    hard_failures_only: bool
    failures_to_open: int
    confirmation_retry_minutes: int
    monitored_record_types: list[str]


class DnsIssueSettings(DnsSettings, frozen=True, kw_only=True):
    """The same, and the records that the site is expected to have: type → values."""

    expected_records: dict[str, list[str]]


class LinksSettings(msgspec.Struct, frozen=True):
    """When dead links become an issue, and which links are not looked at."""

    min_broken_count: int
    consecutive_breaches_to_open: int
    ignore_paths: list[str]
    ignore_external_links: bool
    ignore_redirects: bool


class PerformanceSettings(msgspec.Struct, frozen=True):
    """When slowness becomes an issue; `max_response_time_ms` repeats `max_ttfb_ms`."""

    url: str | None
    min_score: int
    max_response_time_ms: int | None
    max_ttfb_ms: int | None
    max_load_time_seconds: float | None
    consecutive_breaches_to_open: int


class ToolMonitoring(msgspec.Struct, Generic[Judgement], frozen=True):
    """One tool: whether and how often it runs, and by what it is judged."""

    enabled: bool
    opens_issues: bool
    cadence_minutes: int
    settings: Judgement


class ToolsMonitoring(msgspec.Struct, frozen=True, rename={"broken_links": "broken-links"}):
    """Every tool."""

    status: ToolMonitoring[StatusSettings]
    ssl: ToolMonitoring[SslSettings]
    dns: ToolMonitoring[DnsSettings]
    broken_links: ToolMonitoring[LinksSettings]
    performance: ToolMonitoring[PerformanceSettings]


class QuietTime(msgspec.Struct, frozen=True):
    """When nothing is sent, in the zone's local time."""

    enabled: bool
    starts_at: str
    ends_at: str
    timezone: str


class Escalation(msgspec.Struct, frozen=True):
    """At which minutes after its opening an active issue is told again."""

    enabled: bool
    intervals: list[int]


class TeamSettings(msgspec.Struct, frozen=True):
    """What a team's sites are watched by, unless they say otherwise."""

    request_header: RequestHeader | None
    tools: ToolsMonitoring
    quiet_time: QuietTime
    escalation: Escalation


class SiteSettings(TeamSettings, frozen=True, kw_only=True):
    """What a site is watched by, its team's settings included."""

    snoozed_until: Moment | None


class SiteMonitoring(msgspec.Struct, frozen=True):
    """A site's resolved settings."""

    settings: SiteSettings


class IssueSettings(msgspec.Struct, frozen=True):
    """By what a site's issues are decided."""

    enabled_tools: list[Tool]
    snoozed_until: Moment | None
    status: StatusSettings
    ssl: SslSettings
    links: LinksSettings
    performance: PerformanceSettings
    dns: DnsIssueSettings
    quiet_time: QuietTime
    escalation: Escalation


class CadencePreset(msgspec.Struct, frozen=True):
    """One cadence to choose; `disabled` where the plan does not run that fast."""

    minutes: int
    label: str
    disabled: bool


class AllowedTool(msgspec.Struct, frozen=True):
    """A tool that the plan runs."""

    value: Tool
    label: str
    minimum_check_cadence_minutes: int


class FailureThreshold(msgspec.Struct, frozen=True):
    """One number of failures in a row to choose."""

    key: str
    label: str
    failures_to_open: int


class EscalationInterval(msgspec.Struct, frozen=True):
    """One escalation to choose, in minutes after the opening."""

    key: str
    label: str
    minutes: int


class StatusCodeOption(msgspec.Struct, frozen=True):
    """A status code that may count as a failure; `group` is `client` or `server`."""

    code: int
    label: str
    group: str


class TeamMonitoring(msgspec.Struct, frozen=True):
    """A team's resolved settings, and what there is to choose from."""

    settings: TeamSettings
    cadence_presets: list[CadencePreset]
    minimum_check_cadence_minutes: int
    allowed_tools: list[AllowedTool]
    failure_threshold_presets: list[FailureThreshold]
    escalation_interval_presets: list[EscalationInterval]
    dns_record_types: list[str]
    status_incident_code_options: list[StatusCodeOption]
