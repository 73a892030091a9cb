"""How long a page of a team's sites takes, with the latest state of each tool, on PostgreSQL.

Usage: python -m benchmarks.site_list [checks]. Stores 10,000,000 checks of 10,000 sites, and lists
100 sites of a team of 10 and of one of 10,000. Prints queries and milliseconds a page against the
goals: the same number of queries, and at most 50 ms. CPU is this process's and the server's: on a
busy machine it says more than the clock.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.processes import cpu_of_family
from scripts.with_postgres import Server

SMALL, LARGE = 10, 10_000
PAGE, ROUNDS = 100, 20
GOAL_MS = 50.0
CHECKS = 10_000_000
# Filled as a restore would be: keys and indexes afterwards. Minutes apart in the last days, so that
# all lie in the part of the table that is there; the keys rise with time as version 7's do.
FILL = """
SET session_replication_role = replica;
ALTER TABLE {part} SET UNLOGGED;
INSERT INTO {part} (uuid, site_id, type, status, outcome, automatic, run_reason, scheduled_for,
    late, vantage, result, error, created_at, updated_at, completed_at)
SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7'
        || lpad(to_hex(number % 4096), 3, '0') || 'a' || lpad(to_hex(number), 15, '0'))::uuid,
    site.uuid, 'status', 'completed', 'ok', true, 'scheduled', moment, false, 'local',
    '{{"up": true, "code": 200, "response_time": 12.5}}', NULL, moment, moment, moment
FROM generate_series(1, {count}) AS number
JOIN (SELECT uuid, row_number() OVER (ORDER BY uuid) - 1 AS place FROM sites_site
      WHERE team_id = {team}) AS site ON site.place = number % {sites}
CROSS JOIN LATERAL (
    SELECT now() - interval '60 s' * ({count} - number) / {sites} AS moment
) AS time;
"""


def main() -> int:
    """Measure; exit 1 where a goal is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CHECKS
    os.environ["TOCSIN_DATA_DIR"] = tempfile.mkdtemp(prefix="tocsin-bench-")
    with Server(("fsync=off", "shared_buffers=256MB", "max_wal_size=8GB")) as server:
        os.environ["TOCSIN_DATABASE_URL"] = server.url
        from tocsin.cli.database import bring_up_to_date

        bring_up_to_date()
        teams = {sites: make_team(sites) for sites in (SMALL, LARGE)}
        began = time.monotonic()
        fill(teams[LARGE], count)
        print(f"{count:,} checks stored in {time.monotonic() - began:.0f} s")
        return measure(teams, server.pid)


def make_team(sites: int) -> int:
    """Make a team of that many sites, each with the state of three tools; return its key."""
    from tocsin.checks.models import Schedule
    from tocsin.kit import clock, ids
    from tocsin.sites.models import Site
    from tocsin.teams.models import Team

    team = Team.objects.create(name=f"Team of {sites}")
    made = [
        Site(team=team, name=f"Site {n}", url=f"https://{n}.example.com", domain=f"{n}.example.com")
        for n in range(sites)
    ]
    Site.objects.bulk_create(made, batch_size=500)
    latest = {"latest_status": "completed", "latest_outcome": "ok", "latest_at": clock.now()}
    Schedule.objects.bulk_create(
        [
            Schedule(site=site, tool=tool, cadence=60, phase=0, since=0, next_slot=2**40,
                     latest_check=ids.new_uuid(), latest_summary="200 in 12 ms", **latest)
            for site in made for tool in ("status", "ssl", "dns")
        ],
        batch_size=500,
    )  # fmt: skip
    return int(team.pk)


def fill(team: int, count: int) -> None:
    """Store checks of a team's sites."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'checks_check'::regclass AND inhrelid::regclass::text LIKE '%_to_%'"
        )
        part = min(name for (name,) in cursor.fetchall())
        cursor.execute(FILL.format(part=part, count=count, team=team, sites=LARGE))
        cursor.execute("ANALYZE")


def measure(teams: dict[int, int], server: int) -> int:
    """List the teams' sites in several ways; return 1 where a goal is missed."""
    from tocsin.checks.site_list import SiteFilters, SiteSort
    from tocsin.probes.contract import CheckStatus

    ways = {
        "the first page": SiteFilters(),
        "by name": SiteFilters(sort=SiteSort.NAME),
        "searched": SiteFilters(search="9"),
        "by status": SiteFilters(status=CheckStatus.COMPLETED),
    }
    missed = 0
    for name, filters in ways.items():
        counts = set()
        for sites, team in teams.items():
            queries, wall, cpu = timed(partial(page, team, filters), server)
            counts.add(queries)
            missed |= wall > GOAL_MS
            print(
                f"{'MISS' if wall > GOAL_MS else 'pass'}  {name:15} {sites:6} sites"
                f" {queries} queries {wall:7.1f} ms, {cpu:7.1f} ms CPU"
            )
        missed |= len(counts) > 1
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return int(missed)


def page(team: int, filters: Any) -> None:
    from tocsin.access.principal import SYSTEM
    from tocsin.checks.queries import site_board
    from tocsin.kit.pagination import PageRequest

    found, _total = site_board(SYSTEM, team, filters, PageRequest(page=1, per_page=PAGE))
    if not found or not found[0].tools:
        raise SystemExit("the list lacks its states")


def timed(call: Callable[[], None], server: int) -> tuple[int, float, float]:
    """Return how many queries a call makes, and its milliseconds, warm: median, and mean of CPU."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        call()
    took = []
    before = time.process_time() + cpu_of_family(server)
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        took.append((time.perf_counter() - began) * 1000)
    cpu = time.process_time() + cpu_of_family(server) - before
    return len(captured), statistics.median(took), cpu / ROUNDS * 1000


if __name__ == "__main__":
    sys.exit(main())
