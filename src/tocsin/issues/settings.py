"""From a site's monitoring settings to what the rules judge by."""

from collections.abc import Callable, Mapping
from typing import Any

from tocsin.issues.rules import (
    DnsLimits,
    Limits,
    LinksLimits,
    NoLimits,
    PerformanceLimits,
    Settings,
    SslLimits,
)
from tocsin.issues.vocabulary import ResolveReason
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site
from tocsin.sites.monitoring.models import TeamMonitoring
from tocsin.sites.monitoring.queries import of_site
from tocsin.teams.models import Team

MINUTE = 60


def settings_of(site: Site, tool: Tool, *, cadence_seconds: int | None = None) -> Settings:
    """Return by what a tool's checks of a site are judged now.

    Free of queries where `team__monitoring` was selected with the site.
    `cadence_seconds` is how often the tool really runs, where that is known.
    """
    part = of_site(site).of(tool)
    judged = part.settings
    snoozed = site.snoozed_until
    return Settings(
        limits=_LIMITS[tool](judged, site.dns_expected_records),
        to_open=_threshold(judged),
        to_resolve=getattr(judged, "successes_to_resolve", 1),
        retry_minutes=getattr(judged, "confirmation_retry_minutes", None),
        follow_up_minutes=getattr(judged, "incident_follow_up_minutes", None),
        cadence_minutes=(cadence_seconds or part.cadence_minutes * MINUTE) // MINUTE,
        revision=site.settings_revision,
        team_revision=_team_revision(site.team),
        snoozed_until=None if snoozed is None else snoozed.timestamp(),
        off=_off(part),
    )


def _team_revision(team: Team) -> int:
    """Return the number of a team's settings; 0 where it has set nothing."""
    try:
        return team.monitoring.revision
    except TeamMonitoring.DoesNotExist:
        return 0


def _threshold(judged: Any) -> int:
    failures: int | None = getattr(judged, "failures_to_open", None)
    breaches: int = getattr(judged, "consecutive_breaches_to_open", 1)
    return breaches if failures is None else failures


def _off(part: Any) -> ResolveReason | None:
    if not part.enabled:
        return ResolveReason.TOOL_DISABLED
    return None if part.opens_issues else ResolveReason.OPENS_ISSUES_OFF


def _status(_judged: Any, _expected: Mapping[str, Any] | None) -> Limits:
    return NoLimits()


def _ssl(judged: Any, _expected: Mapping[str, Any] | None) -> Limits:
    return SslLimits(judged.expiry_days)


def _dns(judged: Any, expected: Mapping[str, Any] | None) -> Limits:
    return DnsLimits(judged.hard_failures_only, judged.monitored_record_types, expected)


def _links(judged: Any, _expected: Mapping[str, Any] | None) -> Limits:
    return LinksLimits(judged.min_broken_count)


def _performance(judged: Any, _expected: Mapping[str, Any] | None) -> Limits:
    return PerformanceLimits(judged.min_score, judged.max_ttfb_ms, judged.max_load_time_seconds)


_LIMITS: dict[Tool, Callable[[Any, Mapping[str, Any] | None], Limits]] = {
    Tool.STATUS: _status,
    Tool.SSL: _ssl,
    Tool.DNS: _dns,
    Tool.BROKEN_LINKS: _links,
    Tool.PERFORMANCE: _performance,
}
