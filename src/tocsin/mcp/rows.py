"""Items of lists in short, so that a page fits a model's attention; details are a call away."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from tocsin.checks.check_view import CheckView
from tocsin.issues.views import IssueView
from tocsin.issues.vocabulary import Fingerprint, IssueStatus, Severity
from tocsin.probes.contract import CheckStatus, Outcome, RunReason, Tool
from tocsin.resources.moments import moment, timestamp
from tocsin.resources.schemas import Address, Moment
from tocsin.resources.site_schemas import SiteSummary
from tocsin.sites.models import Site
from tocsin.sites.monitoring.queries import of_site


class LatestCheck(msgspec.Struct, frozen=True):
    """How the latest check of a tool ended; `outcome` is null while it runs."""

    uuid: UUID
    status: CheckStatus
    outcome: Outcome | None
    completed_at: Moment | None


class SiteRow(msgspec.Struct, frozen=True):
    """A site; get_site shows its settings and results."""

    uuid: UUID
    team_id: int
    name: str
    url: Address
    is_pinned: bool
    enabled_checks: list[Tool]
    latest_checks: dict[Tool, LatestCheck]


class CheckRow(msgspec.Struct, frozen=True):
    """A check; get_check shows its result."""

    uuid: UUID
    type: Tool
    status: CheckStatus
    outcome: Outcome | None
    automatic: bool
    run_reason: RunReason | None
    scheduled_for: Moment | None
    error: str | None
    created_at: Moment
    completed_at: Moment | None


class IssueRow(msgspec.Struct, frozen=True):
    """An issue; get_issue shows why it opened and what happened since."""

    uuid: UUID
    team_id: int
    type: Tool
    status: IssueStatus
    severity: Severity
    fingerprint: Fingerprint
    summary: str
    site: SiteSummary
    opened_at: Moment
    acknowledged_at: Moment | None
    resolved_at: Moment | None


def site_row(site: Site, latest: Mapping[Tool, CheckView]) -> SiteRow:
    """Shape a site that was read with its team's settings."""
    settings = of_site(site)
    return SiteRow(
        uuid=site.pk,
        team_id=site.team_id,
        name=site.name,
        url=site.url,
        is_pinned=site.pinned_at is not None,
        enabled_checks=[tool for tool in Tool if settings.of(tool).enabled],
        latest_checks={tool: _latest(check) for tool, check in latest.items()},
    )


def check_row(check: CheckView) -> CheckRow:
    """Shape a check."""
    return CheckRow(
        uuid=check.uuid,
        type=Tool(check.type),
        status=CheckStatus(check.status),
        outcome=_outcome(check),
        automatic=check.automatic,
        run_reason=None if check.run_reason is None else RunReason(check.run_reason),
        scheduled_for=moment(check.scheduled_for),
        error=None if check.error is None else str(check.error.get("message", "")),
        created_at=timestamp(check.created_at),
        completed_at=moment(check.completed_at),
    )


def issue_row(issue: IssueView) -> IssueRow:
    """Shape an issue."""
    site = issue.site
    return IssueRow(
        uuid=issue.uuid,
        team_id=issue.team_id,
        type=Tool(issue.type),
        status=IssueStatus(issue.status),
        severity=Severity(issue.severity),
        fingerprint=Fingerprint(issue.fingerprint),
        summary=issue.summary,
        site=SiteSummary(site.uuid, site.name, site.url, site.domain),
        opened_at=timestamp(issue.opened_at),
        acknowledged_at=moment(issue.acknowledged_at),
        resolved_at=moment(issue.resolved_at),
    )


def _latest(check: CheckView) -> LatestCheck:
    return LatestCheck(
        check.uuid, CheckStatus(check.status), _outcome(check), moment(check.completed_at)
    )


def _outcome(check: CheckView) -> Outcome | None:
    return None if check.outcome is None else Outcome(check.outcome)
