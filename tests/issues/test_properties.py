"""What holds for every history, however it arrives."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.issues import oracle
from tests.issues.builders import SETTINGS, SIGHTS, T, sight
from tests.issues.oracle import Arrival, Event
from tocsin.issues.rules import QUIET, Settings, State, Verdict, evaluate, forget
from tocsin.probes.contract import Tool

TOOLS = list(Tool)
thresholds = st.integers(1, 4)


@st.composite
def histories(draw: st.DrawFn, tool: Tool) -> list[Arrival]:
    """Checks in any order, some of them twice, with snoozes and people between."""
    words = st.sampled_from(sorted(SIGHTS[tool]))
    count = draw(st.integers(0, 25))
    # Mostly in order, as in life; some late, some again.
    moments = [draw(st.integers(max(0, number - 3), number + 3)) for number in range(count)]
    return [
        Arrival(
            moment=T + 60 * moment,
            word=draw(words),
            snoozed=draw(st.integers(0, 5)) == 0,
            by_hand=draw(st.integers(0, 9)) == 0,
        )
        for moment in moments
    ]


def play(tool: Tool, arrivals: list[Arrival], settings: Settings) -> tuple[State, list[Event]]:
    """Put a history through the rules."""
    state, happened = QUIET, []
    for number, arrival in enumerate(arrivals):
        if arrival.by_hand:
            for name, track in sorted(state.tracks.items()):
                if track.active:
                    happened.append(Event(number, name, "by hand"))
                state = forget(state, name)
            continue
        verdict = _judge(tool, state, arrival, settings)
        state = verdict.state
        told = [Event(number, each.fingerprint, "open") for each in verdict.openings]
        told += [Event(number, each.fingerprint, "resolve") for each in verdict.resolutions]
        happened += sorted(told, key=lambda event: event.fingerprint)
    return state, happened


def _judge(tool: Tool, state: State, arrival: Arrival, settings: Settings) -> Verdict:
    now = T + 100_000
    snoozed = replace(settings, snoozed_until=now + 1 if arrival.snoozed else None)
    return evaluate(state, sight(tool, arrival.word, arrival.moment), snoozed, now)


@pytest.mark.parametrize("tool", TOOLS)
@given(data=st.data(), to_open=thresholds, to_resolve=thresholds)
def test_it_agrees_with_a_naive_oracle(
    tool: Tool, data: st.DataObject, to_open: int, to_resolve: int
) -> None:
    arrivals = data.draw(histories(tool))
    settings = replace(SETTINGS[tool], to_open=to_open, to_resolve=to_resolve)
    expected = oracle.events(tool, arrivals, to_open=to_open, to_resolve=to_resolve)
    assert play(tool, arrivals, settings)[1] == expected


@pytest.mark.parametrize("tool", TOOLS)
@given(data=st.data(), to_open=thresholds, to_resolve=thresholds)
def test_it_changes_nothing_twice(
    tool: Tool, data: st.DataObject, to_open: int, to_resolve: int
) -> None:
    """Whatever has been counted may come again at any later time."""
    arrivals = data.draw(histories(tool))
    settings = replace(SETTINGS[tool], to_open=to_open, to_resolve=to_resolve)
    state, _ = play(tool, arrivals, settings)
    speaking = [each for each in arrivals if not each.by_hand and each.word != "unknown"]
    for again in speaking:
        verdict = _judge(tool, state, again, settings)
        assert verdict.state is state
        assert not verdict.counted
        assert verdict == Verdict(state)


@pytest.mark.parametrize("tool", TOOLS)
@given(data=st.data(), to_open=thresholds)
def test_it_never_opens_twice_without_an_end(tool: Tool, data: st.DataObject, to_open: int) -> None:
    arrivals = data.draw(histories(tool))
    _, happened = play(tool, arrivals, replace(SETTINGS[tool], to_open=to_open))
    for fingerprint in {event.fingerprint for event in happened}:
        opens = [event.what == "open" for event in happened if event.fingerprint == fingerprint]
        assert opens == [number % 2 == 0 for number in range(len(opens))]


@pytest.mark.parametrize("tool", TOOLS)
@given(data=st.data())
def test_it_counts_nothing_of_what_is_unknown(tool: Tool, data: st.DataObject) -> None:
    arrivals = data.draw(histories(tool))
    state, _ = play(tool, arrivals, SETTINGS[tool])
    verdict = _judge(tool, state, Arrival(T + 99_000, "unknown"), SETTINGS[tool])
    assert verdict.state == state
    happened = (*verdict.openings, *verdict.resolutions, *verdict.sightings)
    assert not happened


@pytest.mark.parametrize("tool", TOOLS)
@given(data=st.data())
def test_it_asks_for_extra_runs_only_while_something_is_the_matter(
    tool: Tool, data: st.DataObject
) -> None:
    arrivals = data.draw(histories(tool))
    state, _ = play(tool, arrivals, SETTINGS[tool])
    verdict = _judge(tool, state, Arrival(T + 99_000, "good"), SETTINGS[tool])
    if verdict.state.is_quiet:
        assert verdict.next_run is None
