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
        # New York: 8 March 2026 skips 02:30 at 07:00 UTC, 1 November shows 01:30 twice.
        (quiet("02:30", "06:00", "America/New_York"), "2026-03-08T06:59:59", None),
        (quiet("02:30", "06:00", "America/New_York"), "2026-03-08T07:00:00", "2026-03-08T10:00:00"),
        (quiet("22:00", "01:30", "America/New_York"), "2026-11-01T05:45:00", "2026-11-01T06:30:00"),
        (quiet("01:30", "06:00", "America/New_York"), "2026-11-01T05:30:00", "2026-11-01T11:00:00"),
        # The south goes the other way: Sydney skips on 4 October and repeats on 5 April.
        (quiet("22:00", "07:00", "Australia/Sydney"), "2026-10-03T19:00:00", "2026-10-03T20:00:00"),
        (quiet("22:00", "07:00", "Australia/Sydney"), "2026-04-04T20:30:00", "2026-04-04T21:00:00"),
        # Half an hour only, on Lord Howe: 02:00 becomes 02:30 at 15:30 UTC.
        (quiet("02:15", "06:00", "Australia/Lord_Howe"),
         "2026-10-03T15:30:00", "2026-10-03T19:00:00"),
        (quiet("02:15", "06:00", "Australia/Lord_Howe"), "2026-10-03T15:29:59", None),
        # Where midnight itself is skipped, as in Cairo on 24 April 2026 at 22:00 UTC.
        (quiet("00:00", "06:00", "Africa/Cairo"), "2026-04-23T22:00:00", "2026-04-24T03:00:00"),
        # Offsets of a quarter of an hour, and days ahead of and behind UTC.
        (quiet("22:00", "07:00", "Asia/Kathmandu"), "2026-11-24T16:15:00", "2026-11-25T01:15:00"),
        (quiet("22:00", "07:00", "Asia/Kathmandu"), "2026-11-24T16:14:59", None),
        (quiet("22:00", "07:00", "Pacific/Kiritimati"),
         "2026-11-24T08:00:00", "2026-11-24T17:00:00"),
        (quiet("22:00", "07:00", "Pacific/Pago_Pago"),
         "2026-11-25T09:00:00", "2026-11-25T18:00:00"),
    ],
)  # fmt: skip
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
