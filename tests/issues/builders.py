"""Observations and settings for the tests of the rules."""

from collections.abc import Iterable
from typing import Any

from tocsin.issues.rules import (
    QUIET,
    DnsLimits,
    LinksLimits,
    NoLimits,
    Observation,
    PerformanceLimits,
    Settings,
    SslLimits,
    State,
    Verdict,
    evaluate,
)
from tocsin.probes.contract import CheckStatus, Outcome, Tool

T = 1_800_057_600.0
MINUTE = 60.0
RESOLVERS = ("udp://1.1.1.1", "udp://8.8.8.8", "udp://9.9.9.9")
EXPECTED = {"A": ["192.0.2.1"], "MX": ["10 mail.example.com"]}

STATUS = Settings(NoLimits(), 2, 1, 2, 5, cadence_minutes=10)
SSL = Settings(SslLimits(14), 2, 1, 2)
DNS = Settings(
    DnsLimits(monitored_record_types=("A", "AAAA", "MX"), expected_records=EXPECTED), 2, 1, 2
)
LINKS = Settings(LinksLimits(5), 1)
PERFORMANCE = Settings(PerformanceLimits(50, 4000, None), 2)
SETTINGS = {
    Tool.STATUS: STATUS,
    Tool.SSL: SSL,
    Tool.DNS: DNS,
    Tool.BROKEN_LINKS: LINKS,
    Tool.PERFORMANCE: PERFORMANCE,
}


def says(values: dict[str, list[str]], error: str | None = None) -> dict[str, Any]:
    """What one resolver says of each type."""
    kinds = ("A", "AAAA", "MX")
    return {kind: {"values": values.get(kind, []), "error": error, "ms": 1.0} for kind in kinds}


GOOD_DNS = says(EXPECTED)
MOVED = says({**EXPECTED, "A": ["198.51.100.7"]})
BROKEN = says({}, "servfail")


def survey(*answers: dict[str, Any]) -> dict[str, Any]:
    """A result of the dns tool."""
    return {"resolver_observations": dict(zip(RESOLVERS, answers, strict=True))}


def speed(score: float = 90, ttfb: float | None = 300, tti: float | None = 4000) -> dict[str, Any]:
    """A result of the performance tool."""
    metrics = {"ttfb": {"value": ttfb}, "tti": {"value": tti}}
    return {"speed_metrics": {"performance_score": score, "metrics": metrics}}


# What a check can see, by tool and word: outcome and result.
SIGHTS: dict[Tool, dict[str, tuple[Outcome, dict[str, Any] | None]]] = {
    Tool.STATUS: {
        "good": (Outcome.OK, {"up": True, "code": 200}),
        "down": (Outcome.FAILING, {"up": False, "code": 503}),
        "unknown": (Outcome.UNKNOWN, {"up": False, "code": 0}),
    },
    Tool.SSL: {
        "good": (Outcome.OK, {"is_valid": True, "days_left": 60}),
        "expiring": (Outcome.FAILING, {"is_valid": True, "days_left": 9}),
        "invalid": (
            Outcome.FAILING,
            {"is_valid": False, "failure_type": "expired", "failure_message": "It expired."},
        ),
        "unknown": (Outcome.UNKNOWN, None),
    },
    Tool.DNS: {
        "good": (Outcome.OK, survey(GOOD_DNS, GOOD_DNS, GOOD_DNS)),
        "changed": (Outcome.FAILING, survey(MOVED, MOVED, GOOD_DNS)),
        "failed": (Outcome.FAILING, survey(BROKEN, BROKEN, GOOD_DNS)),
        "unknown": (Outcome.UNKNOWN, None),
    },
    Tool.BROKEN_LINKS: {
        "good": (Outcome.OK, {"found": 4}),
        "found": (Outcome.FAILING, {"found": 5}),
        "unknown": (Outcome.UNKNOWN, None),
    },
    Tool.PERFORMANCE: {
        "good": (Outcome.OK, speed()),
        "slow": (Outcome.FAILING, speed(score=30)),
        "unknown": (Outcome.UNKNOWN, None),
    },
}


def observe(
    tool: Tool,
    moment: float | None,
    outcome: Outcome,
    result: dict[str, Any] | None,
    *,
    status: CheckStatus = CheckStatus.COMPLETED,
    problem: str = "",
) -> Observation:
    """One check, named after its moment."""
    return Observation(f"check-{moment}", tool, moment, status, outcome, result, problem)


def sight(tool: Tool, word: str, moment: float | None) -> Observation:
    """One check that saw what a word of SIGHTS says."""
    outcome, result = SIGHTS[tool][word]
    return observe(tool, moment, outcome, result)


def run(
    tool: Tool,
    words: Iterable[str],
    settings: Settings | None = None,
    state: State = QUIET,
    start: float = T,
) -> list[Verdict]:
    """Judge checks a minute apart; return every verdict."""
    verdicts = []
    for number, word in enumerate(words):
        moment = start + number * MINUTE
        chosen = SETTINGS[tool] if settings is None else settings
        verdicts.append(evaluate(state, sight(tool, word, moment), chosen, moment))
        state = verdicts[-1].state
    return verdicts


def story(verdicts: Iterable[Verdict]) -> list[str]:
    """Tell what happened at each check: `+` and `-` before a fingerprint, blanks between."""
    return [
        " ".join(
            [f"+{each.fingerprint}" for each in verdict.openings]
            + [f"-{each.fingerprint}" for each in verdict.resolutions]
        )
        for verdict in verdicts
    ]
