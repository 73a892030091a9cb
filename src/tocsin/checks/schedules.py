"""Keeping schedules as settings say. Call all of it inside the transaction that changes them."""

from collections.abc import Container, Iterable, Iterator, Mapping
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q

from tocsin.checks import accounting, bulk
from tocsin.checks.columns import uuid_column
from tocsin.checks.models import ManualRun, PastTimetable, Schedule
from tocsin.checks.resync import Resync
from tocsin.checks.slots import Grid, phase_of
from tocsin.kit import clock
from tocsin.sites.models import Site
from tocsin.sites.monitoring.cadence import cadence_seconds
from tocsin.sites.monitoring.probing import RUNNABLE_TOOLS
from tocsin.sites.monitoring.queries import of_site, stored_of_team
from tocsin.sites.monitoring.resolving import resolve
from tocsin.sites.monitoring.schema import Monitoring
from tocsin.teams.models import Team
from tocsin.teams.plans import plan_of

# Children first: what refers to a site goes before it, and each table in one statement.
_TABLES = (
    "checks_schedule",
    "checks_pasttimetable",
    "checks_gap",
    "checks_dailyrollup",
    "checks_linkfinding",
    "checks_check",
)
_BATCH = 500
_READ = ("id", "site_id", "tool", "cadence", "phase", "since", "next_slot")

# Seconds between the slots of each tool that runs.
Cadences = Mapping[str, int]


def sync(site: Site) -> None:
    """Make a site's schedules what its settings say.

    A tool turned on begins now; one with another cadence goes on by its new grid, with its phase; a
    tool turned off has no slot any more.
    """
    _sync(Q(site=site), {site.pk: _cadences(of_site(site), _floor_of(site.team))})


def sync_team(team: Team) -> None:
    """Make the schedules of all the team's sites what its settings and its plan say."""
    _sync(Q(site__team=team), _wanted_of(team))


def begin_new_tools() -> int:
    """Give sites the schedules of tools that an earlier Tocsin did not run; return how many.

    Each begins at the next moment of its own grid: begun at once, all sites would be crawled
    together.
    """
    counted = Site.objects.annotate(count=Count("schedules"))
    lacking = counted.filter(count__lt=len(RUNNABLE_TOOLS)).values_list("team_id", flat=True)
    return sum(_begin_new_tools_of(team_id) for team_id in sorted(set(lacking)))


def hold(site: Site) -> None:
    """Lock a site's schedules before the site, as whoever files its checks does."""
    list(Schedule.objects.select_for_update().filter(site=site).order_by("id").values_list("id"))


def forget(site: Site) -> None:
    """Delete everything recorded about a site, whatever its amount.

    Schedules go first: who stores a result holds their rows, so nothing is added behind our back.
    """
    key = uuid_column(site.pk)
    # Nobody asks for a check of it any more, and what somebody asked for is answered by nobody.
    Site.objects.select_for_update(no_key=True).filter(pk=site.pk).first()
    ManualRun.objects.filter(site_uuid=site.pk, finished_at__isnull=True).update(
        finished_at=clock.now()
    )
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE site_id = %s", [key])  # noqa: S608 — ours


def _floor_of(team: Team) -> int:
    return plan_of(team.plan).minimum_check_cadence_minutes


@transaction.atomic
def _begin_new_tools_of(team_id: int) -> int:
    # Held as by whoever changes the team or its sites: nobody opens a schedule meanwhile.
    team = Team.objects.select_for_update().filter(pk=team_id).first()
    if team is None:
        return 0
    present = set(Schedule.objects.filter(site__team=team).values_list("site_id", "tool"))
    new = list(_missing(_wanted_of(team), present, int(clock.timestamp())))
    _open(new, at_once=False)
    return len(new)


def _wanted_of(team: Team) -> dict[UUID, Cadences]:
    """Return what settings and plan want of each of the team's sites."""
    stored, floor = stored_of_team(team), _floor_of(team)
    inherited = _cadences(resolve(stored), floor)
    sites = Site.objects.filter(team=team).values_list("pk", "monitoring_overrides").iterator()
    return {pk: _cadences(resolve(stored, own), floor) if own else inherited for pk, own in sites}


def _cadences(monitoring: Monitoring, floor: int) -> Cadences:
    return {
        tool.value: cadence_seconds(monitoring, tool, floor)
        for tool in RUNNABLE_TOOLS
        if monitoring.of(tool).enabled
    }


def _sync(scope: Q, wanted: Mapping[UUID, Cadences]) -> None:
    """Bring the schedules in scope to what is wanted of each site, by tool."""
    now = int(clock.timestamp())
    held = Schedule.objects.select_for_update(of=("self",)).filter(scope).only(*_READ)
    ended = PastTimetable.objects.filter(scope, until__gte=now)
    resync = Resync(now, {(past.site_id, past.tool): past.until for past in ended})
    present = set()
    for schedule in held.order_by("id"):
        present.add((schedule.site_id, schedule.tool))
        resync.follow(schedule, wanted[schedule.site_id].get(schedule.tool))
    _write(resync)
    _open(_missing(wanted, present, now))


def _missing(
    wanted: Mapping[UUID, Cadences], present: Container[tuple[UUID, str]], now: int
) -> Iterator[Schedule]:
    """Yield the schedules that are wanted and not there, as they begin now."""
    for site_id, cadences in wanted.items():
        for tool, cadence in cadences.items():
            if (site_id, tool) not in present:
                yield Schedule(
                    site_id=site_id, tool=tool, cadence=cadence, phase=0, since=now, next_slot=now
                )


def _write(resync: Resync) -> None:
    _reschedule(resync.changed)
    PastTimetable.objects.bulk_create(resync.past, batch_size=_BATCH)
    accounting.record(resync.unrun)


def _open(schedules: Iterable[Schedule], *, at_once: bool = True) -> None:
    created = Schedule.objects.bulk_create(schedules, batch_size=_BATCH)
    for schedule in created:
        # The phase follows from the row's id, which only the database knows.
        schedule.phase = phase_of(schedule.pk, schedule.cadence)
        if not at_once:
            first = Grid(schedule.phase, schedule.cadence).after(schedule.since)
            schedule.since = schedule.next_slot = first
    _reschedule(created)


def _reschedule(schedules: Iterable[Schedule]) -> None:
    bulk.write_many(
        bulk.RESCHEDULE,
        [(row.cadence, row.phase, row.since, row.next_slot, row.pk) for row in schedules],
    )
