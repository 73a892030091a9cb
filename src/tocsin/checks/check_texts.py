"""Checks as texts, for faces that pass them on as they are stored; see `kit.texts`.

Every function here takes sites that were read through a principal, and asks of nothing else.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery

from tocsin.checks.history import CheckFilters
from tocsin.checks.models import Check, ManualRun, Schedule
from tocsin.kit.among import Among, AmongParts
from tocsin.kit.pagination import PageRequest
from tocsin.kit.prepared import Keys, Kind, Prepared

# Filters by a value, and how to ask for it: those of CheckFilters, and the ends of its period.
_CONDITIONS: dict[str, tuple[Kind, str]] = {
    "type": (str, "type"),
    "status": (str, "status"),
    "run_reason": (str, "run_reason"),
    "start": (datetime, "created_at__gte"),
    "end": (datetime, "created_at__lt"),
}


class CheckText(NamedTuple):
    """One check; `result` and `error` are JSON. Empty where the contract says null, or None."""

    uuid: str
    site_uuid: str
    type: str
    status: str
    outcome: str
    automatic: bool
    run_reason: str
    scheduled_for: str | None
    vantage: str
    result: str | None
    error: str | None
    created_at: str
    updated_at: str
    completed_at: str | None


def page_of_checks(
    site: UUID, filters: CheckFilters, page: PageRequest
) -> tuple[list[CheckText], int]:
    """Return one page of a site's checks, newest first, and how many there are. Two queries.

    Three where the page lies past the end.
    """
    wanted = _wanted(filters)
    keys = _page(frozenset(wanted), filters.automatic)
    rows = keys.texts(site=site, **wanted, limit=page.per_page, offset=page.offset)
    if not rows:
        return [], _total(keys, site, wanted) if page.offset else 0
    checks = _by_uuid([uuid for uuid, _ in rows])
    return [checks[uuid] for uuid, _ in rows if uuid in checks], rows[0][1]


def latest_checks(sites: Collection[str]) -> dict[str, dict[str, CheckText]]:
    """Return the latest check of each tool, manual or automatic, of each site that has any.

    Two queries, however many sites and however long their history.
    """
    found: dict[str, dict[str, CheckText]] = {site: {} for site in sites}
    keys = [key for row in _LATEST.texts(sites=sites) for key in row if key is not None]
    for check in map(CheckText._make, _OLDEST_FIRST.texts(keys=keys)):
        if check.site_uuid in found:
            found[check.site_uuid][check.type] = check
    return found


def checks_named(keys: Collection[str]) -> dict[str, CheckText]:
    """Return those of some checks that are still kept, by their UUID. One query, none for none."""
    return _by_uuid(keys) if keys else {}


def _by_uuid(keys: Collection[str]) -> dict[str, CheckText]:
    return {row[0]: CheckText._make(row) for row in _OLDEST_FIRST.texts(keys=keys)}


def _wanted(filters: CheckFilters) -> dict[str, Any]:
    period = filters.period
    given = {
        "type": filters.type and filters.type.value,
        "status": filters.status and filters.status.value,
        "run_reason": filters.run_reason and filters.run_reason.value,
        "start": period.start,
        "end": period.end,
    }
    return {name: value for name, value in given.items() if value is not None}


@cache
def _page(names: frozenset[str], automatic: bool | None) -> Prepared:  # noqa: FBT001 - a cache's key
    def build(site: UUID, **values: Any) -> QuerySet[Check, Any]:
        found = Check.objects.filter(site_id=site)
        found = found.filter(**{_CONDITIONS[name][1]: each for name, each in values.items()})
        if automatic is not None:
            found = found.filter(automatic=automatic)
        ordered = found.order_by("-created_at", "-uuid")
        return ordered.annotate(total=Subquery(counted(found))).values_list("uuid", "total")

    kinds = {name: _CONDITIONS[name][0] for name in sorted(names)}
    return Prepared(build, paged=True, site=UUID, **kinds)


def counted(rows: "QuerySet[Any]") -> "QuerySet[Any, Any]":
    """Select how many rows there are, as a subquery that depends on nothing around it."""
    number = Func(template="COUNT(*)", output_field=IntegerField())
    selected: QuerySet[Any, Any] = rows.order_by().annotate(number=number).values("number")
    return selected


def _total(keys: Prepared, site: UUID, wanted: dict[str, Any]) -> int:
    rows = keys.texts(site=site, **wanted, limit=1, offset=0)
    return rows[0][1] if rows else 0


def _build(keys: Any) -> "QuerySet[Check, Any]":
    found = Check.objects.filter(AmongParts(F("uuid"), keys)).order_by("created_at")
    return found.values_list("uuid", "site_id", *CheckText._fields[2:])


def _build_latest(sites: Any) -> "QuerySet[Schedule, Any]":
    asked = ManualRun.objects.filter(
        site_uuid=OuterRef("site_id"), tool=OuterRef("tool"), check_uuid__isnull=False
    )
    manual = Subquery(asked.order_by("-asked_at").values("check_uuid")[:1])
    found = Schedule.objects.filter(Among(F("site_id"), sites)).annotate(latest_manual=manual)
    return found.values_list("latest_check", "latest_manual")


_OLDEST_FIRST = Prepared(_build, keys=Keys)
_LATEST = Prepared(_build_latest, sites=Keys)
