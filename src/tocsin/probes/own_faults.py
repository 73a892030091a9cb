"""What can be wrong with us rather than with a site, and which failures each could explain."""

from enum import StrEnum

import msgspec

from tocsin.probes.contract import CheckStatus, Outcome, ProbeError, ProbeResult

LOOKUP_STAGE = "lookup"
_CONNECT_CODES = frozenset({"dns", "timeout", "unreachable"})
_CONNECT_STAGES = frozenset({LOOKUP_STAGE, "connect"})
_TIME_FAILURES = frozenset({"expired", "not_yet_valid"})
# How OpenSSL words it, and libcurl after it.
_TIME_WORDS = ("certificate has expired", "certificate is not yet valid")


class OwnFault(StrEnum):
    """Why a check says more about the vantage than about the site."""

    NO_EGRESS = "no_egress"
    RESOLVER = "resolver"
    CLOCK = "clock"
    CPU_STARVED = "cpu_starved"


WORDS = {
    OwnFault.NO_EGRESS: "This vantage's own network did not let it out.",
    OwnFault.RESOLVER: "This vantage could not resolve well-known names either.",
    OwnFault.CLOCK: "This vantage's clock is wrong, so it cannot judge when certificates end.",
    OwnFault.CPU_STARVED: "This vantage did not get to run while the check was under way.",
}


def failure_stage(result: ProbeResult) -> str | None:
    """Return `lookup` or `connect` if the check failed to connect, else None.

    A refused connection and a response of whatever code are answers.
    """
    error = result.error
    if result.status is not CheckStatus.FAILED or error is None or error.code not in _CONNECT_CODES:
        return None
    stage = error.data.get("stage", LOOKUP_STAGE if error.code == "dns" else "connect")
    return stage if stage in _CONNECT_STAGES else None


def judges_time(result: ProbeResult) -> bool:
    """Tell whether a check fails because of the dates of a certificate, by our clock.

    Few days left are no such case: a clock that is wrong by days is found by what has ended.
    """
    if result.outcome is not Outcome.FAILING:
        return False
    if result.error is not None:
        words = result.error.message.lower()
        return result.error.code == "tls" and any(each in words for each in _TIME_WORDS)
    return (result.result or {}).get("failure_type") in _TIME_FAILURES


def blame(result: ProbeResult, fault: OwnFault) -> ProbeResult:
    """Call the outcome unknown, and say why where people and programs look for it."""
    error = result.error or ProbeError("vantage_fault", WORDS[fault])
    told = msgspec.structs.replace(error, data={**error.data, "vantage_fault": fault.value})
    return msgspec.structs.replace(result, outcome=Outcome.UNKNOWN, error=told)
