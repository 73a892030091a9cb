"""Sites and their checks as version 1 answers them; contract, section 4."""

from typing import Annotated, Any
from uuid import UUID

import msgspec

from tocsin.probes.contract import CheckStatus, Outcome, Progress, RunReason, Tool
from tocsin.resources.monitoring_schemas import IssueSettings, SiteMonitoring
from tocsin.resources.schemas import Address, Moment

# Described as what a body may say of them; shown as they are stored.
Overrides = Annotated[
    dict[str, Any], msgspec.Meta(extra_json_schema={"x-schema": "SiteSettingsOverrides"})
]


class SiteSummary(msgspec.Struct, frozen=True):
    """Which site something belongs to."""

    uuid: UUID
    name: str
    url: Address
    domain: str


class CheckError(msgspec.Struct, frozen=True):
    """Why a tool could not come to a result."""

    code: str
    message: str
    data: dict[str, Any]


class Check(msgspec.Struct, frozen=True):
    """One run of one tool. `outcome` is null until it ends; `result` is the tool's own object.

    `run_reason` and `scheduled_for` are null for a manual check.
    """

    uuid: UUID
    type: Tool
    status: CheckStatus
    outcome: Outcome | None
    automatic: bool
    run_reason: RunReason | None
    scheduled_for: Moment | None
    site: SiteSummary
    vantage: str | None
    result: dict[str, Any] | None
    error: CheckError | None
    created_at: Moment
    updated_at: Moment
    completed_at: Moment | None


class CheckDetail(Check, frozen=True, kw_only=True):
    """One check by itself. `progress` is there while it is pending, once it has told of any."""

    progress: Progress | msgspec.UnsetType = msgspec.UNSET


class LatestChecks(msgspec.Struct, frozen=True, rename={"broken_links": "broken-links"}):
    """The latest check of each tool, null where there is none."""

    status: Check | None
    ssl: Check | None
    dns: Check | None
    broken_links: Check | None
    performance: Check | None


class ReportLinks(msgspec.Struct, frozen=True):
    """Where a site's reports are; absolute URLs."""

    uptime: Address
    performance: Address


class Site(msgspec.Struct, frozen=True):
    """A site. `monitoring_overrides` is only what the site itself sets."""

    uuid: UUID
    team_id: int
    name: str
    url: Address
    domain: str
    notes: str
    js_rendered: bool
    is_pinned: bool
    enabled_checks: list[Tool]
    monitoring: SiteMonitoring
    monitoring_overrides: Overrides
    issue_settings: IssueSettings
    latest_checks: LatestChecks
    reports: ReportLinks
    created_at: Moment
    updated_at: Moment


class SkippedSite(msgspec.Struct, frozen=True):
    """An address of a bulk request that is watched already."""

    url: str
    reason: str


class FailedSite(msgspec.Struct, frozen=True):
    """An address of a bulk request that cannot be watched."""

    url: str
    error: str


class BulkCreation(msgspec.Struct, frozen=True):
    """What became of each address of a bulk request."""

    created: list[Site]
    skipped: list[SkippedSite]
    failed: list[FailedSite]


class SlotGap(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """Slots in a row that did not run, and why."""

    first: Moment
    last: Moment
    count: int
    reason: str


class Slots(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    """What became of every slot: `expected` = `ran` + all `skipped` + all `lost`.

    `late` and `unknown` are among those that ran.
    """

    tool: Tool
    first: Moment
    last: Moment
    expected: int
    ran: int
    late: int
    skipped: dict[str, int]
    lost: dict[str, int]
    unknown: int
    gaps: list[SlotGap]
