"""What the rules answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.issues.rules.state import State
from tocsin.issues.vocabulary import Fingerprint, ResolveReason, Severity
from tocsin.probes.contract import RunReason


@dataclass(frozen=True, slots=True)
class Opening:
    """An issue opens, or reopens where the site has had it before. `context` explains why."""

    fingerprint: Fingerprint
    severity: Severity
    summary: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sighting:
    """An active issue was looked at again. The rest is None where the check did not show it."""

    fingerprint: str
    severity: Severity | None = None
    summary: str | None = None
    context: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """An active issue ends. `context` explains why; empty where no check decided."""

    fingerprint: str
    reason: ResolveReason
    context: Mapping[str, Any]

    @property
    def alerts(self) -> bool:
        """Tell whether anybody is told: only of a recovery."""
        return self.reason is ResolveReason.RECOVERED


@dataclass(frozen=True, slots=True)
class NextRun:
    """An extra check to run at a moment (UTC epoch seconds), beside the slots."""

    at: float
    reason: RunReason


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` is what to remember; where `counted` is False, the check changed nothing at all.

    `next_run` replaces what was asked for before. `baseline` are DNS records to expect from now on.
    """

    state: State
    counted: bool = False
    openings: tuple[Opening, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    next_run: NextRun | None = None
    baseline: Mapping[str, Sequence[str]] | None = None
