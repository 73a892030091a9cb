"""What `api.py` measures against: a team of many sites, each with months behind it.

Rows are written as an installation would have them, newest last, by COPY or executemany.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

SITES = 10_000
# Some sites are checked far more often, so that there is a hundredth page of theirs.
BUSY, BUSY_CHECKS = 20, 3_000
DAYS = 90
# A year of days of every site would be as much to write as the checks: some sites have it.
REPORTED, REPORTED_DAYS = 1_000, 365
ACTIVE_EVERY = 5
USERS, TOKENS_A_USER = 20, 50
BATCH = 20_000
SECONDS_A_DAY = 86_400

CHECK = (
    "uuid", "site_id", "type", "status", "outcome", "automatic", "run_reason", "scheduled_for",
    "late", "vantage", "result", "error", "created_at", "updated_at", "completed_at",
)  # fmt: skip
SCHEDULE = (
    "site_id", "tool", "cadence", "phase", "since", "next_slot", "inflight_reason",
    "retry_reason", "latest_check", "latest_status", "latest_outcome", "latest_at",
    "latest_summary",
)  # fmt: skip
ROLLUP = (
    "site_id", "tool", "date", "ok", "failing", "unknown", "skipped", "lost",
    "response_time_sum", "response_time_count", "response_time_max", "score_sum", "score_count",
    "speed_sum", "speed_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """Who may ask, and for what."""

    team: int
    sites: Sequence[uuid.UUID]
    busy: Sequence[uuid.UUID]
    reported: Sequence[uuid.UUID]
    tokens: Sequence[str]


def found(now: datetime) -> World:
    """Make the team with its people, sites, issues, latest checks and a year of roll-ups."""
    from tocsin.sites.models import Site
    from tocsin.teams.models import Team

    make_weeks(now)
    team = Team.objects.create(name="Bench")
    sites = Site.objects.bulk_create(
        Site(team=team, name=f"Site {n}", url=f"https://s{n}.example.com", domain="example.com")
        for n in range(SITES)
    )
    keys = [site.pk for site in sites]
    latest = list(latest_checks(keys, now))
    write("checks_check", CHECK, latest)
    write("checks_schedule", SCHEDULE, schedules(latest, now))
    reported = keys[:: SITES // REPORTED]
    write("checks_dailyrollup", ROLLUP, rollups(reported, now))
    write("checks_check", CHECK, history(keys[:BUSY], range(BUSY_CHECKS), now, seconds=250))
    make_issues(sites, now)
    return World(team.pk, keys[BUSY:], keys[:BUSY], reported, make_tokens(team))


def grow(world: World, rounds: range, now: datetime) -> None:
    """Give every ordinary site a check for each round; the higher, the longer ago."""
    seconds = DAYS * SECONDS_A_DAY // (10_000_000 // SITES)
    write("checks_check", CHECK, history(world.sites, rounds, now, seconds=seconds))


def make_weeks(now: datetime) -> None:
    """Part the checks by week, as an installation has them that has run for months."""
    from django.db import connection

    from tocsin.checks import partitions

    if not partitions.are_used():
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'checks_check'::regclass"
        )
        (name,) = (name for (name,) in cursor.fetchall() if "_to_" in name)
        cursor.execute(f"DROP TABLE {name}")
        end = datetime.strptime(name[-8:], "%Y%m%d").replace(tzinfo=UTC)
        begin, lower = end - timedelta(weeks=DAYS // 7 + 2), "MINVALUE"
        while begin < end:
            begin += timedelta(weeks=1)
            upper = uuid.UUID(int=int(begin.timestamp() * 1000) << 80)
            cursor.execute(
                f"CREATE TABLE checks_check_to_{begin:%Y%m%d} PARTITION OF checks_check"
                f" FOR VALUES FROM ({lower}) TO ('{upper}')"
            )
            lower = f"'{upper}'"
    partitions.make_ahead(now)


def history(
    sites: Sequence[uuid.UUID], rounds: range, now: datetime, *, seconds: int
) -> Iterator[tuple[Any, ...]]:
    """Make status checks, a round of all sites every so many seconds, oldest first."""
    from tocsin.api.v1.openapi.examples.results import STATUS

    result = json.dumps(STATUS)
    keys = [site.hex for site in sites]
    for number in reversed(rounds):
        at = now - timedelta(minutes=10, seconds=number * seconds)
        millisecond, moment = int(at.timestamp() * 1000), _moment(at)
        for place, key in enumerate(keys):
            own = f"{millisecond:012x}7{place & 0xFFF:03x}8{place:05x}{seconds:04x}{number:06x}"
            yield _check(own, key, "status", result, moment)


def latest_checks(sites: Sequence[uuid.UUID], now: datetime) -> Iterator[tuple[Any, ...]]:
    """Make the latest check of every tool of every site."""
    from tocsin.api.v1.openapi.examples.results import RESULTS

    moment = _moment(now)
    for number, (tool, result) in enumerate(RESULTS.items()):
        text = json.dumps(result)
        for place, key in enumerate(sites):
            own = f"{int(now.timestamp() * 1000):012x}7{number:03x}9{place:015x}"
            yield _check(own, key.hex, tool.value, text, moment)


def schedules(latest: Iterable[tuple[Any, ...]], now: datetime) -> Iterator[tuple[Any, ...]]:
    """Make the schedule that each of the latest checks belongs to."""
    at = int(now.timestamp())
    for check in latest:
        yield (
            *(check[1], check[2], 300, 0, 0, at + 300, "", ""),
            *(check[0], "completed", "ok", check[12], "200, 143 ms"),
        )


def rollups(sites: Sequence[uuid.UUID], now: datetime) -> Iterator[tuple[Any, ...]]:
    """Make a year of days of the status tool, a day of all sites after the other."""
    for number in reversed(range(REPORTED_DAYS)):
        date = (now - timedelta(days=number)).date().isoformat()
        for key in sites:
            yield (key.hex, "status", date, 287, 1, 0, 0, 0, 40880.0, 288, 912.5, 0.0, 0, 0.0, 0)


def make_issues(sites: Sequence[Any], now: datetime) -> None:
    """Make an issue of every site, one in five active, each with its story."""
    from tocsin.checks.models import Schedule
    from tocsin.issues.models import Issue, Transition

    latest = dict(Schedule.objects.filter(tool="status").values_list("site_id", "latest_check"))
    issues = Issue.objects.bulk_create(
        (
            Issue(
                site=site,
                team_id=site.team_id,
                type="status",
                fingerprint="status:down",
                status="resolved" if number % ACTIVE_EVERY else "open",
                severity="critical",
                summary="The site answers with status 503.",
                context={"facts": {"code": 503}},
                latest_check=latest[site.pk],
                opened_at=now - timedelta(minutes=number),
                first_opened_at=now,
                last_evaluated_at=now,
            )
            for number, site in enumerate(sites)
        ),
        batch_size=1000,
    )
    Transition.objects.bulk_create(
        (
            Transition(
                issue=each, key=key, at=now, severity="critical", summary=each.summary, alerts=True
            )
            for each in issues
            for key in ("opened", "reopened")
        ),
        batch_size=1000,
    )


def make_tokens(team: Any) -> list[str]:
    """Make more tokens than the throttle of each lets a benchmark use up."""
    from tocsin.access.actions import create_token
    from tocsin.access.principal import SYSTEM
    from tocsin.access.scopes import Scope
    from tocsin.access.tokens import TokenKind
    from tocsin.accounts.models import User
    from tocsin.teams.models import Membership

    texts = []
    for number in range(USERS):
        user = User.objects.create_user(
            f"u{number}@example.com", name="U", email_verified_at=datetime.now(UTC)
        )
        Membership.objects.create(team=team, user=user, role="viewer" if number else "owner")
        for _ in range(TOKENS_A_USER):
            new = create_token(SYSTEM, user=user, kind=TokenKind.API, name="b", scopes=list(Scope))
            texts.append(new.plaintext)
    return texts


def write(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows the quickest way that the database has."""
    from django.db import connection, transaction

    names, rows = ", ".join(columns), iter(rows)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["?"] * len(columns))
        raw = cursor.cursor  # Django's own would look at every query for its log
        while batch := list(islice(rows, BATCH)):
            raw.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", batch)


def settle() -> None:
    """Let the database do what it does in the background after so many rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _check(own: str, key: str, tool: str, result: str, moment: str) -> tuple[Any, ...]:
    return (
        *(own, key, tool, "completed", "ok", True, "scheduled", moment, False, "local", result),
        *(None, moment, moment, moment),
    )


def _moment(at: datetime) -> str:
    from django.db import connection

    text = at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    return f"{text}+00:00" if connection.vendor == "postgresql" else text
