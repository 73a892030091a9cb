"""What each tool finds, the `result` of a check; contract, section 6.

Described here and shown as it was stored: a result is made by its probe and by nobody else. What
may be left out was not always told, or is told only where there is any.
"""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from tocsin.probes.broken_links.vocabulary import Cause, FinishReason
from tocsin.probes.ssl_verdict import FailureType
from tocsin.resources.schemas import Address, Moment


class Redirect(msgspec.Struct, frozen=True):
    """An answer that led elsewhere."""

    url: str
    code: int


class Timings(msgspec.Struct, frozen=True):
    """Milliseconds; `dns`, `connect` and `tls` are durations, the others count from the start."""

    dns: float
    connect: float
    tls: float
    ttfb: float
    total: float


class StatusResult(msgspec.Struct, frozen=True):
    """Whether a site answers. `code` is 0, and `error` there, where no response came."""

    up: bool
    code: int
    url: Address
    effective_url: str
    response_time: float
    redirected: bool
    redirect_count: int
    timings: Timings
    ip: str | None
    http_version: str | None
    redirects: list[Redirect] | UnsetType = UNSET
    error: str | UnsetType = UNSET


class ChainLink(msgspec.Struct, frozen=True):
    """One certificate of those that were sent."""

    subject: str
    issuer: str
    valid_from: Moment
    valid_to: Moment
    serial_number: str
    fingerprint: str


class LeafInfo(msgspec.Struct, frozen=True):
    """What else the site's own certificate says; nothing where none was read."""

    names: list[str] | UnsetType = UNSET
    key: str | UnsetType = UNSET
    signature: str | UnsetType = UNSET
    self_signed: bool | UnsetType = UNSET
    issuer_subject: str | UnsetType = UNSET


class SslResult(msgspec.Struct, frozen=True):
    """A site's certificate. `chain` is as it was sent, the site's own first.

    Valid: current, for this host name, and leading to a trusted root.
    """

    domain: str
    ip: str | None
    is_valid: bool
    failure_type: FailureType | None
    failure_message: str | None
    issuer: str | None
    issued_to: str | None
    subject: str | None
    valid_from: Moment | None
    valid_to: Moment | None
    days_left: int | None
    serial_number: str | None
    fingerprint: str | None
    verified: bool
    protocol: str | None
    cipher: str | None
    chain: list[ChainLink]
    info: LeafInfo


class ResolverAnswer(msgspec.Struct, frozen=True):
    """What one resolver said of one record type, after how many milliseconds."""

    values: list[str]
    error: str | None
    ms: float


class DnsResult(msgspec.Struct, frozen=True):
    """What a name resolves to. `records`: type → what most resolvers saw."""

    records: dict[str, list[str]]
    is_cloudflare: bool
    resolver_observations: dict[str, dict[str, ResolverAnswer]]
    nameservers: list[str]
    soa_serial: int | None


class ListedLink(msgspec.Struct, frozen=True):
    """A link with something wrong, and where it was first seen. Only a `confirmed` one counts."""

    url: str
    source: str
    status: int | None
    cause: Cause
    text: str
    id: str | UnsetType = UNSET
    confirmed: bool | UnsetType = UNSET
    message: str | UnsetType = UNSET


class CrawlLimits(msgspec.Struct, frozen=True):
    """How far a crawl may go."""

    max_pages: int
    max_depth: int
    max_seconds: float


class Crawl(msgspec.Struct, frozen=True):
    """How a crawl went; `robots_blocked` pages were closed to it by robots.txt."""

    finish_reason: FinishReason
    limits: CrawlLimits
    links_checked: int
    duration_ms: float
    js_rendered: bool
    robots_blocked: int
    links_dropped: int | UnsetType = UNSET
    pages_unread: int | UnsetType = UNSET
    urls_omitted: int | UnsetType = UNSET


class LinksResult(msgspec.Struct, frozen=True):
    """Dead links of a site: `found` counts the confirmed ones, `urls` lists the others as well."""

    found: int
    crawled: int
    urls: list[ListedLink]
    crawl: Crawl


class Metric(msgspec.Struct, frozen=True):
    """A number as Lighthouse measured it: milliseconds, but `cls` has no unit."""

    value: float | None
    display_value: str | None
    score: float | None


class WebVitals(msgspec.Struct, frozen=True):
    """Core Web Vitals; `inp` needs people who click, so a laboratory has none."""

    lcp: Metric
    inp: Metric
    cls: Metric
    tbt: Metric


class SpeedNumbers(msgspec.Struct, frozen=True):
    """The other numbers, from navigation start on."""

    fcp: Metric
    speed_index: Metric
    tti: Metric
    ttfb: Metric


class Opportunity(msgspec.Struct, frozen=True):
    """What could make the page faster, by how much."""

    id: str
    title: str
    savings_ms: float


class Run(msgspec.Struct, frozen=True):
    """One of the runs of which the median is told."""

    performance_score: int


class Laboratory(msgspec.Struct, frozen=True):
    """By what was measured; `cpu_benchmark` is how fast the machine was."""

    lighthouse: str
    chromium: str
    preset: str
    cpu_benchmark: float


class SpeedMetrics(msgspec.Struct, frozen=True):
    """The median run, and each run's score. Field data is null without a key for it."""

    performance_score: int
    core_web_vitals: WebVitals
    metrics: SpeedNumbers
    opportunities: list[Opportunity]
    real_user_metrics: dict[str, Any] | None
    origin_metrics: dict[str, Any] | None
    runs: list[Run]
    environment: Laboratory


class PerformanceResult(msgspec.Struct, frozen=True):
    """How fast a page is. `response_time` is the server's own, in milliseconds."""

    url: Address
    response_time: float | None
    speed_metrics: SpeedMetrics
