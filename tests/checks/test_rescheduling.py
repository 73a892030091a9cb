"""What a change of settings does to a schedule's slots."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.checks.claim_rules import DueSchedule, GapReason, Unrun, decide
from tocsin.checks.rescheduling import Change, Timetable, moved, opened, stopped
from tocsin.checks.slots import Grid, Run, expected

MINUTE, FIVE = Grid(7, 60), Grid(40, 300)
T0 = 1_800_000_000


def test_it_goes_on_by_the_new_grid_when_nothing_is_due() -> None:
    old = Timetable(MINUTE, opening=1000, next_slot=1027)
    change = moved(old, FIVE, now=1020)
    assert change == Change(Timetable(FIVE, 1240, 1240), past_until=1020, unrun=())


def test_it_runs_the_slot_that_is_due_right_now() -> None:
    old = Timetable(MINUTE, opening=907, next_slot=1027)
    change = moved(old, FIVE, now=1028)
    assert change == Change(Timetable(FIVE, 1027, 1027), past_until=1026, unrun=())


def test_it_runs_a_first_check_that_nobody_has_claimed_yet() -> None:
    change = moved(opened(MINUTE, 1000), FIVE, now=1000)
    assert change == Change(Timetable(FIVE, 1000, 1000), past_until=None, unrun=())


def test_it_accounts_for_what_was_missed_before_the_change() -> None:
    old = Timetable(MINUTE, opening=907, next_slot=907)
    change = moved(old, Grid(0, 86_400), now=1030)
    missed = Unrun(Run(907, 967, 60), GapReason.SCHEDULER_DOWN)
    assert change.timetable == Timetable(Grid(0, 86_400), 1027, 1027)
    assert (change.past_until, change.unrun) == (1026, (missed,))


def test_it_does_not_make_up_slots_for_the_time_before_the_change() -> None:
    old = Timetable(Grid(0, 86_400), opening=0, next_slot=86_400)
    change = moved(old, MINUTE, now=90_000)
    assert change.timetable == Timetable(MINUTE, 90_007, 90_007)
    assert change.past_until == 90_000
    assert change.unrun == (Unrun(Run(86_400, 86_400, 86_400), GapReason.SCHEDULER_DOWN),)


def test_it_skips_what_is_due_when_the_tool_is_turned_off() -> None:
    old = Timetable(MINUTE, opening=907, next_slot=967)
    change = stopped(old, now=1030)
    assert change.timetable is None
    assert change.past_until == 1030
    assert [unrun.reason for unrun in change.unrun] == [
        GapReason.SCHEDULER_DOWN,
        GapReason.TOOL_DISABLED,
    ]
    assert [unrun.run for unrun in change.unrun] == [Run(967, 967, 60), Run(1027, 1027, 60)]


def test_it_leaves_no_trace_of_slots_that_had_not_begun() -> None:
    ahead = Timetable(MINUTE, opening=1027, next_slot=1027)
    assert stopped(ahead, now=1000) == Change(None, None, ())
    assert moved(ahead, FIVE, now=1000).past_until is None


def test_it_begins_at_once_but_not_twice_in_one_second() -> None:
    assert opened(MINUTE, 1000) == Timetable(MINUTE, 1000, 1000)
    assert opened(MINUTE, 1000, past_until=900) == Timetable(MINUTE, 1000, 1000)
    assert opened(MINUTE, 1000, past_until=1000) == Timetable(MINUTE, 1001, 1001)


@dataclass
class World:
    """One schedule in memory, with the end of every slot and all grids that it ever had."""

    now: int = T0
    table: Timetable | None = None
    past: list[tuple[Grid, int, int]] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)

    def account(self, unrun: tuple[Unrun, ...]) -> None:
        for each in unrun:
            run = each.run
            self.ended.extend(range(run.first, run.last + 1, run.cadence))

    def claim(self) -> None:
        if self.table is None or self.table.next_slot > self.now:
            return
        due = DueSchedule(self.table.grid, self.table.next_slot)
        verdict = decide(due, now=self.now, running_since=T0)
        self.account(verdict.unrun)
        if verdict.slot is not None:
            self.ended.append(verdict.slot)
        self.table = Timetable(self.table.grid, self.table.opening, verdict.next_slot)

    def set(self, grid: Grid | None) -> None:
        if self.table is None:
            until = max((until for _, _, until in self.past), default=None)
            self.table = None if grid is None else opened(grid, self.now, until)
            return
        old = self.table
        change = stopped(old, self.now) if grid is None else moved(old, grid, self.now)
        self.account(change.unrun)
        if change.past_until is not None:
            self.past.append((old.grid, old.opening, change.past_until))
        self.table = change.timetable

    def due(self, first: int, last: int) -> int:
        count = sum(
            expected(grid, opening, first, min(last, until)) for grid, opening, until in self.past
        )
        if self.table is not None:
            count += expected(self.table.grid, self.table.opening, first, last)
        return count

    def waiting(self, first: int, last: int) -> int:
        if self.table is None:
            return 0
        return expected(self.table.grid, self.table.opening, max(first, self.table.next_slot), last)


grids = st.builds(
    lambda cadence, phase: Grid(phase % cadence, cadence),
    st.sampled_from([60, 120, 300, 3600, 86_400]),
    st.integers(0, 86_400),
)
steps = st.lists(
    st.tuples(
        st.sampled_from(["wait", "wait", "claim", "claim", "set", "off"]),
        st.sampled_from([0, 1, 30, 59, 60, 61, 299, 4000]) | st.integers(0, 100_000),
        grids,
    ),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(steps)
def test_it_keeps_the_equation_exact_whatever_is_changed_when(
    history: list[tuple[str, int, Grid]],
) -> None:
    world = World()
    world.set(MINUTE)
    for kind, amount, grid in history:
        if kind == "wait":
            world.now += amount
        elif kind == "claim":
            world.claim()
        else:
            world.set(grid if kind == "set" else None)
        assert len(set(world.ended)) == len(world.ended), "a slot ended twice"
        for first in (T0 - 1, T0 + 1000, world.now - 100, world.now):
            ended = sum(first <= slot <= world.now for slot in world.ended)
            assert world.due(first, world.now) == ended + world.waiting(first, world.now)
