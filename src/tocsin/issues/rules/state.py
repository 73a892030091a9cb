"""What is remembered of one tool at one site between two checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# As many checks as the largest threshold, so that an issue can name all that decided.
MOST_CHECKS = 20


@dataclass(frozen=True, slots=True)
class Track:
    """The counters of one fingerprint.

    `breaches` in a row (kept after an issue ends by hand: they did happen), the first of them at
    `since` (UTC epoch seconds), the last of them by name; `goods` in a row while `active`.
    """

    breaches: int = 0
    since: float = 0.0
    checks: tuple[str, ...] = ()
    goods: int = 0
    good_checks: tuple[str, ...] = ()
    active: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """Counters by fingerprint. Checks of moments up to `counted_to` (epoch seconds) are history."""

    tracks: Mapping[str, Track] = field(default_factory=dict)
    counted_to: float = 0.0

    @property
    def is_quiet(self) -> bool:
        """Tell whether nothing is counted and nothing is active."""
        return not self.tracks


QUIET = State()
