"""Reading the status tool."""

import msgspec

from tocsin.issues.rules.facts import NoLimits, Observation
from tocsin.issues.rules.reading import Breach, Reading
from tocsin.issues.vocabulary import Fingerprint, Severity
from tocsin.probes.contract import Outcome

_UP = Reading(clear=(Fingerprint.STATUS_DOWN,))


class _Result(msgspec.Struct):
    code: int = 0
    effective_url: str | None = None
    response_time: float | None = None


def read(seen: Observation, _limits: NoLimits) -> Reading:
    """Read the outcome, whatever it rests on: a code, or no response."""
    if seen.outcome is Outcome.OK:
        return _UP
    found = msgspec.convert(seen.result or {}, _Result)
    facts = {
        "code": found.code,
        "effective_url": found.effective_url,
        "response_time": found.response_time,
        "error": seen.problem or None,
    }
    summary = seen.problem or f"The site answers with status {found.code}."
    return Reading((Breach(Fingerprint.STATUS_DOWN, Severity.CRITICAL, summary, facts),))
