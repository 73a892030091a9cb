"""A team's sites as programs list them: filtered, sorted, in pages."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from tocsin.access.principal import Principal
from tocsin.checks.models import Check, ManualRun, Schedule
from tocsin.kit.pagination import PageRequest
from tocsin.kit.searching import contains
from tocsin.probes.contract import CheckStatus, Outcome, Tool
from tocsin.sites import queries as sites
from tocsin.sites.models import Site, SiteQuerySet, TeamMonitoring
from tocsin.sites.monitoring.resolving import resolve


class SiteSort(StrEnum):
    """In which order sites are listed; `pinned`: pinned first, newest pin first, then newest."""

    PINNED = "pinned"
    OLDEST = "created_at"
    NEWEST = "-created_at"
    NAME = "name"
    NAME_BACKWARDS = "-name"


class SiteHealth(StrEnum):
    """How a site is by its latest automatic checks: the worst of them decides."""

    FAILING = "failing"
    UNKNOWN = "unknown"
    OK = "ok"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class SiteFilters:
    """Which sites, None for all.

    `search` is a part of name or URL; `tool` one that runs automatically; `status` that of the
    latest check of some tool; `health` that of the site, or of `tool` where that is named too.
    """

    search: str | None = None
    pinned: bool | None = None
    tool: Tool | None = None
    status: CheckStatus | None = None
    health: SiteHealth | None = None
    sort: SiteSort = SiteSort.PINNED


def list_sites(
    principal: Principal, team_id: int, filters: SiteFilters, wanted: PageRequest
) -> tuple[list[Site], int]:
    """Return one page of a team's sites, each with its team's settings, and how many there are."""
    found = chosen(sites.sites(principal, team_id=team_id), team_id, filters)
    rows = found.select_related("team__monitoring")
    return list(rows[wanted.offset : wanted.offset + wanted.per_page]), found.count()


def chosen(found: SiteQuerySet, team_id: int, filters: SiteFilters) -> SiteQuerySet:
    """Keep of a team's sites what the filters let through, in their order."""
    return _sorted(_filtered(found, team_id, filters), filters.sort)


def _filtered(found: SiteQuerySet, team_id: int, filters: SiteFilters) -> SiteQuerySet:
    if filters.search:
        found = found.filter(contains(filters.search, "name", "url"))
    if filters.pinned is not None:
        found = found.filter(pinned_at__isnull=not filters.pinned)
    if filters.tool is not None:
        found = found.filter(_runs(filters.tool, team_id))
    if filters.status is not None:
        found = found.filter(Exists(_tools_whose_latest_is(filters.status)))
    if filters.health is not None:
        found = found.filter(_is(filters.health, filters.tool))
    return found


def _is(health: SiteHealth, tool: Tool | None) -> Q:
    """Select the sites of a health. What is skipped or turned off now counts no more."""
    watching = Schedule.objects.filter(site=OuterRef("pk"), next_slot__isnull=False)
    if tool is not None:
        watching = watching.filter(tool=tool.value)

    watching = watching.exclude(latest_status=CheckStatus.SKIPPED.value)

    def some(outcome: Outcome) -> Q:
        return Q(Exists(watching.filter(latest_outcome=outcome.value)))

    failing, unknown, ok = some(Outcome.FAILING), some(Outcome.UNKNOWN), some(Outcome.OK)
    match health:
        case SiteHealth.FAILING:
            return failing
        case SiteHealth.UNKNOWN:
            return unknown & ~failing
        case SiteHealth.OK:
            return ok & ~failing & ~unknown
        case SiteHealth.WAITING:
            return ~failing & ~unknown & ~ok
    assert_never(health)


def _runs(tool: Tool, team_id: int) -> Q:
    """Select the sites where a tool is enabled: by the site itself, else by its team."""
    stored = TeamMonitoring.objects.filter(team_id=team_id).first()
    own = f"monitoring_overrides__tools__{tool.value}__enabled"
    by_itself = Q(**{own: True})
    if not resolve(stored.settings if stored else None).of(tool).enabled:
        return by_itself
    return by_itself | Q(**{f"{own}__isnull": True})


def _tools_whose_latest_is(status: CheckStatus) -> "QuerySet[Schedule]":
    """Select the tools of the outer site by their latest check, be it automatic or manual."""
    asked = ManualRun.objects.filter(
        site_uuid=OuterRef("site_id"), tool=OuterRef("tool"), check_uuid__isnull=False
    ).order_by("-asked_at")
    manual = Check.objects.filter(pk=OuterRef("manual"))
    tools = Schedule.objects.filter(site=OuterRef("pk")).annotate(
        manual=Subquery(asked.values("check_uuid")[:1]),
        manual_at=Subquery(asked.values("asked_at")[:1]),
    )
    is_manual = Q(manual_at__isnull=False) & (
        Q(latest_at__isnull=True) | Q(manual_at__gt=F("latest_at"))
    )
    return tools.annotate(manual_status=Subquery(manual.values("status")[:1])).filter(
        (is_manual & Q(manual_status=status.value)) | (~is_manual & Q(latest_status=status.value))
    )


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
