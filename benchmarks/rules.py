"""How many checks a second one core can judge by the rules of issues.

Usage: python benchmarks/rules.py [seconds]. Prints evaluations a second over a mixed history
(goods, failures, recoveries) for each tool, and the ratio to the goal of 50,000.
"""

import sys
import time
from collections.abc import Sequence

from tocsin.issues.rules import (
    QUIET,
    DnsLimits,
    LinksLimits,
    NoLimits,
    Observation,
    PerformanceLimits,
    Settings,
    SslLimits,
    evaluate,
)
from tocsin.probes.contract import CheckStatus, Outcome, Tool

GOAL = 50_000
STATUS = Settings(NoLimits(), 2, 1, 2, 5, cadence_minutes=1)
# One failure in every pattern of ten, then an incident of three checks.
PATTERN = "gggbgggbbb"
RESOLVERS = ("udp://1.1.1.1", "udp://8.8.8.8", "udp://9.9.9.9")
KINDS = ("A", "AAAA", "CNAME", "MX", "NS", "TXT")


def looked_up(**answer: object) -> dict[str, object]:
    """Make a result of the dns tool in which every resolver says the same."""
    said = {kind: {"values": [], "error": None, "ms": 1.0, **answer} for kind in KINDS}
    return {"resolver_observations": dict.fromkeys(RESOLVERS, said)}


METRICS = {"ttfb": {"value": 300}, "tti": {"value": 4000}}
EXPECTING = DnsLimits(monitored_record_types=KINDS, expected_records={"A": ["192.0.2.1"]})
CASES: dict[Tool, tuple[Settings, dict[str, object], dict[str, object]]] = {
    Tool.STATUS: (STATUS, {"up": True, "code": 200}, {"up": False, "code": 503}),
    Tool.SSL: (
        Settings(SslLimits(), 2, 1, 2),
        {"is_valid": True, "days_left": 60},
        {"is_valid": False, "failure_type": "expired", "failure_message": "Expired."},
    ),
    Tool.DNS: (
        Settings(EXPECTING, 2, 1, 2),
        looked_up(values=["192.0.2.1"]),
        looked_up(error="servfail"),
    ),
    Tool.BROKEN_LINKS: (Settings(LinksLimits()), {"found": 0}, {"found": 9}),
    Tool.PERFORMANCE: (
        Settings(PerformanceLimits(), 2),
        {"speed_metrics": {"performance_score": 90, "metrics": METRICS}},
        {"speed_metrics": {"performance_score": 30, "metrics": METRICS}},
    ),
}


def history(tool: Tool, count: int) -> list[Observation]:
    """Make `count` checks, a minute apart."""
    _, good, bad = CASES[tool]
    return [
        Observation(
            check=f"check-{number}",
            tool=tool,
            moment=60.0 * (number + 1),
            status=CheckStatus.COMPLETED,
            outcome=Outcome.OK if PATTERN[number % len(PATTERN)] == "g" else Outcome.FAILING,
            result=good if PATTERN[number % len(PATTERN)] == "g" else bad,
        )
        for number in range(count)
    ]


def rate(settings: Settings, checks: Sequence[Observation], seconds: float) -> float:
    """Return evaluations a second of processor time."""
    done, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        state = QUIET
        for seen in checks:
            state = evaluate(state, seen, settings, seen.moment or 0.0).state
        done += len(checks)
    return done / (time.process_time() - began)


def main() -> None:
    """Measure each tool."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    for tool, (settings, _, _) in CASES.items():
        figure = rate(settings, history(tool, 10_000), seconds)
        print(f"{tool:14} {figure:>10,.0f} evaluations/s/core  {figure / GOAL:.1f} x the goal")


if __name__ == "__main__":
    main()
