"""Quiet time in the team's own zone, across midnight and both edges of daylight saving."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.notifications.rules.quiet_time import quiet_until
from tocsin.sites.monitoring.schema import QuietTime


def quiet(starts_at: str, ends_at: str, zone: str) -> QuietTime:
    return QuietTime(enabled=True, starts_at=starts_at, ends_at=ends_at, timezone=zone)


@pytest.mark.parametrize(
    ("setting", "now", "until"),
    [
        (quiet("22:00", "07:00", "UTC"), "2026-11-24T21:59:59", None),
        (quiet("22:00", "07:00", "UTC"), "2026-11-24T22:00:00", "2026-11-25T07:00:00"),
        (quiet("22:00", "07:00", "UTC"), "2026-11-25T06:59:59", "2026-11-25T07:00:00"),
        (quiet("22:00", "07:00", "UTC"), "2026-11-25T07:00:00", None),
        (quiet("09:00", "17:00", "UTC"), "2026-11-25T12:00:00", "2026-11-25T17:00:00"),
        (quiet("22:00", "07:00", "Asia/Tokyo"), "2026-11-24T13:00:00", "2026-11-24T22:00:00"),
        (quiet("22:00", "07:00", "America/New_York"), "2026-11-25T05:00:00", "2026-11-25T12:00:00"),
        # The night of 29 March 2026 has no 02:30 in Vienna: clocks skip it at 01:00 UTC.
        (quiet("02:30", "06:00", "Europe/Vienna"), "2026-03-29T00:59:59", None),
        (quiet("02:30", "06:00", "Europe/Vienna"), "2026-03-29T01:00:00", "2026-03-29T04:00:00"),
        (quiet("22:00", "02:30", "Europe/Vienna"), "2026-03-29T00:00:00", "2026-03-29T01:00:00"),
        (quiet("02:10", "02:50", "Europe/Vienna"), "2026-03-29T01:00:00", None),
        # That of 25 October has it twice: at 00:30 and at 01:30 UTC.
        (quiet("02:30", "06:00", "Europe/Vienna"), "2026-10-25T00:30:00", "2026-10-25T05:00:00"),
        (quiet("22:00", "02:30", "Europe/Vienna"), "2026-10-25T01:00:00", "2026-10-25T01:30:00"),
        (quiet("22:00", "02:30", "Europe/Vienna"), "2026-10-25T01:30:00", None),
    ],
)
def test_it_knows_when_it_is_quiet(setting: QuietTime, now: str, until: str | None) -> None:
    expected = None if until is None else datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert quiet_until(setting, datetime.fromisoformat(now).replace(tzinfo=UTC)) == expected


def test_it_is_never_quiet_where_it_is_off() -> None:
    assert quiet_until(QuietTime(), datetime(2026, 11, 24, 23, tzinfo=UTC)) is None


times = st.times().map(lambda each: each.strftime("%H:%M"))
zones = st.sampled_from(["UTC", "Europe/Vienna", "America/New_York", "Asia/Kathmandu"])
# Hypothesis takes bounds without a zone.
FIRST, LAST = datetime(2025, 1, 1), datetime(2028, 1, 1)  # noqa: DTZ001
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))


@given(times, times, zones, moments)
def test_it_always_ends_within_a_day_and_an_hour(
    starts_at: str, ends_at: str, zone: str, now: datetime
) -> None:
    if starts_at == ends_at:
        return
    setting = quiet(starts_at, ends_at, zone)
    until = quiet_until(setting, now)
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        again = quiet_until(setting, until)
        # Where one night's quiet time ends only as the next begins, it may go on.
        assert again is None or again > until
