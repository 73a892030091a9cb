"""The border of the probe engine: what goes into a probe and what comes out.

Everything here is a frozen msgspec struct, so it travels over any bus as it is.
The vocabulary is the product contract's, sections 4 and 6.
"""

from enum import StrEnum
from typing import Any, Protocol

import msgspec


class Tool(StrEnum):
    """One kind of look at a site."""

    STATUS = "status"
    SSL = "ssl"
    DNS = "dns"
    BROKEN_LINKS = "broken-links"
    PERFORMANCE = "performance"


class CheckStatus(StrEnum):
    """Whether the tool came to a result."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"


class Outcome(StrEnum):
    """What the result says of the site; UNKNOWN where we cannot tell them from us."""

    OK = "ok"
    FAILING = "failing"
    UNKNOWN = "unknown"


class RunReason(StrEnum):
    """Why an automatic check ran."""

    SCHEDULED = "scheduled"
    CONFIRMATION_RETRY = "confirmation_retry"
    INCIDENT_FOLLOW_UP = "incident_follow_up"


INCIDENT_STATUS_CODES = (
    400, 401, 403, 404, 405, 408, 410, 429, 500, 501, 502, 503, 504, 521, 522, 523, 524,
)  # fmt: skip
DNS_RECORD_TYPES = ("A", "AAAA", "CNAME", "MX", "NS", "TXT")


class StatusSettings(msgspec.Struct, frozen=True, tag="status"):
    """What the status probe judges by."""

    incident_status_codes: tuple[int, ...] = INCIDENT_STATUS_CODES


class SslSettings(msgspec.Struct, frozen=True, tag="ssl"):
    """What the ssl probe judges by; `expiry_days` at or below which a valid certificate fails."""

    expiry_days: int = 14


class DnsSettings(msgspec.Struct, frozen=True, tag="dns"):
    """What the dns probe judges by; without `expected_records` only hard failures fail."""

    hard_failures_only: bool = False
    monitored_record_types: tuple[str, ...] = DNS_RECORD_TYPES
    expected_records: dict[str, tuple[str, ...]] = {}


class LinksSettings(msgspec.Struct, frozen=True, tag="broken-links"):
    """What the broken-links probe judges by, and which links it leaves out.

    `ignore_paths` are patterns with `*`. With `ignore_redirects` a link that redirects is fine, and
    with `js_rendered` pages are read as a browser shows them.
    """

    min_broken_count: int = 5
    ignore_paths: tuple[str, ...] = ()
    ignore_external_links: bool = False
    ignore_redirects: bool = False
    js_rendered: bool = False


class PerformanceSettings(msgspec.Struct, frozen=True, tag="performance"):
    """What the performance probe judges by; a limit of None is not looked at.

    `url` is a page on the site's own host, None the site's URL. Scores run from 1 to 100.
    """

    url: str | None = None
    min_score: int = 50
    max_ttfb_ms: int | None = 4000
    max_load_time_seconds: float | None = None


ToolSettings = StatusSettings | SslSettings | DnsSettings | LinksSettings | PerformanceSettings


class Ticket(msgspec.Struct, frozen=True):
    """What the asker needs to file the answer; the prober returns it untouched.

    Times are UTC epoch seconds; `slot` is None for a manual run.
    """

    site_id: str
    schedule_id: int | None = None
    slot: float | None = None
    run_reason: RunReason | None = None
    cadence_seconds: int = 0


class ProbeRequest(msgspec.Struct, frozen=True):
    """One check to run.

    `deadline` (UTC epoch seconds) is the moment after which nobody waits for the answer.
    `headers` go only to URLs on the site's own host.
    """

    check_id: str
    tool: Tool
    url: str
    settings: ToolSettings
    deadline: float
    headers: tuple[tuple[str, str], ...] = ()
    ticket: Ticket | None = None


class ProbeError(msgspec.Struct, frozen=True):
    """Why a tool could not come to a result: a stable `code`, words for people, and facts."""

    code: str
    message: str
    data: dict[str, Any] = {}


class ProbeResult(msgspec.Struct, frozen=True):
    """What one check found. Times are UTC epoch seconds; `result` is section 6's object."""

    check_id: str
    tool: Tool
    status: CheckStatus
    outcome: Outcome
    result: dict[str, Any] | None
    error: ProbeError | None
    started_at: float
    completed_at: float
    vantage: str = "local"
    ticket: Ticket | None = None


class Stage(StrEnum):
    """What a check that takes its time is at."""

    CRAWLING = "crawling"
    MEASURING = "measuring"


class Progress(msgspec.Struct, frozen=True):
    """How far a check has come.

    Crawling: `done` pages are read of nobody knows how many, `links` are looked at and `found` of
    them confirmed dead. Measuring: `done` runs of `total` are over.
    """

    stage: Stage
    done: int
    total: int | None = None
    links: int | None = None
    found: int | None = None


class ProgressReport(msgspec.Struct, frozen=True):
    """How far one check has come."""

    check_id: str
    progress: Progress


class ProbeOptions(msgspec.Struct, frozen=True):
    """What a prober is told once, by its operator.

    `egress_allow`: CIDR ranges opened to checks. `resolvers`: `udp://`, `tls://` or `https://`.
    `agent_url` stands in the User-Agent. `vantage` names where this prober looks from.
    `extra_ca_file`: PEM roots trusted beside the public ones (intranets). `node`, `lighthouse` (the
    package's directory) and `chromium`: where they are; None looks in the usual places. `browsers`
    is how many pages are measured at once.
    """

    egress_allow: tuple[str, ...] = ()
    resolvers: tuple[str, ...] = ("udp://1.1.1.1", "udp://8.8.8.8", "udp://9.9.9.9")
    agent_url: str = "http://127.0.0.1:8000"
    vantage: str = "local"
    canaries: tuple[str, ...] = ()
    extra_ca_file: str | None = None
    node: str | None = None
    lighthouse: str | None = None
    chromium: str | None = None
    browsers: int = 1


class Probe(Protocol):
    """A tool: a pure coroutine from request to result that never raises for what a site does."""

    async def __call__(self, request: ProbeRequest) -> ProbeResult:
        """Run one check within the request's deadline."""
        ...
