"""What the API answers, as frozen structs; fields that a newer Tocsin adds are passed over.

Words such as a check's `status` are plain strings, so that a word added later is no error here.
Monitoring settings are plain objects, of the same form in which they are sent.
"""

from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

Item = TypeVar("Item")
Settings = dict[str, Any]


class Data(msgspec.Struct, Generic[Item], frozen=True):
    """One resource, or a list that has no pages."""

    data: Item


class Links(msgspec.Struct, frozen=True):
    """Addresses of other pages."""

    first: str
    last: str
    prev: str | None
    next: str | None


class Meta(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """Where a page stands in its list."""

    current_page: int
    first: int | None
    last_page: int
    path: str
    per_page: int
    last: int | None
    total: int


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """One page of a list."""

    data: list[Item]
    links: Links
    meta: Meta


class User(msgspec.Struct, frozen=True):
    """Whose token it is; `role` is a job title."""

    id: int
    name: str
    role: str | None
    email: str
    email_verified_at: datetime | None


class Usage(msgspec.Struct, frozen=True):
    """How much of something is used; null is unlimited."""

    used: int
    limit: int | None
    remaining: int | None


class Seats(msgspec.Struct, frozen=True):
    """How many seats are taken; null is unlimited."""

    members: int
    pending_invitations: int
    used: int
    limit: int | None
    remaining: int | None


class EnabledChecks(msgspec.Struct, frozen=True):
    """Which tools the plan runs."""

    allowed: list[str]


class Limits(msgspec.Struct, frozen=True):
    """What the team's plan allows."""

    plan: str
    sites: Usage
    seats: Seats
    manual_checks: Usage
    enabled_checks: EnabledChecks
    minimum_check_cadence_minutes: int
    history_retention_days: int
    priority_queue: bool


class Team(msgspec.Struct, frozen=True):
    """A team; `role` is the caller's own."""

    id: int
    name: str
    personal_team: bool
    owner_id: int
    sites_count: int
    members_count: int
    role: str
    limits: Limits
    created_at: datetime
    updated_at: datetime


class Me(msgspec.Struct, frozen=True):
    """The caller and all teams of theirs."""

    user: User
    teams: list[Team]


class Token(msgspec.Struct, frozen=True):
    """The token in use; its value is nowhere."""

    name: str
    scopes: list[str]
    expires_at: datetime
    last_used_at: datetime | None


class TeamMonitoring(msgspec.Struct, frozen=True):
    """A team's resolved settings, and what there is to choose from."""

    settings: Settings
    cadence_presets: list[dict[str, Any]]
    minimum_check_cadence_minutes: int
    allowed_tools: list[dict[str, Any]]
    failure_threshold_presets: list[dict[str, Any]]
    escalation_interval_presets: list[dict[str, Any]]
    dns_record_types: list[str]
    status_incident_code_options: list[dict[str, Any]]


class SiteSummary(msgspec.Struct, frozen=True):
    """Which site something belongs to."""

    uuid: UUID
    name: str
    url: str
    domain: str


class CheckError(msgspec.Struct, frozen=True):
    """Why a tool could not come to a result."""

    code: str
    message: str
    data: dict[str, Any]


class Check(msgspec.Struct, frozen=True):
    """One run of one tool; `outcome` is null until it ends."""

    uuid: UUID
    type: str
    status: str
    outcome: str | None
    automatic: bool
    run_reason: str | None
    scheduled_for: datetime | None
    site: SiteSummary
    vantage: str | None
    result: dict[str, Any] | None
    error: CheckError | None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None

    @property
    def is_terminal(self) -> bool:
        """Say whether it has ended, however it did."""
        return self.status != "pending"


class ReportLinks(msgspec.Struct, frozen=True):
    """Where a site's reports are."""

    uptime: str
    performance: str


class Site(msgspec.Struct, frozen=True):
    """A site; `monitoring_overrides` is only what the site itself sets."""

    uuid: UUID
    team_id: int
    name: str
    url: str
    domain: str
    notes: str
    js_rendered: bool
    is_pinned: bool
    enabled_checks: list[str]
    monitoring: dict[str, Settings]
    monitoring_overrides: Settings
    issue_settings: Settings
    latest_checks: dict[str, Check | None]
    reports: ReportLinks
    created_at: datetime
    updated_at: datetime


class SkippedSite(msgspec.Struct, frozen=True):
    """An address of many that is watched already."""

    url: str
    reason: str


class FailedSite(msgspec.Struct, frozen=True):
    """An address of many that cannot be watched."""

    url: str
    error: str


class BulkCreation(msgspec.Struct, frozen=True):
    """What became of each of many addresses."""

    created: list[Site]
    skipped: list[SkippedSite]
    failed: list[FailedSite]


class UptimeDay(msgspec.Struct, frozen=True):
    """A UTC day; `response_time` is its slowest, in milliseconds."""

    date: datetime
    uptime_percentage: float | None
    total_checks: int
    up_checks: int
    response_time: float | None
    unobserved_checks: int


class UptimeReport(msgspec.Struct, frozen=True):
    """How much of the last days a site was up, oldest first."""

    days: list[UptimeDay]
    total_uptime_percentage: float | None
    average_response_time: float | None


class PerformanceDay(msgspec.Struct, frozen=True):
    """A UTC day's averages: milliseconds, and Speed Index in seconds."""

    date: datetime
    performance_score: float | None
    response_time: float | None
    speed: float | None
    total_checks: int


class PerformanceReport(msgspec.Struct, frozen=True):
    """How fast a site was in the last days, oldest first."""

    days: list[PerformanceDay]
    average_performance_score: float | None
    average_response_time: float | None
    average_speed: float | None
    total_checks: int


class SlotGap(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """Slots in a row that did not run, and why."""

    first: datetime
    last: datetime
    count: int
    reason: str


class Slots(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """What became of every slot: `expected` = `ran` + all `skipped` + all `lost`."""

    tool: str
    first: datetime
    last: datetime
    expected: int
    ran: int
    late: int
    skipped: dict[str, int]
    lost: dict[str, int]
    unknown: int
    gaps: list[SlotGap]


class Person(msgspec.Struct, frozen=True):
    """Somebody who did something."""

    id: int
    name: str


class TimelineEntry(msgspec.Struct, frozen=True):
    """One thing that happened to an issue."""

    key: str
    timestamp: datetime
    user: Person | None


class Issue(msgspec.Struct, frozen=True):
    """An incident that automatic checks opened."""

    uuid: UUID
    team_id: int
    type: str
    status: str
    severity: str
    fingerprint: str
    summary: str
    context: dict[str, Any]
    site: SiteSummary
    check: Check | None
    previous_check: Check | None
    acknowledged_by: Person | None
    resolved_by: Person | None
    timeline: list[TimelineEntry]
    is_active: bool
    reopen_count: int
    opened_at: datetime
    first_opened_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    last_evaluated_at: datetime
    created_at: datetime
    updated_at: datetime


class Destination(msgspec.Struct, frozen=True):
    """Where something was sent; `to` is masked."""

    id: int
    channel: str
    to: str


class Attempt(msgspec.Struct, frozen=True):
    """One try to deliver."""

    at: datetime
    duration_ms: float
    status_code: int | None
    error: str | None
    address: str | None


class Delivery(msgspec.Struct, frozen=True):
    """One message owed to one destination."""

    uuid: UUID
    event: str
    transition: str
    destination: Destination
    status: str
    reason: str | None
    attempts: list[Attempt]
    next_attempt_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None
