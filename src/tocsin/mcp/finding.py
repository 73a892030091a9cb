"""How gates find what arguments name, and where the caller stands there."""

from tocsin.access.principal import Principal
from tocsin.checks.standing import check_and_standing
from tocsin.issues.queries import team_of_issue
from tocsin.kit.errors import NotFound
from tocsin.mcp.arguments import (
    CheckArguments,
    ChecksArguments,
    IssueArguments,
    RunArguments,
    SiteArguments,
    SitesArguments,
    TeamArguments,
)
from tocsin.mcp.operation import Found
from tocsin.sites.queries import site_and_standing
from tocsin.teams.queries import standing_in, standing_of, team_of


def team_named(principal: Principal, arguments: TeamArguments | SitesArguments) -> Found | None:
    """Find a TeamView by `team_id`."""
    try:
        team = team_of(principal, arguments.team_id)
    except NotFound:
        return None
    standing = standing_in(team)
    return None if standing is None else Found(standing, team)


def site_named(
    principal: Principal, arguments: SiteArguments | ChecksArguments | RunArguments
) -> Found | None:
    """Find a Site, with its team's settings, by `site_uuid`."""
    found = site_and_standing(principal, arguments.site_uuid)
    return None if found is None else Found(thing=found[0], standing=found[1])


def check_named(principal: Principal, arguments: CheckArguments) -> Found | None:
    """Find a CheckView by `check_uuid`."""
    found = check_and_standing(principal, arguments.check_uuid)
    return None if found is None else Found(thing=found[0], standing=found[1])


def issue_named(principal: Principal, arguments: IssueArguments) -> Found | None:
    """Find the team of the issue `issue_uuid`; the team's id is the thing."""
    team_id = team_of_issue(principal, arguments.issue_uuid)
    standing = None if team_id is None else standing_of(principal, team_id)
    return None if standing is None else Found(thing=team_id, standing=standing)
