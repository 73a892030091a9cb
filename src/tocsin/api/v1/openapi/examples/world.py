"""The small world that all examples are about: a shop, watched by the team of the same name."""

from typing import Any
from uuid import UUID

import msgspec

from tocsin.access.roles import Role
from tocsin.api.v1.openapi.examples import results
from tocsin.kit import clock
from tocsin.probes.contract import CheckStatus, Outcome, RunReason, Tool
from tocsin.resources import issue_schemas, schemas, site_schemas
from tocsin.resources.monitoring_schemas import IssueSettings, SiteMonitoring, TeamSettings
from tocsin.sites.monitoring.resolving import resolve
from tocsin.sites.monitoring.schema import DEFAULTS
from tocsin.sites.monitoring.shapes import enabled_tools, issue_settings, site_shape, team_shape
from tocsin.teams.limits import Used, limits_of
from tocsin.teams.plans import PLANS

BASE = "https://monitor.example.com/api/v1"
TEAM_ID = 7
SITE_ID = UUID("019a9f6e-2b4c-7d10-8a55-3f0c9e7b1d21")
STATUS_CHECK_ID = UUID("019ab3d0-51f7-7c22-b6a8-0d4e5f6a7b8c")
CHECK_IDS = {
    Tool.STATUS: STATUS_CHECK_ID,
    Tool.SSL: UUID("019ab3d0-5c09-7e31-9d17-1a2b3c4d5e6f"),
    Tool.DNS: UUID("019ab3d0-5d1a-7f42-8e28-2b3c4d5e6f70"),
    Tool.BROKEN_LINKS: UUID("019ab3d0-6e2b-7053-9f39-3c4d5e6f7081"),
    Tool.PERFORMANCE: UUID("019ab3d0-7f3c-7164-a04a-4d5e6f708192"),
}
MANUAL_CHECK_ID = UUID("019ab3d4-90aa-7b40-8c63-2b3c4d5e6f70")
ISSUE_ID = UUID("019ab3d1-07c5-7f52-a1b2-4c5d6e7f8091")
DELIVERY_ID = UUID("019ab3d1-0841-7a63-b3c4-5d6e7f809102")

REGISTERED = "2026-09-01T08:15:00+00:00"
ADDED = "2026-11-20T09:30:00+00:00"
CHECKED = "2026-11-24T09:05:00+00:00"
ANSWERED = "2026-11-24T09:05:01+00:00"
ASKED = "2026-11-24T09:07:12+00:00"
OVERRIDES: dict[str, Any] = {"tools": {"status": {"cadence_minutes": 1}}}

PLAN = PLANS["growth"]
USER = schemas.User(
    id=3,
    name="Ada Example",
    role="Site reliability",
    email="ada@example.com",
    email_verified_at=REGISTERED,
)
ADA = issue_schemas.Person(id=USER.id, name=USER.name)
TEAM = schemas.Team(
    id=TEAM_ID,
    name="Example Shop",
    personal_team=False,
    owner_id=USER.id,
    sites_count=4,
    members_count=2,
    role=Role.OWNER,
    limits=limits_of(PLAN, Used(sites=4, members=2, pending_invitations=1, manual_checks=12)),
    created_at=REGISTERED,
    updated_at=ADDED,
)
TEAM_SETTINGS = msgspec.convert(team_shape(DEFAULTS), TeamSettings)
SUMMARY = site_schemas.SiteSummary(
    uuid=SITE_ID, name="Shop", url=results.URL, domain=results.DOMAIN
)


def check(uuid: UUID = STATUS_CHECK_ID, **more: Any) -> site_schemas.Check:
    """Make an automatic status check that found all well, but for what is said otherwise."""
    values: dict[str, Any] = {
        "type": Tool.STATUS,
        "status": CheckStatus.COMPLETED,
        "outcome": Outcome.OK,
        "automatic": True,
        "run_reason": RunReason.SCHEDULED,
        "scheduled_for": CHECKED,
        "vantage": "local",
        "result": results.STATUS,
        "error": None,
        "created_at": ANSWERED,
        "updated_at": ANSWERED,
        "completed_at": ANSWERED,
    }
    return site_schemas.Check(uuid=uuid, site=SUMMARY, **{**values, **more})


def check_of(tool: Tool) -> site_schemas.Check:
    """Make an automatic check of a tool that found what its example says."""
    outcome = Outcome.FAILING if tool is Tool.BROKEN_LINKS else Outcome.OK
    return check(CHECK_IDS[tool], type=tool, outcome=outcome, result=results.RESULTS[tool])


def queued(uuid: UUID, tool: Tool) -> site_schemas.Check:
    """Make a manual check that waits to be run."""
    return check(
        uuid,
        type=tool,
        status=CheckStatus.PENDING,
        outcome=None,
        automatic=False,
        run_reason=None,
        scheduled_for=None,
        vantage=None,
        result=None,
        created_at=ASKED,
        updated_at=ASKED,
        completed_at=None,
    )


NOT_CHECKED = site_schemas.LatestChecks(None, None, None, None, None)
CHECKED_LATEST = site_schemas.LatestChecks(
    status=check(),
    ssl=check_of(Tool.SSL),
    dns=None,
    broken_links=None,
    performance=None,
)


def site(latest: site_schemas.LatestChecks = CHECKED_LATEST, **more: Any) -> site_schemas.Site:
    """Make the shop's site, which overrides one setting of its team."""
    monitoring = resolve(None, OVERRIDES)
    shape = site_shape(monitoring, None, clock.now())
    issues = issue_settings(monitoring, snoozed_until=None, expected_records=None, now=clock.now())
    values: dict[str, Any] = {
        "team_id": TEAM_ID,
        "name": SUMMARY.name,
        "url": SUMMARY.url,
        "domain": SUMMARY.domain,
        "notes": "Behind the load balancer in Vienna.",
        "js_rendered": False,
        "is_pinned": True,
        "enabled_checks": [Tool(tool) for tool in enabled_tools(monitoring)],
        "monitoring": msgspec.convert({"settings": shape}, SiteMonitoring),
        "monitoring_overrides": OVERRIDES,
        "issue_settings": msgspec.convert(issues, IssueSettings),
        "latest_checks": latest,
        "reports": site_schemas.ReportLinks(
            f"{BASE}/sites/{SITE_ID}/reports/uptime", f"{BASE}/sites/{SITE_ID}/reports/performance"
        ),
        "created_at": ADDED,
        "updated_at": ADDED,
    }
    return site_schemas.Site(uuid=SITE_ID, **{**values, **more})
