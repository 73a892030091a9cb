"""Sliding windows."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from tocsin.kit import throttle
from tocsin.kit.throttle import Quota, SlidingWindow, tighter

# Of a second, up to half a minute: sums of these are exact.
eighths = st.integers(0, 240).map(lambda number: number / 8)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_it_counts_down_and_refuses() -> None:
    """The answer says what is left and when to come back."""
    clock = Clock()
    window = SlidingWindow(2, 60, clock)
    assert window.peek("a") == Quota(2, 2, 1060)
    assert window.hit("a") == Quota(2, 1, 1060)
    clock.now += 10
    assert window.hit("a") == Quota(2, 0, 1060)
    clock.now += 20.5
    refused = window.hit("a")
    assert refused == Quota(2, 0, 1060, retry_after=30)
    assert not refused.allowed
    assert window.hit("b").allowed
    clock.now = 1060
    assert window.hit("a").allowed
    assert not window.hit("a").allowed


@given(st.lists(eighths, max_size=80), st.integers(1, 5))
def test_it_never_lets_more_than_the_limit_into_any_window(gaps: list[float], limit: int) -> None:
    """Wherever the window is laid; and a caller who waits as told gets in."""
    clock = Clock()
    window = SlidingWindow(limit, 60, clock)
    allowed: list[float] = []
    for gap in gaps:
        clock.now += gap
        quota = window.hit("a")
        if quota.allowed:
            allowed.append(clock.now)
    for index, moment in enumerate(allowed):
        within = [other for other in allowed[index:] if other < moment + 60]
        assert len(within) <= limit
    last = window.hit("a")
    clock.now += last.retry_after
    assert last.allowed or window.hit("a").allowed


def test_it_counts_exactly_for_many_threads() -> None:
    """A lock, not luck."""
    window = SlidingWindow(100, 60)
    allowed: list[bool] = []

    def run() -> None:
        allowed.extend(window.hit("a").allowed for _ in range(50))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert allowed.count(True) == 100


def test_it_forgets_the_longest_unseen_when_keys_are_too_many() -> None:
    """Memory stays bounded whatever is sent."""
    window = SlidingWindow(1, 60)
    for number in range(throttle.MOST_KEYS + 1):
        window.hit(str(number))
    assert window.peek("0").remaining == 1
    assert window.peek("1").remaining == 0


def test_it_tells_the_tighter_of_two() -> None:
    """The one that refuses first."""
    wide, narrow = Quota(120, 100, 1), Quota(10, 9, 1)
    assert tighter(wide, narrow) is narrow
    assert tighter(Quota(10, 0, 1, retry_after=5), Quota(120, 0, 1)).retry_after == 5
