"""Reading checks, always through a principal."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.checks.check_view import CheckView, view_of
from tocsin.checks.models import Check, ManualRun, Schedule
from tocsin.checks.periods import ALWAYS, Period
from tocsin.checks.progress import followed, with_progress
from tocsin.kit.errors import NotFound
from tocsin.kit.pagination import PageRequest
from tocsin.probes.contract import CheckStatus, RunReason, Tool
from tocsin.sites import queries as sites

LatestChecks = Mapping[Tool, CheckView]


@dataclass(frozen=True, slots=True)
class CheckFilters:
    """Which checks of a site to list; None lets all through. `period` is of `created_at`."""

    type: Tool | None = None
    status: CheckStatus | None = None
    automatic: bool | None = None
    run_reason: RunReason | None = None
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Some of `total` checks, newest first."""

    items: tuple[CheckView, ...]
    total: int


def checks_of_site(
    principal: Principal, site_uuid: UUID, filters: CheckFilters, page: PageRequest
) -> CheckPage:
    """Return one page of a site's checks, newest first. Three queries. Raises NotFound."""
    if sites.site(principal, site_uuid) is None:
        raise NotFound(gettext("There is no such site."))
    found = _filtered(Check.objects.filter(site_id=site_uuid), filters)
    total = found.count()
    if page.offset >= total:
        return CheckPage((), total)
    newest_first = found.order_by("-created_at", "-uuid").values_list("pk", flat=True)
    # Keys first, from the index alone: the results of passed-over checks are never read.
    keys = list(newest_first[page.offset : page.offset + page.per_page])
    views = _views(keys)
    return CheckPage(tuple(views[key] for key in keys if key in views), total)


def get_check(principal: Principal, check_uuid: UUID) -> CheckView:
    """Return one check. One query. Raises NotFound."""
    seen = with_progress(Check.objects.visible_to(principal)).select_related("site")
    found = seen.filter(pk=check_uuid).first()
    if found is None:
        raise NotFound(gettext("There is no such check."))
    return followed(found)


def checks_named(principal: Principal, uuids: Iterable[UUID]) -> dict[UUID, CheckView]:
    """Return those of some checks that are still kept, by their UUID. One query."""
    rows = Check.objects.visible_to(principal).select_related("site").filter(pk__in=set(uuids))
    return {check.pk: view_of(check) for check in rows}


def latest_checks(
    principal: Principal, site_uuids: Iterable[UUID], *, ended: bool = False
) -> dict[UUID, LatestChecks]:
    """Return the latest check of each tool, manual or automatic, of each site that has any.

    With `ended` one that somebody still waits for does not hide the answer before it. Two queries,
    however many sites and however long their history.
    """
    latest = _latest_keys(list(site_uuids))
    seen = Check.objects.visible_to(principal).select_related("site")
    found: defaultdict[UUID, dict[Tool, CheckView]] = defaultdict(dict)
    if ended:
        seen = seen.exclude(status=CheckStatus.PENDING.value)
    for check in seen.filter(pk__in=latest):
        tools, tool, view = found[check.site_id], Tool(check.type), view_of(check)
        if tool not in tools or tools[tool].created_at < view.created_at:
            tools[tool] = view
    return dict(found)


def _latest_keys(site_uuids: list[UUID]) -> list[UUID]:
    """Return the latest automatic and the latest manual check of each tool of the sites."""
    manual = (
        ManualRun.objects.filter(
            site_uuid=OuterRef("site_id"), tool=OuterRef("tool"), check_uuid__isnull=False
        )
        .order_by("-asked_at")
        .values("check_uuid")[:1]
    )
    rows = (
        Schedule.objects.filter(site_id__in=site_uuids)
        .annotate(latest_manual=Subquery(manual))
        .values_list("latest_check", "latest_manual")
    )
    return [key for row in rows for key in row if key is not None]


def _filtered(checks: "QuerySet[Check]", filters: CheckFilters) -> "QuerySet[Check]":
    if filters.type is not None:
        checks = checks.filter(type=filters.type.value)
    if filters.status is not None:
        checks = checks.filter(status=filters.status.value)
    if filters.automatic is not None:
        checks = checks.filter(automatic=filters.automatic)
    if filters.run_reason is not None:
        checks = checks.filter(run_reason=filters.run_reason.value)
    return _within(checks, filters.period.start, filters.period.end)


def _within(
    checks: "QuerySet[Check]", start: datetime | None, end: datetime | None
) -> "QuerySet[Check]":
    if start is not None:
        checks = checks.filter(created_at__gte=start)
    if end is not None:
        checks = checks.filter(created_at__lt=end)
    return checks


def _views(keys: list[UUID]) -> dict[UUID, CheckView]:
    rows = Check.objects.filter(pk__in=keys).select_related("site")
    return {check.pk: view_of(check) for check in rows}
