"""The dns tool: look-ups that fail, records that changed, and the baseline."""

from dataclasses import replace
from typing import Any

import pytest

from tests.issues.builders import BROKEN, DNS, GOOD_DNS, MOVED, T, observe, run, says, story, survey
from tocsin.issues.rules import QUIET, DnsLimits, Verdict, evaluate
from tocsin.issues.vocabulary import Severity
from tocsin.probes.contract import CheckStatus, Outcome, Tool

FAILED, CHANGED = "dns:lookup_failed", "dns:records_changed"
ONCE = replace(DNS, to_open=1)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["failed"], [""]),
        (["failed", "failed"], ["", f"+{FAILED}"]),
        (["changed", "changed"], ["", f"+{CHANGED}"]),
        (["failed", "changed"], ["", ""]),
        # A name that cannot be looked up says nothing of its records.
        (["changed", "failed", "changed"], ["", "", f"+{CHANGED}"]),
        (
            ["changed", "changed", "failed", "failed", "good"],
            ["", f"+{CHANGED}", "", f"+{FAILED}", f"-{FAILED} -{CHANGED}"],
        ),
        (["failed", "failed", "changed"], ["", f"+{FAILED}", f"-{FAILED}"]),
        (["changed", "unknown", "changed"], ["", "", f"+{CHANGED}"]),
    ],
)
def test_it_opens_and_resolves(words: list[str], expected: list[str]) -> None:
    assert story(run(Tool.DNS, words)) == expected


def _judge(*answers: dict[str, Any], limits: DnsLimits | None = None) -> Verdict:
    settings = ONCE if limits is None else replace(ONCE, limits=limits)
    seen = observe(Tool.DNS, T, Outcome.FAILING, survey(*answers))
    return evaluate(QUIET, seen, settings, T)


def test_it_wants_a_majority_of_the_resolvers() -> None:
    assert not _judge(BROKEN, GOOD_DNS, GOOD_DNS).openings
    assert not _judge(MOVED, GOOD_DNS, GOOD_DNS).openings
    assert _judge(BROKEN, BROKEN, GOOD_DNS).openings[0].fingerprint == FAILED
    assert _judge(MOVED, MOVED, GOOD_DNS).openings[0].fingerprint == CHANGED


def test_it_says_what_changed() -> None:
    (opening,) = _judge(MOVED, MOVED, MOVED).openings
    assert opening.severity is Severity.WARNING
    (change,) = opening.context["facts"]["changes"]
    assert change["record_type"] == "A"
    assert list(change["expected"]) == ["192.0.2.1"]
    assert list(change["seen"]) == ["198.51.100.7"]


def test_it_is_critical_where_the_name_cannot_be_looked_up() -> None:
    (opening,) = _judge(BROKEN, BROKEN, BROKEN).openings
    assert opening.severity is Severity.CRITICAL
    assert opening.context["facts"] == {
        "code": "servfail",
        "resolvers_failing": 3,
        "resolvers_asked": 3,
    }


def test_it_looks_at_hard_failures_only_where_told_so() -> None:
    limits = replace(_limits(), hard_failures_only=True)
    assert not _judge(MOVED, MOVED, MOVED, limits=limits).openings
    assert _judge(BROKEN, BROKEN, BROKEN, limits=limits).openings


def test_it_looks_only_at_monitored_types() -> None:
    limits = replace(_limits(), monitored_record_types=("MX",))
    assert not _judge(MOVED, MOVED, MOVED, limits=limits).openings


def test_it_counts_silence_of_all_resolvers() -> None:
    seen = observe(
        Tool.DNS, T, Outcome.FAILING, None, status=CheckStatus.FAILED, problem="Nobody answered."
    )
    (opening,) = evaluate(QUIET, seen, ONCE, T).openings
    assert (opening.fingerprint, opening.summary) == (FAILED, "Nobody answered.")


def _limits() -> DnsLimits:
    assert isinstance(ONCE.limits, DnsLimits)
    return ONCE.limits


def _first_look(*answers: dict[str, Any], outcome: Outcome = Outcome.OK) -> Verdict:
    limits = replace(_limits(), expected_records=None)
    seen = observe(Tool.DNS, T, outcome, survey(*answers))
    return evaluate(QUIET, seen, replace(ONCE, limits=limits), T)


def test_it_takes_the_first_good_check_as_the_baseline() -> None:
    verdict = _first_look(GOOD_DNS, GOOD_DNS, GOOD_DNS)
    assert verdict.baseline == {"A": ["192.0.2.1"], "AAAA": [], "MX": ["10 mail.example.com"]}
    assert not verdict.openings


def test_it_takes_only_what_a_majority_agrees_on() -> None:
    rotating = [says({"A": [f"192.0.2.{number}"]}) for number in range(3)]
    assert _first_look(*rotating).baseline == {"AAAA": [], "MX": []}
    assert _first_look(MOVED, GOOD_DNS, GOOD_DNS).baseline is not None


def test_it_takes_no_baseline_from_a_failed_look_up() -> None:
    assert _first_look(BROKEN, BROKEN, BROKEN, outcome=Outcome.FAILING).baseline is None


def test_it_keeps_a_baseline_that_is_there() -> None:
    seen = observe(Tool.DNS, T, Outcome.OK, survey(MOVED, MOVED, MOVED))
    assert evaluate(QUIET, seen, ONCE, T).baseline is None


def test_it_says_nothing_about_a_result_of_another_shape() -> None:
    seen = observe(Tool.DNS, T, Outcome.FAILING, {"resolver_observations": [1, 2]})
    assert evaluate(QUIET, seen, ONCE, T).state == QUIET
