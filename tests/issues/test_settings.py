"""From a site's monitoring settings to what the rules judge by."""

from typing import Any

import pytest

from tocsin.issues.rules import (
    DnsLimits,
    LinksLimits,
    NoLimits,
    PerformanceLimits,
    Settings,
    SslLimits,
)
from tocsin.issues.settings import settings_of
from tocsin.issues.vocabulary import ResolveReason
from tocsin.kit import clock
from tocsin.probes.contract import DNS_RECORD_TYPES, Tool
from tocsin.sites.monitoring.models import TeamMonitoring

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        (Tool.STATUS, Settings(NoLimits(), 2, 1, 2, 5, cadence_minutes=5)),
        (Tool.SSL, Settings(SslLimits(14), 2, 1, 2)),
        (Tool.DNS, Settings(DnsLimits(monitored_record_types=DNS_RECORD_TYPES), 2, 1, 2)),
        (Tool.BROKEN_LINKS, Settings(LinksLimits(5), 1)),
        (Tool.PERFORMANCE, Settings(PerformanceLimits(50, 4000, None), 2)),
    ],
)
def test_it_starts_from_the_defaults(site: Any, tool: Tool, expected: Settings) -> None:
    assert settings_of(site, tool) == expected


def _override(site: Any, tool: Tool, **part: Any) -> None:
    site.monitoring_overrides = {"tools": {tool.value: part}}


def test_it_takes_what_the_site_overrides(site: Any) -> None:
    _override(site, Tool.STATUS, settings={"failures_to_open": 7, "successes_to_resolve": 3})
    found = settings_of(site, Tool.STATUS)
    assert (found.to_open, found.to_resolve) == (7, 3)


def test_it_takes_what_the_team_set_and_says_which_revision(site: Any) -> None:
    settings = {"tools": {"ssl": {"settings": {"expiry_days": 30}}}}
    TeamMonitoring.objects.create(team=site.team, settings=settings, revision=4)
    found = settings_of(site, Tool.SSL)
    assert found.limits == SslLimits(30)
    assert found.team_revision == 4


def test_it_takes_the_cadence_that_really_runs(site: Any) -> None:
    assert settings_of(site, Tool.STATUS, cadence_seconds=600).cadence_minutes == 10


def test_it_takes_the_snooze(site: Any) -> None:
    site.snoozed_until = clock.from_timestamp(1_900_000_000)
    found = settings_of(site, Tool.STATUS)
    assert not found.may_open(1_899_999_999)
    assert found.may_open(1_900_000_000)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"enabled": False}, ResolveReason.TOOL_DISABLED),
        ({"opens_issues": False}, ResolveReason.OPENS_ISSUES_OFF),
        ({"enabled": False, "opens_issues": False}, ResolveReason.TOOL_DISABLED),
        ({}, None),
    ],
)
def test_it_says_why_nothing_may_be_open(
    site: Any, part: dict[str, Any], reason: ResolveReason | None
) -> None:
    _override(site, Tool.DNS, **part)
    assert settings_of(site, Tool.DNS).off is reason
