"""Forgetting what is older than it is kept."""

from datetime import timedelta
from typing import Any

import pytest

from tests.checks.conftest import MIDNIGHT as T
from tocsin.checks import partitions, retention
from tocsin.checks.models import Check, DailyRollup, Gap, ManualRun, PastTimetable
from tocsin.kit import clock
from tocsin.sites.models import Site
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db
NOW = clock.from_timestamp(T)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
# What is kept longest goes with its partition, where there are any.
LONGER = partitions.SLACK if partitions.are_used() else 0 * DAY


@pytest.fixture
def poor_site() -> Site:
    """A site of a team that keeps 30 days."""
    team = Team.objects.create(name="Poor", plan="starter")
    return Site.objects.create(team=team, name="x", url="https://poor.example")


def check(site: Any, age: timedelta, **changes: Any) -> Any:
    values = {"type": "status", "status": "completed", "automatic": True, **changes}
    return Check.objects.create(site=site, created_at=NOW - age, updated_at=NOW - age, **values).pk


def gap(site: Any, age: timedelta) -> Any:
    last = int((NOW - age).timestamp())
    return Gap.objects.create(
        site=site, tool="dns", kind="lost", reason="overload", first_slot=last - 86_400,
        last_slot=last, cadence=60, count=1441,
    ).pk  # fmt: skip


def kept(model: Any) -> set[Any]:
    return set(model.objects.values_list("pk", flat=True))


def test_it_keeps_checks_and_gaps_as_long_as_the_plan_says(site: Any, poor_site: Site) -> None:
    check(site, 90 * DAY + LONGER + SECOND)
    check(poor_site, 30 * DAY + SECOND, type="performance", automatic=False)
    gap(site, 91 * DAY)
    gap(poor_site, 31 * DAY)
    checks = {check(site, 90 * DAY), check(poor_site, 30 * DAY), check(site, 0 * DAY)}
    gaps = {gap(site, 89 * DAY), gap(poor_site, 29 * DAY)}
    assert sum(retention.sweep(NOW)) == 4
    assert (kept(Check), kept(Gap)) == (checks, gaps)
    assert sum(retention.sweep(NOW)) == 0


def test_it_keeps_roll_ups_400_days_on_every_plan(site: Any, poor_site: Site) -> None:
    def rollup(of: Any, days: int) -> int:
        date = (NOW - days * DAY).date()
        return int(DailyRollup.objects.create(site=of, tool="ssl", date=date).pk)

    rollup(site, 401)
    rollup(poor_site, 401)
    rollups = {rollup(site, 400), rollup(poor_site, 400)}
    assert sum(retention.sweep(NOW)) == 2
    assert kept(DailyRollup) == rollups


def test_it_keeps_manual_runs_as_long_as_a_quota_may_count_them(site: Any) -> None:
    def asked(age: timedelta) -> int:
        run = ManualRun.objects.create(
            team=site.team, site_uuid=site.pk, tool="ssl", is_priority=True,
            asked_at=NOW - age, deadline=NOW - age,
        )  # fmt: skip
        return int(run.pk)

    asked(62 * DAY + SECOND)
    runs = {asked(31 * DAY)}
    assert sum(retention.sweep(NOW)) == 1
    assert kept(ManualRun) == runs


def test_it_keeps_earlier_timetables_as_long_as_their_checks(site: Any) -> None:
    def ended(age: timedelta) -> int:
        until = int((NOW - age).timestamp())
        return int(
            PastTimetable.objects.create(
                site=site, tool="ssl", cadence=60, phase=0, opening=until - 60, until=until
            ).pk
        )

    ended(91 * DAY)
    timetables = {ended(90 * DAY)}
    assert sum(retention.sweep(NOW)) == 1
    assert kept(PastTimetable) == timetables


def test_it_deletes_in_small_steps(
    site: Any, poor_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "LIMIT", 4)
    monkeypatch.setattr(retention, "SITES_AT_ONCE", 1)
    for _ in range(9):
        check(site, 91 * DAY + LONGER)
    check(poor_site, 31 * DAY)
    steps = retention.sweep(NOW)
    assert next(steps) == 4
    assert Check.objects.count() == 6
    assert sum(steps) == 6
    assert not Check.objects.exists()


def test_it_goes_through_all_sites(team: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "SITES_AT_ONCE", 3)
    for number in range(10):
        one = Site.objects.create(team=team, name="x", url=f"https://{number}.example")
        check(one, 91 * DAY + LONGER)
    assert sum(retention.sweep(NOW)) == 10
    # Where nothing is to be deleted one may pause all the same, after every few sites.
    assert list(retention.sweep(NOW)) == [0, 0, 0, 0]


def test_it_follows_the_operators_history(site: Any, settings: Any) -> None:
    settings.HISTORY_RETENTION_DAYS = 7
    check(site, 8 * DAY + LONGER)
    check(site, 6 * DAY)
    assert sum(retention.sweep(NOW)) == 1


def test_it_looks_without_a_write_where_nothing_is_old(
    site: Any, django_assert_num_queries: Any
) -> None:
    check(site, DAY)
    # The sites, four tables of theirs, no more sites, manual runs; and the plans.
    with django_assert_num_queries(8 if partitions.are_used() else 7):
        assert list(retention.sweep(NOW)) == [0]


def test_it_lets_two_sweep_at_once(site: Any) -> None:
    for _ in range(3):
        check(site, 91 * DAY + LONGER)
    first, second = retention.sweep(NOW), retention.sweep(NOW)
    assert next(first) == 3
    assert sum(second) == 0
