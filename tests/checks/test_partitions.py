"""The weekly parts of stored checks, on PostgreSQL."""

import importlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection

from tocsin.checks import partitions, retention
from tocsin.checks.models import Check
from tocsin.kit import clock
from tocsin.sites.models import Site
from tocsin.teams.models import Team

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has partitions"),
]
migration = importlib.import_module("tocsin.checks.migrations.0005_partitioned_checks")
DAY = timedelta(days=1)
# Some day in the middle of a week, months after the migration and before random UUIDs.
NOW = datetime(2030, 5, 15, 12, tzinfo=UTC)


def names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = 'checks_check'::regclass ORDER BY 1"
        )
        return [name for (name,) in cursor.fetchall()]


def check(site: Any, at: datetime, number: int = 0) -> UUID:
    """Store a check whose UUID was made at a moment."""
    uuid = UUID(int=(int(at.timestamp() * 1000) << 80) + number)
    Check.objects.create(
        uuid=uuid, site=site, type="status", status="completed", automatic=True,
        created_at=at, updated_at=at,
    )  # fmt: skip
    return uuid


def part_of(uuid: UUID) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM checks_check WHERE uuid = %s", [uuid])
        return str(cursor.fetchone()[0])


def at_once() -> None:
    """Settle foreign keys now, as the end of every other transaction does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_it_makes_this_week_and_the_next_two() -> None:
    made = partitions.make_ahead(NOW)
    assert made[-3:] == [
        "checks_check_to_20300520",
        "checks_check_to_20300527",
        "checks_check_to_20300603",
    ]
    assert partitions.make_ahead(NOW) == []
    assert partitions.make_ahead(NOW + 7 * DAY) == ["checks_check_to_20300610"]


def test_it_keeps_each_check_in_the_week_of_its_uuid(site: Any) -> None:
    partitions.make_ahead(NOW)
    monday = datetime(2030, 5, 13, tzinfo=UTC)
    assert part_of(check(site, monday)) == "checks_check_to_20300520"
    assert part_of(check(site, monday - timedelta(milliseconds=1))) == "checks_check_to_20300513"
    assert part_of(check(site, NOW + 700 * DAY)) == partitions.DEFAULT


def test_it_moves_what_was_stored_before_its_week_was_made(site: Any) -> None:
    early = check(site, NOW)
    ahead = check(site, NOW + 700 * DAY)
    at_once()
    assert part_of(early) == partitions.DEFAULT
    partitions.make_ahead(NOW)
    assert part_of(early) == "checks_check_to_20300520"
    assert part_of(ahead) == partitions.DEFAULT


def test_it_drops_weeks_that_are_wholly_past() -> None:
    partitions.make_ahead(NOW)
    monday = datetime(2030, 5, 13, tzinfo=UTC)
    dropped = partitions.drop_before(monday + partitions.MARGIN)
    assert dropped[-1] == max(dropped) == "checks_check_to_20300513"
    assert "checks_check_to_20300520" in names()
    assert partitions.DEFAULT in names()


def test_it_drops_a_week_once_no_plan_keeps_it(site: Any) -> None:
    """Teams that keep 30 days lose their rows one by one, those that keep 90 a week at a time."""
    poor = Site.objects.create(
        team=Team.objects.create(name="Poor", plan="starter"), name="x", url="https://x.example"
    )
    partitions.make_ahead(NOW)
    gone = check(site, NOW - 99 * DAY)
    late = check(site, NOW - 91 * DAY)
    check(poor, NOW - 31 * DAY, 1)
    kept = check(poor, NOW - 29 * DAY, 2)
    at_once()
    assert part_of(gone) in retention.keep_partitions(NOW)
    assert sum(retention.sweep(NOW)) == 1
    assert set(Check.objects.values_list("pk", flat=True)) == {late, kept}


def test_it_deletes_by_hand_what_lies_in_no_week(site: Any) -> None:
    stray = check(site, NOW + 700 * DAY)
    Check.objects.filter(pk=stray).update(created_at=NOW - 99 * DAY)
    assert sum(retention.sweep(NOW)) == 1


def test_it_lets_nobody_wait_behind_a_long_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "PATIENCE", "10ms")
    before = names()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE checks_check_default IN ACCESS SHARE MODE")
            assert partitions.make_ahead(NOW) == []
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert names() == before


def test_it_goes_back_to_one_table_and_again_to_partitions(site: Any) -> None:
    now = clock.now()
    uuids = {check(site, now), check(site, NOW)}
    at_once()
    with connection.schema_editor(atomic=False) as editor:
        migration.join(apps, editor)
        assert names() == []
        assert set(Check.objects.values_list("pk", flat=True)) == uuids
        check(site, now, 1)
        at_once()
        migration.partition(apps, editor)
    assert len(names()) == 2
    assert Check.objects.count() == 3
    assert part_of(max(uuids)) == partitions.DEFAULT
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'checks_check'")
        kept = {name for (name,) in cursor.fetchall()}
    assert kept == {"checks_check_pkey", "check_pages", "check_by_slot"}
