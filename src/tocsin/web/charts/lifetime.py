"""How far a certificate's life has gone, as a line from its first to its last day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Places in thousandths of the whole: `now`, and `warning` from where on it expires soon."""

    now: float
    warning: float
    width: int = WIDTH


def lifetime(
    valid_from: datetime, valid_to: datetime, now: datetime, warning_days: int
) -> Lifetime | None:
    """Draw a certificate's life; None where it ends before it begins."""
    whole = valid_to - valid_from
    if whole <= timedelta(0):
        return None

    def place(moment: datetime) -> float:
        return round(min(max((moment - valid_from) / whole, 0.0), 1.0) * WIDTH, 1)

    return Lifetime(now=place(now), warning=place(valid_to - timedelta(days=warning_days)))
