"""A team's sites as programs list them: filtered, sorted, with each tool's latest check."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from tocsin.access.principal import Principal
from tocsin.checks.models import Check, Schedule
from tocsin.kit.pagination import PageRequest
from tocsin.probes.contract import CheckStatus, Tool
from tocsin.sites import queries as sites
from tocsin.sites.models import Site, SiteQuerySet, TeamMonitoring
from tocsin.sites.monitoring.resolving import resolve

LatestChecks = Mapping[str, Check]


class SiteSort(StrEnum):
    """In which order sites are listed; `pinned`: pinned first, newest pin first, then newest."""

    PINNED = "pinned"
    OLDEST = "created_at"
    NEWEST = "-created_at"
    NAME = "name"
    NAME_BACKWARDS = "-name"


@dataclass(frozen=True, slots=True)
class SiteFilters:
    """Which sites, None for all.

    `search` is a part of name or URL; `tool` one that runs automatically; `status` that of the
    latest check of some tool.
    """

    search: str | None = None
    pinned: bool | None = None
    tool: Tool | None = None
    status: CheckStatus | None = None
    sort: SiteSort = SiteSort.PINNED


def list_sites(
    principal: Principal, team_id: int, filters: SiteFilters, wanted: PageRequest
) -> tuple[list[Site], int]:
    """Return one page of a team's sites, each with its team's settings, and how many there are."""
    found = _filtered(sites.sites(principal, team_id=team_id), team_id, filters)
    rows = _sorted(found, filters.sort).select_related("team__monitoring")
    return list(rows[wanted.offset : wanted.offset + wanted.per_page]), found.count()


def latest_checks(site_ids: Iterable[UUID]) -> Mapping[UUID, LatestChecks]:
    """Return the latest check of each tool at sites that were read through a principal.

    Two queries, however many sites.
    """
    schedules = Schedule.objects.filter(site_id__in=list(site_ids))
    latest_keys = schedules.values_list("latest_check", flat=True)
    keys = [key for key in latest_keys if key is not None]
    latest: defaultdict[UUID, dict[str, Check]] = defaultdict(dict)
    for check in Check.objects.select_related("site").filter(pk__in=keys) if keys else ():
        latest[check.site_id][check.type] = check
    return latest


def _filtered(found: SiteQuerySet, team_id: int, filters: SiteFilters) -> SiteQuerySet:
    if filters.search:
        found = found.filter(Q(name__icontains=filters.search) | Q(url__icontains=filters.search))
    if filters.pinned is not None:
        found = found.filter(pinned_at__isnull=not filters.pinned)
    if filters.tool is not None:
        found = found.filter(_runs(filters.tool, team_id))
    if filters.status is not None:
        latest = Schedule.objects.filter(site=OuterRef("pk"), latest_status=filters.status.value)
        found = found.filter(Exists(latest))
    return found


def _runs(tool: Tool, team_id: int) -> Q:
    """Select the sites where a tool is enabled: by the site itself, else by its team."""
    stored = TeamMonitoring.objects.filter(team_id=team_id).first()
    own = f"monitoring_overrides__tools__{tool.value}__enabled"
    by_itself = Q(**{own: True})
    if not resolve(stored.settings if stored else None).of(tool).enabled:
        return by_itself
    return by_itself | Q(**{f"{own}__isnull": True})


def _sorted(found: SiteQuerySet, sort: SiteSort) -> SiteQuerySet:
    match sort:
        case SiteSort.PINNED:
            return found.in_team_order()
        case SiteSort.OLDEST:
            return found.order_by("created_at", "uuid")
        case SiteSort.NEWEST:
            return found.order_by("-created_at", "-uuid")
        case SiteSort.NAME:
            return found.order_by(Lower("name"), "uuid")
        case SiteSort.NAME_BACKWARDS:
            return found.order_by(Lower("name").desc(), F("uuid").desc())
    assert_never(sort)
