"""The `from` and `to` of lists and ledgers: dates or timestamps."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext

from tocsin.kit.errors import invalid

_DATE_LENGTH = len("2030-01-31")
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A half-open stretch of time, `start` included and `end` not; None where it is open."""

    start: datetime | None = None
    end: datetime | None = None


ALWAYS = Period()


def read_period(first: str | None, last: str | None) -> Period:
    """Read what a request names as `from` and `to`, both included.

    A date is the whole UTC day, a timestamp the whole second; without an offset it is UTC. Raises
    InvalidInput on the field that is wrong, and on `to` where it lies before `from`.
    """
    start = None if first is None else _read("from", first)[0]
    end = None if last is None else _read("to", last)[1]
    if start is not None and end is not None and end <= start:
        raise invalid("to", gettext("It must not lie before `from`."))
    return Period(start, end)


def _read(field: str, text: str) -> tuple[datetime, datetime]:
    """Return where a date or timestamp begins, and where the next one does."""
    try:
        if len(text) == _DATE_LENGTH:
            start = datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
            return start, start + _DAY
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        start = moment.replace(microsecond=0)
        return start, start + _SECOND
    except ValueError:
        raise invalid(
            field, gettext("It must be a date or a timestamp, such as 2030-01-31T09:00:00+00:00.")
        ) from None
    except OverflowError:
        raise invalid(field, gettext("It lies beyond the calendar.")) from None
