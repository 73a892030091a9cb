"""Forgetting what is older than it is kept: in small batches, so that no lock is held long.

What the slot ledger reads (checks, gaps, earlier timetables) is kept as long as the team's plan
says, daily roll-ups 400 days on every plan. Where checks lie in partitions, those that are kept
longest go with their partition, up to `partitions.SLACK` later.
Two workers may sweep at once: what one has deleted the other does not find.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tocsin.checks import partitions
from tocsin.checks.models import Check, DailyRollup, Gap, ManualRun, PastTimetable
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site
from tocsin.teams.models import Team
from tocsin.teams.plans import plan_of

# Rows a transaction, and sites a look: both stay below what others would notice.
LIMIT = 500
SITES_AT_ONCE = 100
ROLLUPS_KEPT = timedelta(days=400)
# The quota counts a calendar month, so two months hold all that it may still ask for.
MANUAL_RUNS_KEPT = timedelta(days=62)
_TOOLS = [tool.value for tool in Tool]


def kept_since(plan: str, now: datetime) -> datetime:
    """Return the moment before which a plan keeps no checks and gaps."""
    return now - timedelta(days=plan_of(plan).history_retention_days)


def keep_partitions(now: datetime) -> list[str]:
    """Make the partitions of the weeks to come, and drop those that no team keeps any more.

    Returns what was dropped. Nothing to do where there are no partitions.
    """
    if not partitions.are_used():
        return []
    partitions.make_ahead(now)
    return partitions.drop_before(_longest_kept_since(now))


def sweep(now: datetime) -> Iterator[int]:
    """Delete what is past its time, one small batch a step; yield how many rows each step deleted.

    Every step is one transaction at most, and a look at some sites that finds nothing is a step
    too: the caller may pause or stop after any of them.
    """
    longest = _longest_kept_since(now) if partitions.are_used() else None
    for sites, plan in _sites_by_plan():
        since = kept_since(plan, now)
        # What a partition takes with it need not be deleted before.
        until = since - partitions.SLACK if since == longest else since
        yield from _in_batches(Check.objects.filter(site__in=sites, created_at__lt=until))
        yield from _in_batches(
            Gap.objects.filter(
                site__in=sites, tool__in=_TOOLS, last_slot__lt=int(since.timestamp())
            )
        )
        yield from _in_batches(
            PastTimetable.objects.filter(
                site__in=sites, tool__in=_TOOLS, until__lt=int(since.timestamp())
            )
        )
        yield from _in_batches(
            DailyRollup.objects.filter(
                site__in=sites, tool__in=_TOOLS, date__lt=(now - ROLLUPS_KEPT).date()
            )
        )
        yield 0
    yield from _in_batches(ManualRun.objects.filter(asked_at__lt=now - MANUAL_RUNS_KEPT))


def _longest_kept_since(now: datetime) -> datetime:
    plans = Team.objects.order_by().values_list("plan", flat=True).distinct()
    return min((kept_since(plan, now) for plan in plans), default=now)


def _sites_by_plan() -> Iterator[tuple[list[UUID], str]]:
    """Yield all sites, some at a time, with the plan of their teams."""
    sites = Site.objects.order_by("pk").values_list("pk", "team__plan")
    chunk = list(sites[:SITES_AT_ONCE])
    while chunk:
        for plan, group in groupby(sorted(chunk, key=itemgetter(1)), key=itemgetter(1)):
            yield [pk for pk, _ in group], plan
        chunk = list(sites.filter(pk__gt=chunk[-1][0])[:SITES_AT_ONCE])


def _in_batches(rows: "QuerySet[Any]") -> Iterator[int]:
    """Delete rows, up to `LIMIT` a step."""
    deleted = LIMIT
    while deleted == LIMIT:
        keys = list(rows.values_list("pk", flat=True)[:LIMIT])
        if not keys:
            return
        rows.model.objects.filter(pk__in=keys).delete()
        deleted = len(keys)
        yield deleted
