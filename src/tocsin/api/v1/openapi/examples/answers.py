"""What each operation answers when all is well."""

from collections.abc import Callable
from typing import Any

import msgspec

from tocsin.access.scopes import Scope
from tocsin.api.pages import Links, Meta, Page
from tocsin.api.v1.openapi.examples import reports, troubles, world
from tocsin.kit.pagination import PageOf, PageRequest
from tocsin.probes.contract import Tool
from tocsin.resources import monitoring_schemas, schemas, site_schemas
from tocsin.resources.schemas import Data
from tocsin.sites.monitoring.presets import presets
from tocsin.sites.monitoring.schema import DEFAULTS
from tocsin.sites.monitoring.shapes import team_shape


def examples_of(operation: str) -> dict[str, Any]:
    """Return the answer's `example` or, where it has several forms, its `examples`."""
    if operation == "show_check":
        return {"examples": {tool.value: _check_of(tool) for tool in Tool}}
    make = _ANSWERS[operation]
    return {"example": None if make is None else msgspec.to_builtins(make())}


def _check_of(tool: Tool) -> dict[str, Any]:
    answer = msgspec.to_builtins(Data(world.check_of(tool)))
    return {"summary": f"A check of the tool `{tool}`.", "value": answer}


def _me() -> Any:
    return Data(schemas.Me(world.USER, [world.TEAM]))


def _token() -> Any:
    scopes = [Scope.TEAMS_READ, Scope.SITES_READ, Scope.CHECKS_READ, Scope.CHECKS_RUN]
    return Data(
        schemas.Token(
            name="CI",
            scopes=scopes,
            expires_at="2027-05-20T09:30:00+00:00",
            last_used_at=world.ANSWERED,
        )
    )


def _team_monitoring() -> Any:
    shape = {"settings": team_shape(DEFAULTS), **presets(world.PLAN)}
    return Data(msgspec.convert(shape, monitoring_schemas.TeamMonitoring))


def _created() -> Any:
    return Data(world.site(world.NOT_CHECKED))


def _bulk() -> Any:
    return Data(
        site_schemas.BulkCreation(
            created=[world.site(world.NOT_CHECKED)],
            skipped=[site_schemas.SkippedSite("https://docs.example.com", "duplicate")],
            failed=[
                site_schemas.FailedSite(
                    "ftp://files.example.com", "The scheme must be http or https, not ftp."
                )
            ],
        )
    )


def _queued() -> Any:
    return Data([world.queued(world.MANUAL_CHECK_ID, Tool.STATUS)])


def _page(path: str, item: Any) -> Any:
    page, url = PageOf(PageRequest(), 1, 1), world.BASE + path
    return Page(
        data=[item],
        links=msgspec.convert(page.links(url, {}), Links),
        meta=msgspec.convert(page.meta(url), Meta),
    )


_SITES = f"/teams/{world.TEAM_ID}/sites"
_CHECKS = f"/sites/{world.SITE_ID}/checks"
_DELIVERIES = f"/issues/{world.ISSUE_ID}/deliveries"
_ANSWERS: dict[str, Callable[[], Any] | None] = {
    "show_me": _me,
    "show_token": _token,
    "list_teams": lambda: Data([world.TEAM]),
    "show_team": lambda: Data(world.TEAM),
    "show_team_monitoring": _team_monitoring,
    "update_monitoring": _team_monitoring,
    "list_sites": lambda: _page(_SITES, world.site()),
    "create_site": _created,
    "create_sites": _bulk,
    "show_site": lambda: Data(world.site()),
    "update_site": lambda: Data(world.site()),
    "delete_site": None,
    "list_checks": lambda: _page(_CHECKS, world.check()),
    "queue_checks": _queued,
    "delete_check": None,
    "show_slots": lambda: Data(reports.slots()),
    "report_uptime": lambda: Data(reports.uptime()),
    "report_performance": lambda: Data(reports.performance()),
    "list_issues": lambda: _page("/issues", troubles.issue()),
    "show_issue": lambda: Data(troubles.issue()),
    "acknowledge_issue": lambda: Data(troubles.acknowledged()),
    "resolve_issue": lambda: Data(troubles.resolved()),
    "list_deliveries": lambda: _page(_DELIVERIES, troubles.delivery()),
}
