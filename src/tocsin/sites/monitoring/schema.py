"""The one schema of monitoring settings: every field, its type, limits and the team default.

A resolved `Monitoring` is complete: what a team or a site set, laid over these defaults. What is
stored is only what somebody set, so every default can change with a release.
"""

from typing import Any, Generic, TypeVar

from django.utils.translation import gettext
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from tocsin.probes.contract import DNS_RECORD_TYPES, INCIDENT_STATUS_CODES, Tool
from tocsin.sites.monitoring import values
from tocsin.sites.monitoring.vocabulary import MINUTES_OF_A_DAY


class Part(BaseModel):
    """Unknown keys are refused and nothing is coerced: typing errors must not pass silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class StatusMonitoring(Part):
    """When a status failure becomes an issue, and which codes are failures."""

    failures_to_open: values.InARow = 2
    successes_to_resolve: values.InARow = 1
    confirmation_retry_minutes: values.RetryMinutes = 2
    incident_follow_up_minutes: values.Minutes = 5
    incident_status_codes: values.StatusCodes = INCIDENT_STATUS_CODES


class SslMonitoring(Part):
    """When a certificate becomes an issue."""

    expiry_days: values.Days = 14
    failures_to_open: values.InARow = 2
    confirmation_retry_minutes: values.RetryMinutes = 2


class DnsMonitoring(Part):
    """When a look-up becomes an issue."""

    hard_failures_only: bool = False
    failures_to_open: values.InARow = 2
    confirmation_retry_minutes: values.RetryMinutes = 2
    monitored_record_types: values.RecordTypes = DNS_RECORD_TYPES


class LinksMonitoring(Part):
    """When dead links become an issue, and which links are not looked at."""

    min_broken_count: values.AtLeastOne = 5
    consecutive_breaches_to_open: values.InARow = 1
    ignore_paths: values.PathPatterns = ()
    ignore_external_links: bool = False
    ignore_redirects: bool = False


class PerformanceMonitoring(Part):
    """When slowness becomes an issue; a null limit is not looked at.

    `url` is a page on the site's own host, set on a site only; null is the site's URL.
    `max_load_time_seconds` limits Time to Interactive.
    """

    url: values.PageUrl | None = None
    min_score: values.Score = 50
    max_ttfb_ms: values.AtLeastOne | None = 4000
    max_load_time_seconds: values.Seconds | None = None
    consecutive_breaches_to_open: values.InARow = 2


Judgement = TypeVar("Judgement", bound=Part)


class ToolMonitoring(Part, Generic[Judgement]):
    """One tool: whether and how often it runs, and by what it is judged."""

    enabled: bool = True
    opens_issues: bool = True
    cadence_minutes: values.Cadence = MINUTES_OF_A_DAY
    settings: Judgement


class ToolsMonitoring(Part):
    """Every tool's part, by its contract name."""

    status: ToolMonitoring[StatusMonitoring] = ToolMonitoring[StatusMonitoring](
        cadence_minutes=5, settings=StatusMonitoring()
    )
    ssl: ToolMonitoring[SslMonitoring] = ToolMonitoring[SslMonitoring](settings=SslMonitoring())
    dns: ToolMonitoring[DnsMonitoring] = ToolMonitoring[DnsMonitoring](settings=DnsMonitoring())
    broken_links: ToolMonitoring[LinksMonitoring] = Field(
        default=ToolMonitoring[LinksMonitoring](settings=LinksMonitoring()), alias="broken-links"
    )
    performance: ToolMonitoring[PerformanceMonitoring] = ToolMonitoring[PerformanceMonitoring](
        settings=PerformanceMonitoring()
    )


class RequestHeader(Part):
    """A header that goes only to URLs on the site's own host."""

    name: values.HeaderName
    value: values.HeaderValue


class QuietTime(Part):
    """When nothing is sent, in the zone's local time; it may wrap midnight."""

    enabled: bool = False
    starts_at: values.TimeOfDay = "22:00"
    ends_at: values.TimeOfDay = "07:00"
    timezone: values.Zone = "UTC"

    @field_validator("ends_at")
    @classmethod
    def _ends_later(cls, ends_at: str, info: ValidationInfo) -> str:
        if ends_at == info.data.get("starts_at"):
            raise values.refuse(gettext("It must end at another time than it starts."))
        return ends_at


class Escalation(Part):
    """At which minutes after its opening an active issue is told again."""

    enabled: bool = False
    intervals: values.Intervals = ()


class Monitoring(Part):
    """Resolved settings: what a team or a site is watched by."""

    request_header: RequestHeader | None = None
    tools: ToolsMonitoring = ToolsMonitoring()
    quiet_time: QuietTime = QuietTime()
    escalation: Escalation = Escalation()

    @field_validator("request_header", mode="before")
    @classmethod
    def _empty_is_none(cls, header: Any) -> Any:
        # Both or none: forms and programs say "none" by two empty parts as well.
        if isinstance(header, dict) and header.keys() == {"name", "value"}:
            return None if all(part in {None, ""} for part in _texts(header)) else header
        return header

    def of(self, tool: Tool) -> ToolMonitoring[Any]:
        """Return one tool's part."""
        part: ToolMonitoring[Any] = getattr(self.tools, tool.replace("-", "_"))
        return part


def _texts(header: dict[str, Any]) -> list[Any]:
    """Leave out what cannot be compared to text."""
    return [part if part is None or isinstance(part, str) else object() for part in header.values()]


DEFAULTS = Monitoring()
DEFAULTS_AS_DATA: dict[str, Any] = DEFAULTS.model_dump(mode="json", by_alias=True)
