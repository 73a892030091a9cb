"""Reading the ssl tool."""

import msgspec

from tocsin.issues.rules.facts import Observation, SslLimits
from tocsin.issues.rules.reading import SILENT, Breach, Reading
from tocsin.issues.vocabulary import Fingerprint, Severity

CRITICAL_DAYS = 3
_GOOD = Reading(clear=(Fingerprint.SSL_INVALID, Fingerprint.SSL_EXPIRING))


class _Result(msgspec.Struct):
    is_valid: bool = False
    days_left: int | None = None
    valid_to: str | None = None
    failure_type: str | None = None
    failure_message: str | None = None


def read(seen: Observation, limits: SslLimits) -> Reading:
    """Read validity and expiry. An invalid certificate says nothing of its expiry."""
    found = msgspec.convert(seen.result or {}, _Result)
    if not found.is_valid:
        return Reading((_invalid(seen, found),))
    if found.days_left is None:
        return SILENT
    if found.days_left > limits.expiry_days:
        return _GOOD
    return Reading((_expiring(found, limits),), (Fingerprint.SSL_INVALID,))


def _invalid(seen: Observation, found: _Result) -> Breach:
    summary = found.failure_message or seen.problem or "The certificate is not valid."
    facts = {"failure_type": found.failure_type, "valid_to": found.valid_to}
    return Breach(Fingerprint.SSL_INVALID, Severity.CRITICAL, summary, facts)


def _expiring(found: _Result, limits: SslLimits) -> Breach:
    days = found.days_left or 0
    severity = Severity.CRITICAL if days <= CRITICAL_DAYS else Severity.WARNING
    summary = f"The certificate expires in {days} day{'' if days == 1 else 's'}."
    facts = {
        "days_left": days,
        "valid_to": found.valid_to,
        "expiry_days": limits.expiry_days,
    }
    # A date does not flap: nothing is gained by looking again.
    return Breach(Fingerprint.SSL_EXPIRING, severity, summary, facts, at_once=True)
