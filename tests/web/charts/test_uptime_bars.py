"""Uptime as bars."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tocsin.checks.reports import DayRow, uptime_report
from tocsin.web.charts.uptime_bars import HEIGHT, LEAST, percent, uptime_bars

TODAY = date(2030, 5, 15)
numbers = st.integers(0, 300)


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=90))
def test_it_is_red_exactly_where_something_failed(days: list[tuple[int, int, int]]) -> None:
    rows = [
        DayRow(TODAY - timedelta(days=ago), ok=ok, failing=failing, unknown=unknown)
        for ago, (ok, failing, unknown) in enumerate(days)
    ]
    bars = uptime_bars(uptime_report(rows, today=TODAY, days=len(days))).bars
    for bar, (ok, failing, unknown) in zip(bars, reversed(days), strict=True):
        assert bool(bar.down) == bool(failing)
        assert not bar.down or LEAST <= bar.down <= HEIGHT
        expected = "failing" if failing else "ok" if ok else "unknown" if unknown else "idle"
        assert bar.tone == expected


def test_it_never_writes_100_of_what_was_less() -> None:
    assert percent(100.0) == "100 %"
    assert percent(99.99) == "99.99 %"
    assert percent(None) == "–"


def test_it_says_in_a_sentence_what_it_shows() -> None:
    rows = [DayRow(TODAY, ok=9, failing=1)]
    assert uptime_bars(uptime_report(rows, today=TODAY, days=3)).label == (
        "90.00 % up in the last 3 days; 1 day with downtime."
    )
