"""When issues open and resolve: pure decisions on plain data.

`evaluate` takes what is known of one tool at one site, what a check saw, by which settings it is
judged and the time, and answers with a verdict. Nothing here reads a clock or a database.
"""

from tocsin.issues.rules.closing import close, forget
from tocsin.issues.rules.evaluation import evaluate
from tocsin.issues.rules.facts import (
    DnsLimits,
    Limits,
    LinksLimits,
    NoLimits,
    Observation,
    PerformanceLimits,
    Settings,
    SslLimits,
)
from tocsin.issues.rules.next_runs import next_run
from tocsin.issues.rules.state import QUIET, State, Track
from tocsin.issues.rules.verdict import NextRun, Opening, Resolution, Sighting, Verdict

__all__ = [
    "QUIET",
    "DnsLimits",
    "Limits",
    "LinksLimits",
    "NextRun",
    "NoLimits",
    "Observation",
    "Opening",
    "PerformanceLimits",
    "Resolution",
    "Settings",
    "Sighting",
    "SslLimits",
    "State",
    "Track",
    "Verdict",
    "close",
    "evaluate",
    "forget",
    "next_run",
]
