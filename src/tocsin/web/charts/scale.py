"""The scale of a chart's axis: round numbers that people can read."""

from math import floor, log10

TICKS = 4
_STEPS = (1.0, 1.5, 2.0, 2.5, 5.0, 10.0)


def round_top(highest: float) -> float:
    """Return the least top at which each of four ticks is a round number; for 0 it is 4."""
    if highest <= 0:
        return float(TICKS)
    step = highest / TICKS
    power = 10.0 ** floor(log10(step))
    return TICKS * next(each * power for each in _STEPS if each * power >= step * (1 - 1e-9))
