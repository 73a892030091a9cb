"""The ssl tool: invalid in a row, expiring at once."""

from dataclasses import replace
from typing import Any

import pytest

from tests.issues.builders import SSL, T, observe, run, story
from tocsin.issues.rules import QUIET, SslLimits, evaluate
from tocsin.issues.vocabulary import Severity
from tocsin.probes.contract import CheckStatus, Outcome, RunReason, Tool


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["invalid"], [""]),
        (["invalid", "invalid"], ["", "+ssl:invalid"]),
        (["invalid", "good", "invalid"], ["", "", ""]),
        (["expiring"], ["+ssl:expiring"]),
        (["expiring", "good"], ["+ssl:expiring", "-ssl:expiring"]),
        (["invalid", "expiring", "invalid"], ["", "+ssl:expiring", ""]),
        # An invalid certificate says nothing of its expiry: that is no recovery.
        (["expiring", "invalid", "invalid"], ["+ssl:expiring", "", "+ssl:invalid"]),
        (
            ["expiring", "invalid", "invalid", "expiring"],
            ["+ssl:expiring", "", "+ssl:invalid", "-ssl:invalid"],
        ),
        (
            ["expiring", "invalid", "invalid", "good"],
            ["+ssl:expiring", "", "+ssl:invalid", "-ssl:invalid -ssl:expiring"],
        ),
    ],
)
def test_it_opens_and_resolves(words: list[str], expected: list[str]) -> None:
    assert story(run(Tool.SSL, words)) == expected


def _valid(days: int) -> dict[str, Any]:
    return {"is_valid": True, "days_left": days, "valid_to": "2027-01-01T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("days", "severity"),
    [
        (15, None),
        (14, Severity.WARNING),
        (4, Severity.WARNING),
        (3, Severity.CRITICAL),
        (0, Severity.CRITICAL),
    ],
)
def test_it_is_critical_in_the_last_three_days(days: int, severity: Severity | None) -> None:
    outcome = Outcome.OK if severity is None else Outcome.FAILING
    openings = evaluate(QUIET, observe(Tool.SSL, T, outcome, _valid(days)), SSL, T).openings
    assert [each.severity for each in openings] == ([] if severity is None else [severity])


def test_it_becomes_critical_without_opening_again() -> None:
    state = evaluate(QUIET, observe(Tool.SSL, T, Outcome.FAILING, _valid(4)), SSL, T).state
    later = evaluate(state, observe(Tool.SSL, T + 1, Outcome.FAILING, _valid(3)), SSL, T + 1)
    assert not later.openings
    (sighting,) = later.sightings
    assert sighting.severity is Severity.CRITICAL
    assert sighting.summary == "The certificate expires in 3 days."


def test_it_asks_for_no_retry_of_a_date() -> None:
    assert run(Tool.SSL, ["expiring"])[0].next_run is None


def test_it_confirms_an_invalid_certificate() -> None:
    following = run(Tool.SSL, ["invalid"])[0].next_run
    assert following is not None
    assert following.reason is RunReason.CONFIRMATION_RETRY


def test_it_never_follows_up() -> None:
    assert run(Tool.SSL, ["invalid", "invalid"])[1].next_run is None


def test_it_counts_a_connection_that_failed_as_invalid() -> None:
    result = {"is_valid": False, "failure_type": "connection_failed", "failure_message": "No."}
    seen = observe(Tool.SSL, T, Outcome.FAILING, result, status=CheckStatus.FAILED, problem="No.")
    (opening,) = evaluate(QUIET, seen, replace(SSL, to_open=1), T).openings
    assert opening.fingerprint == "ssl:invalid"
    assert opening.context["facts"]["failure_type"] == "connection_failed"


def test_it_takes_the_settings_of_now() -> None:
    seen = observe(Tool.SSL, T, Outcome.FAILING, _valid(20))
    wide = replace(SSL, limits=SslLimits(30))
    assert evaluate(QUIET, seen, wide, T).openings
    assert not evaluate(QUIET, seen, SSL, T).openings
