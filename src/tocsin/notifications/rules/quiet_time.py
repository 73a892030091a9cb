"""Whether it is quiet now in a team's own time, and until when."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from tocsin.sites.monitoring.schema import QuietTime


def quiet_until(quiet: QuietTime, now: datetime) -> datetime | None:
    """Return when the quiet time around `now` ends, in UTC; None where it is not quiet.

    A local time that clocks skip is the moment at which they skip it; one that they show twice
    starts quiet time the first time and ends it the second time, so that it is never shorter than
    it reads.
    """
    if not quiet.enabled:
        return None
    zone = ZoneInfo(quiet.timezone)
    starts_at, ends_at = time.fromisoformat(quiet.starts_at), time.fromisoformat(quiet.ends_at)
    nights = 1 if ends_at <= starts_at else 0
    today = now.astimezone(zone).date()
    # One that began yesterday may still last, and near midnight UTC and local days differ.
    for day in (today - timedelta(days=1), today):
        start = _moment(datetime.combine(day, starts_at), zone, fold=0)
        end = _moment(datetime.combine(day + timedelta(days=nights), ends_at), zone, fold=1)
        if start <= now < end:
            return end
    return None


def _moment(local: datetime, zone: tzinfo, *, fold: int) -> datetime:
    """Return a local time as a moment in UTC; `fold` chooses where clocks show it twice."""
    moment = local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    return _skip(local, zone)


def _skip(local: datetime, zone: tzinfo) -> datetime:
    """Return the moment at which clocks jump over a local time."""
    # Read with the offset from before the jump it lies after it, and the other way round.
    after = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    before = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < local:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
