"""The `from` and `to` of lists."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.checks.periods import ALWAYS, Period, read_period
from tocsin.kit.errors import InvalidInput


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_it_is_open_where_nothing_is_said() -> None:
    assert read_period(None, None) == ALWAYS


@pytest.mark.parametrize(
    ("first", "last", "start", "end"),
    [
        ("2030-01-31", "2030-01-31", "2030-01-31T00:00:00", "2030-02-01T00:00:00"),
        (
            "2030-01-31T09:00:00+00:00",
            "2030-01-31T09:00:00+00:00",
            "2030-01-31T09:00:00",
            "2030-01-31T09:00:01",
        ),
        (
            "2030-01-31T09:00:00.9+02:00",
            "2030-01-31T09:00:00Z",
            "2030-01-31T07:00:00",
            "2030-01-31T09:00:01",
        ),
        ("2030-01-31T09:00", "2030-02-01", "2030-01-31T09:00:00", "2030-02-02T00:00:00"),
    ],
)
def test_it_reads_dates_and_timestamps(first: str, last: str, start: str, end: str) -> None:
    assert read_period(first, last) == Period(at(start), at(end))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2030-02-01", "2030-01-31"),
        ("2030-01-31T09:00:01Z", "2030-01-31T09:00:00Z"),
        ("2030-02-01", "2030-01-31T23:59:59Z"),
    ],
)
def test_it_refuses_an_end_before_its_start(first: str, last: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_period(first, last)
    assert list(refusal.value.errors) == ["to"]


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "2030-13-01", "2030-02-30", "2030-1-1", "20300131T25", "9999-12-31",
        "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-01:00", "2030-01-31T09:00:00 00:00",
        "-100-01-01", "٢٠٣٠-٠١-٣١x", "\x00",
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["from", "to"])
def test_it_refuses_what_is_no_moment(field: str, text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        read_period(text if field == "from" else None, text if field == "to" else None)
    assert list(refusal.value.errors) == [field]


@given(st.text())
def test_it_answers_any_text_with_a_period_or_a_refusal(text: str) -> None:
    try:
        period = read_period(text, text)
    except InvalidInput:
        return
    assert period.start is not None
    assert period.end is not None
    assert period.start < period.end


@given(st.dates(max_value=date(9999, 12, 30)), st.integers(0, 86_399))
def test_it_holds_every_second_of_its_days(day: date, second: int) -> None:
    period = read_period(day.isoformat(), day.isoformat())
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second)
    assert period.start is not None
    assert period.end is not None
    assert period.start <= moment < period.end
