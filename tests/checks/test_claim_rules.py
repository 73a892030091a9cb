"""What becomes of a due schedule."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.checks.claim_rules import DueSchedule, GapReason, Unrun, decide
from tocsin.checks.slots import Grid, Run, expected

T = 1_800_057_600
MINUTELY = Grid(0, 60)


def test_it_runs_a_slot_on_time() -> None:
    verdict = decide(DueSchedule(MINUTELY, T), now=T + 0.4, running_since=0)
    assert (verdict.slot, verdict.next_slot, verdict.unrun) == (T, T + 60, ())


def test_it_runs_the_opening_beside_the_grid() -> None:
    verdict = decide(DueSchedule(MINUTELY, T + 17), now=T + 17, running_since=0)
    assert (verdict.slot, verdict.next_slot, verdict.unrun) == (T + 17, T + 60, ())


def test_it_runs_the_latest_slot_only_and_accounts_for_downtime_in_one_run() -> None:
    verdict = decide(DueSchedule(MINUTELY, T), now=T + 605, running_since=T + 604)
    assert verdict.slot == T + 600
    assert verdict.next_slot == T + 660
    assert verdict.unrun == (Unrun(Run(T, T + 540, 60), GapReason.SCHEDULER_DOWN),)


def test_it_tells_downtime_from_overload() -> None:
    verdict = decide(DueSchedule(MINUTELY, T), now=T + 605, running_since=T + 130)
    assert verdict.unrun == (
        Unrun(Run(T, T + 120, 60), GapReason.SCHEDULER_DOWN),
        Unrun(Run(T + 180, T + 540, 60), GapReason.OVERLOAD),
    )


def test_it_skips_a_slot_while_the_one_before_runs() -> None:
    due = DueSchedule(MINUTELY, T + 60, held_slot=T, held_until=T + 90)
    verdict = decide(due, now=T + 60, running_since=0)
    assert verdict.slot is None
    assert verdict.keeps_held
    assert verdict.next_slot == T + 120
    reason = GapReason.PREVIOUS_STILL_RUNNING
    assert verdict.unrun == (Unrun(Run(T + 60, T + 60, 60), reason),)


def test_it_loses_a_slot_whose_lease_ran_out_and_runs_the_next() -> None:
    due = DueSchedule(MINUTELY, T + 60, held_slot=T, held_until=T + 59)
    verdict = decide(due, now=T + 60, running_since=0)
    assert verdict.slot == T + 60
    assert not verdict.keeps_held
    assert verdict.unrun == (Unrun(Run(T, T, 60), GapReason.WORKER_LOST),)


def test_it_skips_what_an_inactive_plan_does_not_pay_for() -> None:
    due = DueSchedule(MINUTELY, T, plan_active=False)
    verdict = decide(due, now=T + 1, running_since=0)
    assert verdict.slot is None
    assert verdict.unrun == (Unrun(Run(T, T, 60), GapReason.PLAN_INACTIVE),)


@given(
    cadence=st.sampled_from([2, 60, 300]),
    phase=st.integers(0, 299),
    opening=st.integers(T, T + 1000),
    waited=st.floats(0, 5000),
    up_for=st.floats(0, 6000),
    held_for=st.none() | st.integers(-10, 10),
    plan_active=st.booleans(),
)
def test_it_accounts_for_every_slot_once(
    cadence: int, phase: int, opening: int, waited: float, up_for: float,
    held_for: int | None, plan_active: bool,
) -> None:  # fmt: skip
    grid, now = Grid(phase % cadence, cadence), opening + waited
    held = None if held_for is None else opening - cadence
    until = None if held_for is None else int(now) + held_for
    due = DueSchedule(grid, opening, held, until, plan_active=plan_active)
    verdict = decide(due, now=now, running_since=now - up_for)

    ended = sum(unrun.run.count for unrun in verdict.unrun)
    started = verdict.slot is not None
    before = 0 if held is None or verdict.keeps_held else 1
    assert started + ended == expected(grid, opening, opening, now) + before
    assert verdict.next_slot == grid.after(now)
    first_slots = [unrun.run.first for unrun in verdict.unrun]
    assert len(set(first_slots)) == len(first_slots)
    assert verdict.slot is None or plan_active
