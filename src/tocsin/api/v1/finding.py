"""How guards find what a path names, and where the caller stands there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tocsin.access.principal import Principal
from tocsin.api.guards import Found
from tocsin.checks.standing import check_and_standing
from tocsin.issues.queries import team_of_issue
from tocsin.sites.queries import site_and_standing, summary_and_standing
from tocsin.teams.queries import standing_of


def site_in_path(principal: Principal, path: Mapping[str, Any]) -> Found | None:
    """Find the Site, with its team's settings, that the path names as `site`."""
    found = site_and_standing(principal, path["site"])
    return None if found is None else Found(thing=found[0], standing=found[1])


def team_standing_in_path(principal: Principal, path: Mapping[str, Any]) -> Found | None:
    """Find the team that the path names as `team`, by its id alone."""
    standing = standing_of(principal, path["team"])
    return None if standing is None else Found(thing=standing.team_id, standing=standing)


def site_summary_in_path(principal: Principal, path: Mapping[str, Any]) -> Found | None:
    """Find the SiteSummary that the path names as `site`."""
    found = summary_and_standing(principal, UUID(path["site"]))
    return None if found is None else Found(thing=found[0], standing=found[1])


def check_in_path(principal: Principal, path: Mapping[str, Any]) -> Found | None:
    """Find the CheckView that the path names as `check`."""
    found = check_and_standing(principal, path["check"])
    return None if found is None else Found(thing=found[0], standing=found[1])


def issue_in_path(principal: Principal, path: Mapping[str, Any]) -> Found | None:
    """Find the team of the issue that the path names as `issue`; its id is the thing."""
    team_id = team_of_issue(principal, path["issue"])
    standing = None if team_id is None else standing_of(principal, team_id)
    return None if standing is None else Found(thing=team_id, standing=standing)
