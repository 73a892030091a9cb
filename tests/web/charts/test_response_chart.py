"""Response times as areas."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tocsin.checks.response_times import Bucket, Phases, ResponseTimes, phases_of
from tocsin.web.charts.response_chart import HEIGHT, WIDTH, response_chart

FIRST = datetime(2030, 1, 1, tzinfo=UTC)
STEP = 600
BUCKETS = 24
milliseconds = st.floats(min_value=0, max_value=1e6)
phases = st.builds(Phases, *([milliseconds] * 5)).filter(lambda each: each.total > 0)


def _times(measured: dict[int, Phases | None]) -> ResponseTimes:
    return ResponseTimes(
        first=FIRST,
        last=FIRST + timedelta(seconds=STEP * BUCKETS),
        step=STEP,
        has_phases=True,
        buckets=tuple(
            Bucket(
                at=FIRST + timedelta(seconds=STEP * number),
                phases=each,
                slowest=each.total if each else None,
                failing=int(each is None),
                unknown=0,
            )
            for number, each in sorted(measured.items())
        ),
    )


@given(st.dictionaries(st.integers(0, BUCKETS - 1), st.none() | phases))
def test_it_stays_within_its_frame(measured: dict[int, Phases | None]) -> None:
    chart = response_chart(_times(measured))
    for layer in chart.layers:
        for x, y in re.findall(r"([-\d.]+),([-\d.]+)", layer.path):
            assert 0 <= float(x) <= WIDTH
            assert -0.1 <= float(y) <= HEIGHT + 0.1
    assert len(chart.bands) == len(measured)
    assert sum(band.tone == "failing" for band in chart.bands) == sum(
        each is None for each in measured.values()
    )


def test_it_breaks_where_nothing_was_measured() -> None:
    fast = Phases(1, 1, 1, 1, 1)
    whole = response_chart(_times(dict.fromkeys(range(10), fast)))
    broken = response_chart(_times(dict.fromkeys((0, 1, 2, 7, 8, 9), fast)))
    assert whole.layers[0].path.count("M") == 1
    assert broken.layers[0].path.count("M") == 2


def test_it_parts_timings_into_phases_that_add_up() -> None:
    timings = {"dns": 10.0, "connect": 20.0, "tls": 30.0, "ttfb": 120.0, "total": 143.0}
    assert phases_of(timings) == Phases(10, 20, 30, 60, 23)
    assert phases_of({"dns": 9.0, "total": 0}) is None
    assert phases_of(None) is None
