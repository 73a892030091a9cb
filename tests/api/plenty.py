"""A team that has as many of everything as asked for, made in bulk."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from tocsin.checks.models import Check, DailyRollup, Gap, ManualRun, Schedule
from tocsin.issues.models import Issue, Transition
from tocsin.kit import clock
from tocsin.notifications.models import Delivery, DeliveryAttempt, Destination, Occurrence
from tocsin.sites.models import Site, TeamMonitoring
from tocsin.teams.models import Membership, Team


def fill(team: Any, user: Any, count: int) -> Mapping[str, object]:
    """Give `user` that many teams, and `team` that many of all it can have; name one of each."""
    _teams(user, count)
    sites = _sites(team, count)
    checks = _checks(sites)
    _history_of(sites[0], count)
    issues = _issues(sites, checks, user)
    _deliveries_of(issues[0], count)
    return {
        "team": team.pk,
        "site": sites[0].pk,
        "check": checks[sites[0].pk].pk,
        "issue": issues[0].pk,
    }


def _teams(user: Any, count: int) -> None:
    teams = Team.objects.bulk_create(Team(name=f"Team {number}") for number in range(count))
    Membership.objects.bulk_create(
        Membership(team=each, user=user, role="viewer") for each in teams
    )


def _sites(team: Any, count: int) -> list[Site]:
    TeamMonitoring.objects.create(team=team, settings={})
    return Site.objects.bulk_create(
        Site(team=team, name=f"Site {number}", url=f"https://{number}.example.com", domain="e")
        for number in range(count)
    )


def _check(site: Site, **more: Any) -> Check:
    now = clock.now()
    values = {
        "type": "status",
        "status": "completed",
        "outcome": "ok",
        "automatic": True,
        "run_reason": "scheduled",
        "scheduled_for": now,
        "result": {"up": True},
        "created_at": now,
        "updated_at": now,
    }
    return Check(site=site, **{**values, **more})


def _checks(sites: list[Site]) -> dict[UUID, Check]:
    """Make the latest check of each site, and a manual one after it."""
    now, later = clock.now(), clock.now() + timedelta(seconds=1)
    checks = Check.objects.bulk_create(_check(site) for site in sites)
    asked = Check.objects.bulk_create(
        _check(site, automatic=False, run_reason="", scheduled_for=None, created_at=later)
        for site in sites
    )
    Schedule.objects.bulk_create(
        Schedule(
            site=check.site,
            tool=check.type,
            cadence=300,
            phase=0,
            since=0,
            latest_check=check.pk,
            latest_status="completed",
            latest_at=now,
        )
        for check in checks
    )
    ManualRun.objects.bulk_create(
        ManualRun(
            site_uuid=each.site_id,
            team_id=each.site.team_id,
            tool=each.type,
            check_uuid=each.pk,
            asked_at=later,
            deadline=later,
            is_priority=False,
        )
        for each in asked
    )
    return {check.site_id: check for check in checks}


def _history_of(site: Site, count: int) -> None:
    now, today = clock.now(), clock.now().date()
    moments = [now - timedelta(minutes=5 * number) for number in range(count)]
    Check.objects.bulk_create(_check(site, created_at=each, scheduled_for=each) for each in moments)
    Gap.objects.bulk_create(
        Gap(
            site=site,
            tool="status",
            kind="lost",
            reason="overload",
            first_slot=int(each.timestamp()),
            last_slot=int(each.timestamp()),
            cadence=300,
            count=1,
        )
        for each in moments
    )
    DailyRollup.objects.bulk_create(
        DailyRollup(site=site, tool=tool, date=today - timedelta(days=number), ok=1)
        for number in range(min(count, 365))
        for tool in ("status", "performance")
    )


def _issues(sites: list[Site], checks: Mapping[UUID, Check], user: Any) -> list[Issue]:
    now = clock.now()
    issues = Issue.objects.bulk_create(
        Issue(
            site=site,
            team_id=site.team_id,
            type="status",
            fingerprint="status:down",
            status="acknowledged",
            severity="critical",
            summary="It is down.",
            latest_check=checks[site.pk].pk,
            acknowledged_by=user,
            opened_at=now,
            first_opened_at=now,
            last_evaluated_at=now,
        )
        for site in sites
    )
    Transition.objects.bulk_create(
        Transition(
            issue=issue, key=key, at=now, user=user, severity="critical", summary="", alerts=True
        )
        for issue in issues
        for key in ("opened", "acknowledged")
    )
    return issues


def _deliveries_of(issue: Issue, count: int) -> None:
    now = clock.now()
    destination = Destination.objects.create(
        team_id=issue.team_id, channel="slack", configuration="", masked="…", events=["open"]
    )
    told = Occurrence.objects.bulk_create(
        Occurrence(
            team_id=issue.team_id,
            issue=issue,
            key=f"{issue.pk} {number}",
            event="issue.escalated",
            transition="escalate",
            occurred_at=now,
            notice={},
        )
        for number in range(count)
    )
    deliveries = Delivery.objects.bulk_create(
        Delivery(
            team_id=issue.team_id,
            occurrence=each,
            destination=destination,
            channel="slack",
            to="…",
            subject=issue.pk,
            status="delivered",
        )
        for each in told
    )
    DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(delivery=each, destination=destination, at=now, duration_ms=1)
        for each in deliveries
    )
