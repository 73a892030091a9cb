"""When an active issue is told again: each interval once a cycle, a day again and again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.notifications.rules.escalating import next_escalation

OPENED = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
# Openings around both edges of daylight saving, in Vienna and in New York.
EDGES = ("2026-03-29T00:30", "2026-10-25T00:30", "2026-03-08T06:30", "2026-11-01T05:30")


def minutes(count: int) -> datetime:
    return OPENED + timedelta(minutes=count)


@pytest.mark.parametrize(
    ("intervals", "told_to", "now", "expected"),
    [
        ([], None, 0, None),
        ([0], None, 0, 0),
        ([0], 0, 1, None),
        ([15, 60], None, 0, 15),
        ([60, 15], None, 0, 15),
        ([15, 60], 15, 15, 60),
        ([15, 60], 15, 300, 60),  # late, and still told
        ([15, 60], 60, 61, None),
        ([1440], None, 0, 1440),
        ([1440], 1440, 1440, 2880),
        ([1440], 1440, 1440 * 9 + 5, 1440 * 9),  # of days that went by untold, the latest
        ([30, 1440], 30, 31, 1440),
        ([30, 1440], 1440, 1441, 2880),
        ([15, 30, 360, 1440], 30, 40, 360),
    ],
)
def test_it_knows_what_comes_next(
    intervals: list[int], told_to: int | None, now: int, expected: int | None
) -> None:
    after = None if told_to is None else minutes(told_to)
    found = next_escalation(intervals, OPENED, after=after, now=minutes(now))
    assert found == (None if expected is None else minutes(expected))


@pytest.mark.parametrize("opened", EDGES)
def test_it_counts_time_that_passed_and_not_what_clocks_show(opened: str) -> None:
    began = datetime.fromisoformat(opened).replace(tzinfo=UTC)
    found, after = [], None
    for _ in range(5):
        after = next_escalation([15, 60, 1440], began, after=after, now=after or began)
        assert after is not None
        found.append((after - began) // timedelta(minutes=1))
    assert found == [15, 60, 1440, 2880, 4320]


@given(
    st.lists(st.sampled_from([0, 15, 30, 60, 360, 1440]), max_size=6, unique=True),
    st.lists(st.integers(0, 5000), max_size=20),
)
def test_it_tells_each_interval_once_however_late_somebody_looks(
    intervals: list[int], looks: list[int]
) -> None:
    after, told = None, []
    for look in sorted(looks):
        due = next_escalation(intervals, OPENED, after=after, now=minutes(look))
        while due is not None and due <= minutes(look):
            told.append((due - OPENED) // timedelta(minutes=1))
            after = due
            due = next_escalation(intervals, OPENED, after=after, now=minutes(look))
    assert told == sorted(set(told))
    assert all(each in intervals or each % 1440 == 0 for each in told)
    latest = max(looks, default=-1)
    assert {each for each in intervals if each <= latest and each != 1440} <= set(told)
