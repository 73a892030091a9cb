"""Reading issues, always through a principal. A constant number of queries, however many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import gettext

from tocsin.access.gates import judge
from tocsin.access.permissions import Permission
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.checks.models import Check
from tocsin.issues.models import Issue, IssueQuerySet, Transition
from tocsin.issues.views import IssueView, view_of
from tocsin.issues.vocabulary import ACTIVE, IssueStatus, Severity
from tocsin.kit.errors import NotFound
from tocsin.kit.pagination import PageRequest
from tocsin.kit.searching import contains
from tocsin.probes.contract import Tool
from tocsin.sites import queries as sites
from tocsin.teams import queries as teams

# What `status` may say, besides one of the statuses themselves.
ACTIVE_WORD, ALL_WORD = "active", "all"
STATUS_WORDS = (ACTIVE_WORD, *IssueStatus, ALL_WORD)


@dataclass(frozen=True, slots=True)
class IssueFilters:
    """Which issues are asked for; `status` is one of STATUS_WORDS. None: any.

    `search` is a part of the summary, or of the site's name or address.
    """

    team_id: int | None = None
    site_id: UUID | None = None
    tool: Tool | None = None
    severity: Severity | None = None
    status: str = ACTIVE_WORD
    search: str = ""


@dataclass(frozen=True, slots=True)
class IssuesPage:
    """One page, newest opening first, of `total` issues."""

    items: Sequence[IssueView]
    total: int


def issues(principal: Principal, filters: IssueFilters, page: PageRequest) -> IssuesPage:
    """List issues. Raises NotFound for a team or site that the principal may not know of.

    Where neither is named, teams whose gates would refuse (plan, two-factor, role) are left out.
    Where one is, the door asks the gates of `team_concerned` before.
    """
    found = open_to(principal, team_concerned(principal, filters), filters)
    rows = _with_parts(found).order_by("-opened_at", "-uuid")
    return IssuesPage(_views(rows[page.offset : page.offset + page.per_page]), found.count())


def open_to(principal: Principal, team_id: int | None, filters: IssueFilters) -> IssueQuerySet:
    """Keep the issues of a team, of every team for None, that the filters let through.

    Without a team, those whose gates would refuse the principal are left out.
    """
    found = of_status(narrowed(Issue.objects.visible_to(principal), filters), filters.status)
    if team_id is not None:
        return found.filter(team_id=team_id)
    if principal.kind is PrincipalKind.SYSTEM:
        return found
    return found.filter(team_id__in=_open_teams(principal))


def team_concerned(principal: Principal, filters: IssueFilters) -> int | None:
    """Return the team whose gates decide, None where none is named.

    Raises NotFound for a foreign team or site, and for a site of another team than the one named.
    """
    team_id = filters.team_id
    if team_id is not None:
        teams.team_of(principal, team_id)
    if filters.site_id is None:
        return team_id
    site = sites.site(principal, filters.site_id)
    if site is None or team_id not in {None, site.team_id}:
        raise NotFound(gettext("There is no such site."))
    return site.team_id


def issue(principal: Principal, uuid: UUID) -> IssueView:
    """Return one issue with its timeline and its checks. Raises NotFound."""
    found = _with_parts(Issue.objects.visible_to(principal).filter(pk=uuid))
    views = _views(found)
    if not views:
        raise NotFound(gettext("There is no such issue."))
    return views[0]


def team_of_issue(principal: Principal, uuid: UUID) -> int | None:
    """Return the team of an issue, None where there is none that the principal may know of."""
    found = Issue.objects.visible_to(principal).filter(pk=uuid)
    return found.values_list("team_id", flat=True).first()


def narrowed(found: IssueQuerySet, filters: IssueFilters) -> IssueQuerySet:
    """Keep what all filters but the status let through."""
    if filters.site_id is not None:
        found = found.filter(site_id=filters.site_id)
    if filters.tool is not None:
        found = found.filter(type=filters.tool.value)
    if filters.severity is not None:
        found = found.filter(severity=filters.severity.value)
    if filters.search:
        found = found.filter(contains(filters.search, "summary", "site__name", "site__url"))
    return found


def of_status(found: IssueQuerySet, word: str) -> IssueQuerySet:
    """Keep the issues of a status; one of STATUS_WORDS."""
    if word == ALL_WORD:
        return found
    return found.filter(status__in=ACTIVE if word == ACTIVE_WORD else [word])


def _open_teams(principal: Principal) -> list[int]:
    return [
        team.id
        for team in teams.teams_of(principal)
        if judge(
            principal, permission=Permission.VIEW_ISSUES, standing=teams.standing_in(team)
        ).allowed
    ]


def _with_parts(found: IssueQuerySet) -> IssueQuerySet:
    timeline = Transition.objects.select_related("user").order_by("pk")
    return found.select_related("site", "acknowledged_by", "resolved_by").prefetch_related(
        Prefetch("transitions", queryset=timeline, to_attr="timeline")
    )


def _views(rows: Iterable[Issue]) -> list[IssueView]:
    rows = list(rows)
    named = {each for row in rows for each in (row.latest_check, row.previous_check)}
    kept = Check.objects.select_related("site")
    checks = kept.in_bulk(named - {None}) if named - {None} else {}
    return [view_of(row, checks) for row in rows]
