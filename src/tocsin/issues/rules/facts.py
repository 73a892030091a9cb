"""What the rules are told: what a check saw, and by which settings it is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.issues.vocabulary import ResolveReason
from tocsin.probes.contract import CheckStatus, Outcome, ProbeResult, Tool


@dataclass(frozen=True, slots=True)
class Observation:
    """What one check saw.

    `moment` (UTC epoch seconds) is the slot, or the time for which a retry was asked; None for a
    manual check. `problem` is why the tool came to no result, for people.
    """

    check: str
    tool: Tool
    moment: float | None
    status: CheckStatus
    outcome: Outcome
    result: Mapping[str, Any] | None = None
    problem: str = ""

    @classmethod
    def of(cls, result: ProbeResult) -> "Observation":
        """Take from a probe's result what the rules look at."""
        ticket = result.ticket
        automatic = ticket is not None and ticket.run_reason is not None
        return cls(
            check=result.check_id,
            tool=result.tool,
            moment=ticket.slot if ticket is not None and automatic else None,
            status=result.status,
            outcome=result.outcome,
            result=result.result,
            problem=result.error.message if result.error is not None else "",
        )


@dataclass(frozen=True, slots=True)
class NoLimits:
    """The status probe has judged already: its codes stand in the request."""


@dataclass(frozen=True, slots=True)
class SslLimits:
    """A valid certificate breaches with `expiry_days` or fewer left."""

    expiry_days: int = 14


@dataclass(frozen=True, slots=True)
class DnsLimits:
    """`expected_records` maps types to values; None until the first good check is the baseline."""

    hard_failures_only: bool = False
    monitored_record_types: Sequence[str] = ()
    expected_records: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class LinksLimits:
    """A crawl breaches with `min_broken_count` dead links or more."""

    min_broken_count: int = 5


@dataclass(frozen=True, slots=True)
class PerformanceLimits:
    """A limit of None is not looked at. The score is 0 to 100."""

    min_score: int = 50
    max_ttfb_ms: float | None = 4000
    max_load_time_seconds: float | None = None


Limits = NoLimits | SslLimits | DnsLimits | LinksLimits | PerformanceLimits


@dataclass(frozen=True, slots=True)
class Settings:
    """By what one tool at one site is judged; resolved.

    `to_open` is `failures_to_open` or `consecutive_breaches_to_open`, `to_resolve` is
    `successes_to_resolve`. `retry_minutes` None: the tool does not confirm; `follow_up_minutes`
    None: it does not follow up. `off` says why nothing may be open, None where it may.
    `revision` and `team_revision` number the settings of the site and of its team.
    `snoozed_until` is in UTC epoch seconds.
    """

    limits: Limits
    to_open: int = 1
    to_resolve: int = 1
    retry_minutes: int | None = None
    follow_up_minutes: int | None = None
    cadence_minutes: int = 1440
    revision: int = 1
    team_revision: int = 0
    snoozed_until: float | None = None
    off: ResolveReason | None = None

    def may_open(self, now: float) -> bool:
        """Tell whether something new may open now."""
        return self.off is None and (self.snoozed_until is None or self.snoozed_until <= now)
