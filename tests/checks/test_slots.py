"""The arithmetic of slots."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.checks.slots import Grid, Run, expected, is_late, phase_of

moments = st.integers(0, 4_000_000_000)
cadences = st.sampled_from([2, 60, 300, 900, 3600, 86_400, 604_800])
grids = st.builds(lambda cadence, part: Grid(part % cadence, cadence), cadences, moments)
runs = st.builds(
    lambda first, cadence, count: Run(first, first + cadence * (count - 1), cadence),
    moments, cadences, st.integers(1, 500),
)  # fmt: skip


@given(grids, moments)
def test_it_finds_the_slots_around_a_moment(grid: Grid, moment: int) -> None:
    before, after = grid.at_or_before(moment), grid.after(moment)
    assert before <= moment < after
    assert after - before == grid.cadence
    assert grid.holds(before)
    assert grid.holds(after)
    assert grid.at_or_after(moment) == (moment if grid.holds(moment) else after)


@given(grids, moments, st.integers(0, 5000), st.integers(0, 5000))
def test_it_counts_adjoining_ranges_as_one(grid: Grid, first: int, one: int, two: int) -> None:
    middle, last = first + one, first + one + 1 + two
    assert grid.count(first, middle) + grid.count(middle + 1, last) == grid.count(first, last)


@given(grids, moments, moments, moments)
def test_it_expects_nothing_before_the_opening(
    grid: Grid, opening: int, first: int, last: int
) -> None:
    assert expected(grid, opening, first, min(last, opening - 1)) == 0
    assert expected(grid, opening, opening, opening) == 1


@given(runs, moments)
def test_it_parts_a_run_without_losing_a_slot(run: Run, moment: int) -> None:
    before, since = run.split(moment)
    assert (before.count if before else 0) + (since.count if since else 0) == run.count
    assert before is None or before.last < moment
    assert since is None or since.first >= moment


@given(runs.filter(lambda run: run.last - run.first < 86_400 * 60))
def test_it_gives_each_day_its_slots(run: Run) -> None:
    days = dict(run.by_day())
    assert sum(days.values()) == run.count
    assert all(day % 86_400 == 0 for day in days)


@given(st.integers(1, 10**9), cadences)
def test_it_keeps_the_phase_inside_the_interval(key: int, cadence: int) -> None:
    assert 0 <= phase_of(key, cadence) < cadence
    assert phase_of(key, cadence) == phase_of(key, cadence)


@pytest.mark.parametrize("count", [60, 600, 10_000, 50_000])
@pytest.mark.parametrize("stride", [1, 3])
def test_it_spreads_any_number_of_schedules_evenly(count: int, stride: int) -> None:
    cadence, parts = 300, 5
    phases = Counter(phase_of(key * stride, cadence) * parts // cadence for key in range(1, count))
    share = count / parts
    assert len(phases) == parts
    assert max(phases.values()) <= share * 1.05 + 12
    assert min(phases.values()) >= share * 0.95 - 12


def test_it_gives_neighbours_neighbouring_times() -> None:
    phases = [phase_of(key, 86_400) for key in range(12, 24)]
    assert max(phases) - min(phases) < 12


@pytest.mark.parametrize(
    ("cadence", "delay", "late"),
    [(60, 30.0, False), (60, 30.1, True), (300, 30.1, True), (3600, 360, False), (3600, 361, True)],
)
def test_it_calls_late_what_began_after_half_a_minute_or_a_tenth(
    cadence: int, delay: float, late: bool
) -> None:
    assert is_late(1000, 1000 + delay, cadence) is late
