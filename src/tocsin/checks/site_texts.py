"""A team's sites as texts, for faces that pass them on as they are stored; see `kit.texts`."""

from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from django.db.models import F, QuerySet, Subquery

from tocsin.checks.check_texts import counted
from tocsin.checks.site_list import SiteFilters, SiteSort, chosen
from tocsin.kit.among import Among
from tocsin.kit.pagination import PageRequest
from tocsin.kit.prepared import Keys, Prepared
from tocsin.sites.models import Site


class SiteText(NamedTuple):
    """One site; `overrides`, `expected_records` and `team_settings` are JSON or None."""

    uuid: str
    team_id: int
    name: str
    url: str
    domain: str
    notes: str
    js_rendered: bool
    pinned_at: str | None
    overrides: str | None
    expected_records: str | None
    snoozed_until: str | None
    created_at: str
    updated_at: str
    team_settings: str | None


_COLUMNS = (
    *SiteText._fields[:8],
    "monitoring_overrides",
    "dns_expected_records",
    *SiteText._fields[10:13],
    "team__monitoring__settings",
)


def page_of_sites(
    team_id: int, filters: SiteFilters, page: PageRequest
) -> tuple[list[SiteText], int]:
    """Return one page of the sites of a team that was found through a principal, and how many.

    Two queries, three where the page lies past the end or the sites are filtered.
    """
    keys, total = _keys(team_id, filters, page)
    rows = map(SiteText._make, _BY_KEYS.texts(keys=keys) if keys else [])
    sites = {site.uuid: site for site in rows}
    return [sites[key] for key in keys if key in sites], total


def _keys(team_id: int, filters: SiteFilters, page: PageRequest) -> tuple[Collection[str], int]:
    if filters != SiteFilters(sort=filters.sort):
        found = chosen(Site.objects.filter(team_id=team_id), team_id, filters)
        keys = found.values_list("pk", flat=True)[page.offset : page.offset + page.per_page]
        return [str(key) for key in keys], found.count()
    all_sites = _page(filters.sort)
    rows = all_sites.texts(team=team_id, limit=page.per_page, offset=page.offset)
    if not rows and page.offset:
        last = all_sites.texts(team=team_id, limit=1, offset=0)
        return [], last[0][1] if last else 0
    return [key for key, _ in rows], rows[0][1] if rows else 0


@cache
def _page(sort: SiteSort) -> Prepared:
    def build(team: int) -> QuerySet[Site, Any]:
        found = Site.objects.filter(team_id=team)
        total = Subquery(counted(found))
        ordered: Any = chosen(found, team, SiteFilters(sort=sort))
        rows: QuerySet[Site, Any] = ordered.annotate(total=total).values_list("uuid", "total")
        return rows

    return Prepared(build, paged=True, team=int)


def _build(keys: Any) -> "QuerySet[Site, Any]":
    return Site.objects.filter(Among(F("uuid"), keys)).values_list(*_COLUMNS)


_BY_KEYS = Prepared(_build, keys=Keys)
