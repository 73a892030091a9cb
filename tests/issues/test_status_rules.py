"""The status tool: in a row to open, in a row to resolve, retries and follow-ups between."""

from dataclasses import replace

import pytest

from tests.issues.builders import MINUTE, STATUS, T, observe, run, sight, story
from tocsin.issues.rules import QUIET, evaluate
from tocsin.issues.vocabulary import ResolveReason, Severity
from tocsin.probes.contract import CheckStatus, Outcome, RunReason, Tool

DOWN = "status:down"


@pytest.mark.parametrize(
    ("to_open", "to_resolve", "words", "expected"),
    [
        (1, 1, "d", ["+"]),
        (1, 1, "dg", ["+", "-"]),
        (1, 1, "dgd", ["+", "-", "+"]),
        (2, 1, "d", [""]),
        (2, 1, "dgdg", ["", "", "", ""]),
        (2, 1, "dd", ["", "+"]),
        (2, 1, "ddd", ["", "+", ""]),
        (2, 1, "ddgdd", ["", "+", "-", "", "+"]),
        (2, 1, "dud", ["", "", "+"]),
        (2, 1, "ddu", ["", "+", ""]),
        (2, 2, "ddgg", ["", "+", "", "-"]),
        (2, 2, "ddgdgg", ["", "+", "", "", "", "-"]),
        (2, 2, "ddgug", ["", "+", "", "", "-"]),
        (3, 3, "ddgdddggg", ["", "", "", "", "", "+", "", "", "-"]),
        (20, 1, "d" * 20, [""] * 19 + ["+"]),
    ],
)
def test_it_opens_and_resolves_in_a_row(
    to_open: int, to_resolve: int, words: str, expected: list[str]
) -> None:
    settings = replace(STATUS, to_open=to_open, to_resolve=to_resolve)
    names = {"d": "down", "g": "good", "u": "unknown"}
    told = story(run(Tool.STATUS, [names[each] for each in words], settings))
    assert told == [f"{each}{DOWN}" if each else "" for each in expected]


def test_it_is_critical_and_says_why() -> None:
    (opening,) = run(Tool.STATUS, ["down", "down"])[-1].openings
    assert opening.severity is Severity.CRITICAL
    assert opening.summary == "The site answers with status 503."
    assert opening.context == {
        "opening": {
            "checks": [f"check-{T}", f"check-{T + MINUTE}"],
            "breaches_in_a_row": 2,
            "breaches_to_open": 2,
            "failing_since": "2027-01-16T00:00:00+00:00",
            "settings_revision": 1,
            "team_settings_revision": 0,
        },
        "facts": {"code": 503, "effective_url": None, "response_time": None, "error": None},
    }


def test_it_takes_the_words_of_a_check_that_got_no_response() -> None:
    settings = replace(STATUS, to_open=1)
    seen = observe(
        Tool.STATUS,
        T,
        Outcome.FAILING,
        {"up": False, "code": 0},
        status=CheckStatus.FAILED,
        problem="The connection timed out.",
    )
    (opening,) = evaluate(QUIET, seen, settings, T).openings
    assert opening.summary == "The connection timed out."


def test_it_names_the_checks_that_resolved() -> None:
    settings = replace(STATUS, to_resolve=2)
    (resolution,) = run(Tool.STATUS, ["down", "down", "good", "good"], settings)[-1].resolutions
    assert resolution.reason is ResolveReason.RECOVERED
    assert resolution.alerts
    decided = resolution.context["resolution"]
    assert decided["checks"] == [f"check-{T + 2 * MINUTE}", f"check-{T + 3 * MINUTE}"]
    assert decided["goods_in_a_row"] == 2


def test_it_confirms_the_first_failure_until_it_opens() -> None:
    settings = replace(STATUS, to_open=3, retry_minutes=2)
    first, second, third = run(Tool.STATUS, ["down", "down", "down"], settings)
    for number, verdict in enumerate((first, second)):
        assert verdict.next_run is not None
        assert verdict.next_run.reason is RunReason.CONFIRMATION_RETRY
        assert verdict.next_run.at == T + number * MINUTE + 2 * MINUTE
    assert third.next_run is not None
    assert third.next_run.reason is RunReason.INCIDENT_FOLLOW_UP


def test_it_stops_confirming_at_a_good_check() -> None:
    assert run(Tool.STATUS, ["down", "good"])[-1].next_run is None


def test_it_asks_again_when_a_retry_says_nothing() -> None:
    first, second = run(Tool.STATUS, ["down", "unknown"])
    assert second.state == first.state
    assert second.next_run is not None
    assert second.next_run.reason is RunReason.CONFIRMATION_RETRY


@pytest.mark.parametrize(
    ("cadence", "follow_up", "minutes"), [(10, 5, 5), (10, 10, None), (1, 5, None), (60, 60, None)]
)
def test_it_follows_up_never_slower_than_the_cadence(
    cadence: int, follow_up: int, minutes: int | None
) -> None:
    settings = replace(STATUS, to_open=1, cadence_minutes=cadence, follow_up_minutes=follow_up)
    following = run(Tool.STATUS, ["down"], settings)[0].next_run
    assert (None if following is None else (following.at - T) / MINUTE) == minutes


def test_it_ignores_manual_checks() -> None:
    settings = replace(STATUS, to_open=1)
    verdict = evaluate(QUIET, sight(Tool.STATUS, "down", None), settings, T)
    assert verdict.state is QUIET
    assert not verdict.counted
    assert not verdict.openings


@pytest.mark.parametrize("word", ["down", "good"])
def test_it_ignores_what_is_not_newer_than_what_counted(word: str) -> None:
    state = run(Tool.STATUS, ["good", "down"])[-1].state
    for moment in (T, T + MINUTE):
        verdict = evaluate(state, sight(Tool.STATUS, word, moment), STATUS, T + 5 * MINUTE)
        assert verdict.state is state
        assert not verdict.counted


def test_it_says_nothing_about_a_result_of_another_shape() -> None:
    seen = observe(Tool.STATUS, T, Outcome.FAILING, {"code": ["no", "number"]})
    verdict = evaluate(QUIET, seen, replace(STATUS, to_open=1), T)
    assert verdict.state == QUIET
    assert not verdict.openings
