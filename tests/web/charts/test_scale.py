"""Axes with round numbers."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.web.charts.scale import TICKS, round_top


@given(st.floats(min_value=1e-3, max_value=1e9))
def test_it_covers_the_highest_without_wasting_half(highest: float) -> None:
    top = round_top(highest)
    assert highest <= top * (1 + 1e-6)
    assert top <= 2.01 * highest


@given(st.floats(min_value=1e-3, max_value=1e9))
def test_it_ticks_in_round_steps(highest: float) -> None:
    digits = f"{round_top(highest) / TICKS:.4e}".split("e")[0].rstrip("0").rstrip(".")
    assert digits in {"1", "1.5", "2", "2.5", "5"}


def test_it_has_a_scale_for_nothing() -> None:
    assert round_top(0) == TICKS
