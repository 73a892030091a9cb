"""Snooze, tools turned off, and what people do by hand."""

from dataclasses import replace

import pytest

from tests.issues.builders import MINUTE, STATUS, T, run, sight, story
from tocsin.issues.rules import QUIET, close, evaluate, forget
from tocsin.issues.vocabulary import ResolveReason
from tocsin.probes.contract import Tool


def test_it_opens_nothing_while_snoozed_but_resolves() -> None:
    snoozed = replace(STATUS, snoozed_until=T + 60 * MINUTE)
    assert story(run(Tool.STATUS, ["down"] * 5, snoozed)) == [""] * 5
    active = run(Tool.STATUS, ["down", "down"])[-1].state
    ended = run(Tool.STATUS, ["good"], snoozed, active, start=T + 5 * MINUTE)
    assert story(ended) == ["-status:down"]


def test_it_asks_for_no_retry_while_snoozed() -> None:
    snoozed = replace(STATUS, snoozed_until=T + 60 * MINUTE)
    assert run(Tool.STATUS, ["down"], snoozed)[0].next_run is None


def test_it_opens_after_the_snooze_with_what_was_counted_in_it() -> None:
    snoozed = replace(STATUS, snoozed_until=T + 3 * MINUTE)
    told = story(run(Tool.STATUS, ["down"] * 5, snoozed))
    assert told == ["", "", "", "+status:down", ""]


@pytest.mark.parametrize("reason", [ResolveReason.TOOL_DISABLED, ResolveReason.OPENS_ISSUES_OFF])
def test_it_ends_what_is_active_when_nothing_may_be_open(reason: ResolveReason) -> None:
    active = run(Tool.STATUS, ["down", "down"])[-1].state
    seen = sight(Tool.STATUS, "down", T + 5 * MINUTE)
    verdict = evaluate(active, seen, replace(STATUS, off=reason), T + 5 * MINUTE)
    (resolution,) = verdict.resolutions
    assert resolution.reason is reason
    assert not resolution.alerts
    assert verdict.state.is_quiet
    assert verdict.next_run is None


def test_it_counts_from_nothing_after_a_closing() -> None:
    failing = run(Tool.STATUS, ["down"])[-1].state
    closed = close(failing, ResolveReason.TARGET_CHANGED, T + MINUTE)
    assert not closed.resolutions
    assert story(run(Tool.STATUS, ["down", "down"], None, closed.state, T + 2 * MINUTE)) == [
        "",
        "+status:down",
    ]


def test_it_does_not_count_what_was_under_way_at_a_closing() -> None:
    closed = close(QUIET, ResolveReason.TARGET_CHANGED, T + 5.5)
    for moment, counts in ((T, False), (T + 4, False), (T + 5, True), (T + 60, True)):
        seen = sight(Tool.STATUS, "down", moment)
        assert evaluate(closed.state, seen, STATUS, T + 70).counted is counts


def test_it_closes_only_some() -> None:
    state = run(Tool.DNS, ["changed", "changed", "failed", "failed"])[-1].state
    verdict = close(state, ResolveReason.BASELINE_DELETED, T + 600, only={"dns:records_changed"})
    assert [each.fingerprint for each in verdict.resolutions] == ["dns:records_changed"]
    assert set(verdict.state.tracks) == {"dns:lookup_failed"}


def test_it_reopens_at_the_next_failing_check_after_a_person_resolved() -> None:
    active = run(Tool.STATUS, ["down", "down"])[-1].state
    ended = forget(active, "status:down")
    assert story(run(Tool.STATUS, ["down"], None, ended, T + 5 * MINUTE)) == ["+status:down"]
    assert story(run(Tool.STATUS, ["good", "down"], None, ended, T + 5 * MINUTE)) == ["", ""]


def test_it_forgets_nothing_that_is_not_known() -> None:
    assert forget(QUIET, "status:down") is QUIET
