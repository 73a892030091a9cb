"""What one check says of each fingerprint of its tool: a breach, all clear, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tocsin.issues.vocabulary import Fingerprint, Severity


@dataclass(frozen=True, slots=True)
class Breach:
    """Something is wrong. `at_once` where a single check decides, whatever the settings."""

    fingerprint: Fingerprint
    severity: Severity
    summary: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A fingerprint in neither list keeps its counters: the check says nothing of it."""

    breaches: tuple[Breach, ...] = ()
    clear: tuple[Fingerprint, ...] = ()
    baseline: Mapping[str, Sequence[str]] | None = None


SILENT = Reading()
