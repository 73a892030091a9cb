"""A score as a dial: an arc of a circle, whose colour and word follow Lighthouse's ranges."""

from dataclasses import dataclass
from math import pi

RADIUS = 42
_GOOD, _FAIR = 90, 50


@dataclass(frozen=True, slots=True)
class Dial:
    """The drawing: `dash` is the arc's length and the rest, as `stroke-dasharray` wants them."""

    score: int
    tone: str
    dash: str
    radius: int = RADIUS


def dial(score: float) -> Dial:
    """Draw a score from 0 to 100."""
    around = 2 * pi * RADIUS
    arc = around * min(max(score, 0), 100) / 100
    return Dial(round(score), tone_of(score), f"{arc:.1f} {around:.1f}")


def tone_of(score: float) -> str:
    """Return ok from 90 on, unknown (between) from 50 on, else failing."""
    if score >= _GOOD:
        return "ok"
    return "unknown" if score >= _FAIR else "failing"
