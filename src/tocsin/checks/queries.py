"""Reading the state of sites, always through a principal."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tocsin.access.principal import Principal
from tocsin.checks.models import Schedule
from tocsin.checks.site_list import SiteFilters, list_sites
from tocsin.kit.pagination import PageRequest
from tocsin.sites import queries as sites
from tocsin.sites.models import Site


@dataclass(frozen=True, slots=True)
class ToolState:
    """How a tool last went at a site; all None or empty before its first check."""

    status: str | None
    outcome: str | None
    checked_at: datetime | None
    summary: str


@dataclass(frozen=True, slots=True)
class SiteState:
    """A site with the latest state of each tool that watches it."""

    uuid: UUID
    name: str
    url: str
    domain: str
    team_id: int
    is_pinned: bool
    snoozed_until: datetime | None
    tools: Mapping[str, ToolState]


def site_states(
    principal: Principal, *, team_id: int | None = None, limit: int | None = None, offset: int = 0
) -> list[SiteState]:
    """Return sites with their live state, in the team's order. Two queries, however many sites."""
    found = sites.sites(principal, team_id=team_id)
    return states_of(found[offset : None if limit is None else offset + limit])


def states_of(found: Iterable[Site]) -> list[SiteState]:
    """Return sites that were read through a principal with their live state. One query more."""
    page = list(found)
    tools = _tools_of([site.pk for site in page])
    return [
        SiteState(
            uuid=site.pk,
            name=site.name,
            url=site.url,
            domain=site.domain,
            team_id=site.team_id,
            is_pinned=site.pinned_at is not None,
            snoozed_until=site.snoozed_until,
            tools=tools.get(site.pk, {}),
        )
        for site in page
    ]


def site_board(
    principal: Principal, team_id: int, filters: SiteFilters, wanted: PageRequest
) -> tuple[list[SiteState], int]:
    """Return one page of a team's sites with their live state, and how many there are.

    Three queries, one more where `filters` name a tool.
    """
    found, total = list_sites(principal, team_id, filters, wanted)
    return states_of(found), total


def _tools_of(site_ids: list[UUID]) -> dict[UUID, dict[str, ToolState]]:
    states: defaultdict[UUID, dict[str, ToolState]] = defaultdict(dict)
    for schedule in Schedule.objects.filter(site_id__in=site_ids).order_by("id"):
        states[schedule.site_id][schedule.tool] = ToolState(
            status=schedule.latest_status or None,
            outcome=schedule.latest_outcome or None,
            checked_at=schedule.latest_at,
            summary=schedule.latest_summary,
        )
    return dict(states)
