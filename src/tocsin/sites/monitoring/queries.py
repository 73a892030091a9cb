"""Reading settings, always through a principal or from rows that were read through one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tocsin.access.principal import Principal
from tocsin.kit import clock
from tocsin.sites.models import Site
from tocsin.sites.monitoring.models import TeamMonitoring
from tocsin.sites.monitoring.presets import presets
from tocsin.sites.monitoring.resolving import resolve
from tocsin.sites.monitoring.schema import Monitoring
from tocsin.sites.monitoring.shapes import enabled_tools, issue_settings, site_shape, team_shape
from tocsin.teams.locking import no_such_team
from tocsin.teams.models import Team
from tocsin.teams.plans import plan_of


@dataclass(frozen=True, slots=True)
class SiteView:
    """The parts of the Site resource that settings make, as plain data for JSON."""

    enabled_checks: list[str]
    settings: dict[str, Any]
    overrides: dict[str, Any]
    issue_settings: dict[str, Any]


def team_monitoring(principal: Principal, team_id: int) -> dict[str, Any]:
    """Return the resource `Team monitoring` of section 4. Raises NotFound."""
    team = Team.objects.visible_to(principal).select_related("monitoring").filter(pk=team_id)
    found = team.first()
    if found is None:
        raise no_such_team(team_id)
    return {"settings": team_shape(of_team(found)), **presets(plan_of(found.plan))}


def of_team(team: Team) -> Monitoring:
    """Resolve a team's settings. Free of queries where `monitoring` was selected with the team."""
    return resolve(stored_of_team(team))


def of_site(site: Site) -> Monitoring:
    """Resolve a site's settings. Free of queries where `team__monitoring` was selected with it."""
    return resolve(stored_of_team(site.team), site.monitoring_overrides)


def stored_of_team(team: Team) -> Mapping[str, Any]:
    """Return what a team itself set."""
    try:
        stored: dict[str, Any] = team.monitoring.settings
    except TeamMonitoring.DoesNotExist:
        return {}
    return stored


def view_of_site(site: Site, now: datetime | None = None) -> SiteView:
    """Return the parts of the Site resource that settings make; `now` ends a past snooze."""
    monitoring, now = of_site(site), now or clock.now()
    return SiteView(
        enabled_checks=enabled_tools(monitoring),
        settings=site_shape(monitoring, site.snoozed_until, now),
        overrides=site.monitoring_overrides,
        issue_settings=issue_settings(
            monitoring,
            snoozed_until=site.snoozed_until,
            expected_records=site.dns_expected_records,
            now=now,
        ),
    )
