"""Keeping a site's schedules as its settings say."""

from django.db import connection

from tocsin.checks.columns import uuid_column
from tocsin.checks.models import Schedule
from tocsin.checks.slots import phase_of
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites import settings as monitoring
from tocsin.sites.models import Site
from tocsin.teams.plans import plan_of

# Children first: what refers to a site goes before it, and each table in one statement.
_TABLES = ("checks_schedule", "checks_gap", "checks_dailyrollup", "checks_check")


def sync(site: Site) -> None:
    """Open a schedule for each enabled tool that has none; its first slot is now.

    Call it inside the transaction that changes the site.
    """
    present = set(Schedule.objects.filter(site=site).values_list("tool", flat=True))
    opening = int(clock.timestamp())
    plan = plan_of(site.team.plan)
    settings = monitoring.resolve(site.monitoring_overrides)
    for tool in _wanted(settings):
        if tool.value not in present:
            cadence = monitoring.cadence_seconds(settings, tool, plan.minimum_check_cadence_minutes)
            _open(site, tool, cadence, opening)


def _wanted(settings: monitoring.Monitoring) -> list[Tool]:
    return [tool for tool in monitoring.RUNNABLE_TOOLS if settings.of(tool).enabled]


def _open(site: Site, tool: Tool, cadence: int, opening: int) -> None:
    schedule = Schedule.objects.create(
        site=site, tool=tool.value, cadence=cadence, phase=0, since=opening, next_slot=opening
    )
    # The phase follows from the row's id, which only the database knows.
    schedule.phase = phase_of(schedule.pk, cadence)
    schedule.save(update_fields=["phase"])


def forget(site: Site) -> None:
    """Delete everything recorded about a site, whatever its amount.

    Schedules go first: who stores a result holds their rows, so nothing is added behind our back.
    """
    key = uuid_column(site.pk)
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE site_id = %s", [key])  # noqa: S608 — ours
