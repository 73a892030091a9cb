"""The life of manual runs between asking and answer: taken, handed back, lost.

A run that is taken has a lease; once that has lapsed, the run may be taken again, and the first
answer counts. Past its deadline it has failed.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet

from tocsin.checks.models import Check, ManualRun
from tocsin.checks.tools import EFFORTS, LEASE_MARGIN
from tocsin.kit import clock
from tocsin.probes.contract import (
    CheckStatus,
    Outcome,
    PerformanceSettings,
    ProbeRequest,
    Ticket,
    Tool,
    ToolSettings,
)
from tocsin.sites.models import Site
from tocsin.sites.monitoring.probing import probe_settings, request_headers
from tocsin.sites.monitoring.queries import of_site

log = logging.getLogger(__name__)
LIMIT = 500
LOST = {
    "code": "lost",
    "message": "No worker answered before the check's deadline.",
    "data": {},
}
SETTINGS_INVALID = {
    "code": "settings_invalid",
    "message": "The settings of this site cannot be used.",
    "data": {},
}


def claim(tools: Sequence[Tool], *, now: float, limit: int = LIMIT) -> tuple[ProbeRequest, ...]:
    """Take up to `limit` runs that wait, those with priority first, and return their requests."""
    moment = clock.from_timestamp(now)
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=moment)
    waiting = _unfinished().filter(free, tool__in=tools, deadline__gt=moment)
    # Mostly nothing waits: then no transaction is begun, which on SQLite would lock out writers.
    if not waiting.exists():
        return ()
    with transaction.atomic():
        runs = list(_locked(waiting.order_by("-is_priority", "id"), limit))
        sites = _sites({run.site_uuid for run in runs})
        requests = [_take(run, sites.get(run.site_uuid), now) for run in runs]
        ManualRun.objects.bulk_update(runs, ("leased_until", "finished_at", "progress"))
    return tuple(request for request in requests if request is not None)


def release(requests: Iterable[ProbeRequest]) -> int:
    """Hand back runs that were taken and will not be run now; return how many there were."""
    checks = [UUID(request.check_id) for request in requests]
    return sum(
        _unfinished().filter(check_uuid__in=checks[start : start + LIMIT]).update(leased_until=None)
        for start in range(0, len(checks), LIMIT)
    )


def release_all() -> int:
    """Hand back all runs that were taken; return how many.

    For a worker that starts alone on its database: whoever took them is dead.
    """
    return _unfinished().filter(leased_until__isnull=False).update(leased_until=None)


def expire(*, now: float, limit: int = LIMIT) -> int:
    """End up to `limit` runs whose deadline has passed, as failed; return how many there were."""
    moment = clock.from_timestamp(now)
    overdue = _unfinished().filter(deadline__lte=moment)
    if not overdue.exists():
        return 0
    with transaction.atomic():
        runs = list(_locked(overdue.order_by("id"), limit))
        _fail(runs, LOST, moment)
        ManualRun.objects.bulk_update(runs, ("finished_at",))
    return len(runs)


def _unfinished() -> "QuerySet[ManualRun]":
    return ManualRun.objects.filter(finished_at__isnull=True)


def _locked(runs: "QuerySet[ManualRun]", limit: int) -> "QuerySet[ManualRun]":
    return runs.select_for_update(skip_locked=True)[:limit]


def _sites(uuids: Iterable[UUID]) -> dict[UUID, Site]:
    found = Site.objects.filter(pk__in=uuids).select_related("team__monitoring")
    return {site.pk: site for site in found}


def _take(run: ManualRun, site: Site | None, now: float) -> ProbeRequest | None:
    """Lease a run and make its request; one that cannot run ends here."""
    moment, tool = clock.from_timestamp(now), Tool(run.tool)
    run.progress = None  # what a worker told that died in the middle of it
    if site is None:
        run.finished_at = moment
        return None
    try:
        request = _request(run, site, tool, now)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        # Settings are judged when they are saved; a row that is wrong nevertheless must not keep
        # the others from running.
        log.warning("manual run %s cannot run: %s", run.pk, error)
        _fail([run], SETTINGS_INVALID, moment)
        return None
    run.leased_until = moment + timedelta(seconds=EFFORTS[tool].seconds + LEASE_MARGIN)
    return request


def _request(run: ManualRun, site: Site, tool: Tool, now: float) -> ProbeRequest:
    monitoring = of_site(site)
    settings = probe_settings(
        monitoring, tool, site.dns_expected_records, js_rendered=site.js_rendered
    )
    return ProbeRequest(
        check_id=str(run.check_uuid),
        tool=tool,
        url=site.url,
        settings=_with_page(settings, run.url),
        deadline=now + EFFORTS[tool].seconds,
        headers=request_headers(monitoring, tool),
        ticket=Ticket(site_id=str(site.pk)),
    )


def _with_page(settings: ToolSettings, url: str) -> ToolSettings:
    """Return settings that measure the page which was asked for, where one was."""
    if url and isinstance(settings, PerformanceSettings):
        return msgspec.structs.replace(settings, url=url)
    return settings


def _fail(runs: Sequence[ManualRun], error: Mapping[str, Any], moment: datetime) -> None:
    """End runs and their checks without a result; the runs are for the caller to save."""
    for run in runs:
        run.finished_at = moment
    Check.objects.filter(pk__in=[run.check_uuid for run in runs]).update(
        status=CheckStatus.FAILED.value,
        outcome=Outcome.UNKNOWN.value,
        error=dict(error),
        updated_at=moment,
        completed_at=moment,
    )
