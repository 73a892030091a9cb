"""Sites with a history, as pages show them: made at once, without a worker."""

from datetime import timedelta
from typing import Any

from tocsin.checks.models import DailyRollup, Schedule
from tocsin.issues.models import Issue
from tocsin.issues.vocabulary import Fingerprint, IssueStatus, Severity
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site

CADENCE = 300
NASTY = (
    '<script>alert(1)</script>"><img src=x onerror=alert(1)>{{ 7|add:7 }} '
    "\u05e9\u05dc\u05d5\u05dd \U0001f989"
)


def watch(
    team: Any,
    name: str = "Shop",
    *,
    outcome: str = "ok",
    summary: str = "200 in 12 ms",
    pinned: bool = False,
    tools: tuple[Tool, ...] = tuple(Tool),
) -> Site:
    """Watch a site with a latest state of each tool, nothing of which is due."""
    domain = f"{abs(hash(name))}.example.com"
    now = clock.now()
    site = Site.objects.create(
        team=team,
        name=name[:255],
        url=f"https://{domain}",
        domain=domain,
        pinned_at=now if pinned else None,
    )
    Schedule.objects.bulk_create(
        Schedule(
            site=site,
            tool=tool.value,
            cadence=CADENCE,
            phase=0,
            since=int(now.timestamp()) - 86_400,
            next_slot=int(now.timestamp()) + CADENCE,
            latest_status="completed" if outcome else "",
            latest_outcome=outcome,
            latest_summary=summary[:255],
            latest_at=now - timedelta(minutes=3) if outcome else None,
        )
        for tool in tools
    )
    return site


def roll_up(site: Site, *, days_ago: int = 0, **numbers: int) -> DailyRollup:
    """Record a day of status checks."""
    day = clock.now().date() - timedelta(days=days_ago)
    return DailyRollup.objects.create(site=site, tool=Tool.STATUS.value, date=day, **numbers)


def open_issue(
    site: Site,
    fingerprint: Fingerprint = Fingerprint.STATUS_DOWN,
    *,
    severity: Severity = Severity.CRITICAL,
    status: IssueStatus = IssueStatus.OPEN,
    summary: str = "It does not answer.",
) -> Issue:
    """Open an issue an hour ago."""
    opened = clock.now() - timedelta(hours=1)
    return Issue.objects.create(
        team_id=site.team_id,
        site=site,
        type=fingerprint.split(":")[0],
        fingerprint=fingerprint.value,
        status=status.value,
        severity=severity.value,
        summary=summary,
        opened_at=opened,
        first_opened_at=opened,
        last_evaluated_at=opened,
    )
