"""Sliding windows."""

import threading
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from tocsin.kit import shared_table
from tocsin.kit.shared_table import SharedTable
from tocsin.kit.throttle import Quota, SlidingWindow, tighter

# Of a second, up to half a minute: sums of these are exact.
eighths = st.integers(0, 240).map(lambda number: number / 8)
steps = st.lists(st.tuples(eighths, st.sampled_from("ab"), st.booleans()), max_size=80)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def window(
    limit: int, clock: Clock, *, name: str = "test", table: SharedTable | None = None
) -> SlidingWindow:
    """Return a window of a minute with a table of its own."""
    table = table or shared_table.private(1)
    return SlidingWindow(name, limit, 60, now=clock, wall=clock, table=table)


class Naive:
    """What a window does, as it would be written without a thought of memory."""

    def __init__(self, limit: int, clock: Clock) -> None:
        self.limit = limit
        self.clock = clock
        self.allowed: dict[str, list[float]] = defaultdict(list)

    def ask(self, key: str, *, counts: bool) -> Quota:
        now = self.clock.now
        recent = [moment for moment in self.allowed[key] if moment > now - 60]
        refused = counts and len(recent) >= self.limit
        if counts and not refused:
            self.allowed[key].append(now)
            recent.append(now)
        frees_at = min(recent, default=now) + 60
        return Quota(
            limit=self.limit,
            remaining=self.limit - len(recent),
            reset=int(-(-frees_at // 1)),
            retry_after=max(1, int(-(-(frees_at - now) // 1))) if refused else 0,
        )


def test_it_counts_down_and_refuses() -> None:
    """The answer says what is left and when to come back."""
    clock = Clock()
    two = window(2, clock)
    assert two.peek("a") == Quota(2, 2, 1060)
    assert two.hit("a") == Quota(2, 1, 1060)
    clock.now += 10
    assert two.hit("a") == Quota(2, 0, 1060)
    clock.now += 20.5
    refused = two.hit("a")
    assert refused == Quota(2, 0, 1060, retry_after=30)
    assert not refused.allowed
    assert two.hit("b").allowed
    clock.now = 1060
    assert two.hit("a").allowed
    assert not two.hit("a").allowed


@given(steps, st.integers(1, 5))
def test_it_answers_as_a_naive_one_would(asked: list[tuple[float, str, bool]], limit: int) -> None:
    """To the last field, whatever is counted or only asked, in whichever of its processes."""
    clock = Clock()
    table = shared_table.private(1)
    naive, other = Naive(limit, clock), Naive(limit, clock)
    windows = [window(limit, clock, table=table) for _ in range(2)]
    beside = window(limit, clock, name="another", table=table)
    for number, (gap, key, counts) in enumerate(asked):
        clock.now += gap
        ours = windows[number % 2]
        assert (ours.hit if counts else ours.peek)(key) == naive.ask(key, counts=counts)
        assert beside.hit("a") == other.ask("a", counts=True)


@given(st.lists(eighths, max_size=80), st.integers(1, 5))
def test_it_never_lets_more_than_the_limit_into_any_window(gaps: list[float], limit: int) -> None:
    """Wherever the window is laid; and a caller who waits as told gets in."""
    clock = Clock()
    few = window(limit, clock)
    allowed: list[float] = []
    for gap in gaps:
        clock.now += gap
        quota = few.hit("a")
        if quota.allowed:
            allowed.append(clock.now)
    for index, moment in enumerate(allowed):
        within = [other for other in allowed[index:] if other < moment + 60]
        assert len(within) <= limit
    last = few.hit("a")
    clock.now += last.retry_after
    assert last.allowed or few.hit("a").allowed


def test_it_counts_exactly_for_many_threads() -> None:
    """A lock, not luck."""
    hundred = SlidingWindow("test", 100, 60, table=shared_table.private(1))
    allowed: list[bool] = []

    def run() -> None:
        allowed.extend(hundred.hit("a").allowed for _ in range(50))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert allowed.count(True) == 100


def test_it_forgets_who_is_over_then_the_longest_unseen_when_keys_are_too_many() -> None:
    """Memory stays bounded whatever is sent."""
    clock = Clock()
    table = shared_table.private(1)
    one = window(1, clock, table=table)
    brief = SlidingWindow("brief", 1, 5, now=clock, wall=clock, table=table)
    for number in range(shared_table.WAYS - 1):
        one.hit(str(number))
        clock.now += 1
    brief.hit("z")
    clock.now += 5
    one.hit("15")  # instead of what is over, though it was seen last
    assert [one.peek(str(number)).remaining for number in range(16)] == [0] * 15 + [0]
    one.hit("16")
    assert [one.peek(str(number)).remaining for number in range(17)] == [1] + [0] * 16


def test_it_forgets_all_of_its_own_and_nothing_else() -> None:
    """What is counted elsewhere stays."""
    clock = Clock()
    table = shared_table.private(2)
    one, other = window(2, clock, table=table), window(2, clock, name="other", table=table)
    for key in "abcdef":
        one.hit(key)
    other.hit("a")
    one.clear()
    assert [one.peek(key).remaining for key in "abcdef"] == [2] * 6
    assert other.peek("a").remaining == 1


def test_it_tells_the_tighter_of_two() -> None:
    """The one that refuses first."""
    wide, narrow = Quota(120, 100, 1), Quota(10, 9, 1)
    assert tighter(wide, narrow) is narrow
    assert tighter(Quota(10, 0, 1, retry_after=5), Quota(120, 0, 1)).retry_after == 5
