"""Completion of arguments: ids of teams, sites and issues, found by what a person has typed."""

from collections.abc import Callable, Mapping

from tocsin.access.gates import judge
from tocsin.access.permissions import Permission
from tocsin.access.principal import Principal
from tocsin.checks.site_list import SiteFilters, list_sites
from tocsin.issues.queries import IssueFilters, issues
from tocsin.kit.pagination import MOST_PER_PAGE, PageRequest
from tocsin.sites.words import NAME_LENGTH
from tocsin.teams.queries import TeamView, standing_in, teams_of

MOST = 100  # what the protocol lets an answer hold
MOST_TEAMS = 20  # each is one query

Given = Mapping[str, str]


def complete(principal: Principal, argument: str, typed: str, given: Given) -> list[str]:
    """Return values for an argument; none where the principal may not read what they name."""
    finder = _FINDERS.get(argument)
    return [] if finder is None else finder(principal, typed[:NAME_LENGTH], given)[:MOST]


def _teams(principal: Principal, typed: str, _: Given) -> list[str]:
    wanted = typed.casefold()
    return [
        str(team.id)
        for team in _allowed(principal, Permission.VIEW_TEAM)
        if str(team.id).startswith(wanted) or wanted in team.name.casefold()
    ]


def _sites(principal: Principal, typed: str, given: Given) -> list[str]:
    teams = _allowed(principal, Permission.VIEW_SITES)
    if "team_id" in given:
        teams = [team for team in teams if str(team.id) == given["team_id"]]
    filters, page = SiteFilters(search=typed.replace("\x00", "") or None), PageRequest(1, MOST)
    return [
        str(site.pk)
        for team in teams[:MOST_TEAMS]
        for site in list_sites(principal, team.id, filters, page)[0]
    ]


def _issues(principal: Principal, typed: str, _: Given) -> list[str]:
    if not _allowed(principal, Permission.VIEW_ISSUES):
        return []
    wanted = typed.casefold()
    found = issues(principal, IssueFilters(), PageRequest(1, MOST_PER_PAGE))
    return [
        str(issue.uuid)
        for issue in found.items
        if str(issue.uuid).startswith(wanted) or wanted in issue.site.name.casefold()
    ]


def _allowed(principal: Principal, permission: Permission) -> list[TeamView]:
    return [
        team
        for team in teams_of(principal)
        if judge(principal, permission=permission, standing=standing_in(team)).allowed
    ]


_FINDERS: dict[str, Callable[[Principal, str, Given], list[str]]] = {
    "team_id": _teams,
    "site_uuid": _sites,
    "issue_uuid": _issues,
}
