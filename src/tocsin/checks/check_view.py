"""A check as faces show it: the resource `Check` of contract section 4."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tocsin.checks.models import Check
from tocsin.probes.contract import Progress


@dataclass(frozen=True, slots=True)
class SiteSummary:
    """The site that a check looked at."""

    uuid: UUID
    name: str
    url: str
    domain: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check; None where the contract says null. `team_id` is for the gates.

    `progress` is how far a pending check has come, None where it has not told or was not asked;
    `has_begun` tells whether a worker is at it already.
    """

    uuid: UUID
    team_id: int
    type: str
    status: str
    outcome: str | None
    automatic: bool
    run_reason: str | None
    scheduled_for: datetime | None
    site: SiteSummary
    vantage: str | None
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    progress: Progress | None = None
    has_begun: bool = False


def view_of(
    check: Check, progress: Progress | None = None, *, has_begun: bool = False
) -> CheckView:
    """Show a row; free of queries where its site was selected with it."""
    site = check.site
    return CheckView(
        uuid=check.pk,
        team_id=site.team_id,
        type=check.type,
        status=check.status,
        outcome=check.outcome or None,
        automatic=check.automatic,
        run_reason=check.run_reason or None,
        scheduled_for=check.scheduled_for,
        site=SiteSummary(site.pk, site.name, site.url, site.domain),
        vantage=check.vantage or None,
        result=check.result,
        error=check.error,
        created_at=check.created_at,
        updated_at=check.updated_at,
        completed_at=check.completed_at,
        progress=progress,
        has_begun=has_begun,
    )
