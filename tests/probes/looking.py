"""How the tests of the status tool look at a site."""

import time
from collections.abc import Sequence
from typing import Any

from tocsin.probes.contract import ProbeOptions, ProbeRequest, ProbeResult, StatusSettings, Tool
from tocsin.probes.lookup import Lookup, system_lookup
from tocsin.probes.status import StatusLimits, StatusProbe

LOOPBACK = ("127.0.0.0/8", "::1/128")
QUICK = StatusLimits(connect_seconds=0.5, total_seconds=0.8)


def request_for(
    url: str,
    *,
    headers: tuple[tuple[str, str], ...] = (),
    settings: StatusSettings | None = None,
    seconds: float = 30,
) -> ProbeRequest:
    return ProbeRequest(
        "check",
        Tool.STATUS,
        url,
        settings or StatusSettings(),
        time.time() + seconds,
        headers,
    )


async def look(
    url: str,
    *,
    allow: Sequence[str] = LOOPBACK,
    limits: StatusLimits | None = None,
    lookup: Lookup = system_lookup,
    roots: str | None = None,
    **request: Any,
) -> ProbeResult:
    """Run one status check and close the probe."""
    options = ProbeOptions(
        egress_allow=tuple(allow), extra_ca_file=roots, agent_url="https://tocsin.example"
    )
    probe = StatusProbe(options, limits=limits, lookup=lookup)
    try:
        return await probe(request_for(url, **request))
    finally:
        await probe.close()


def found(result: ProbeResult) -> dict[str, Any]:
    """Return the result object, which every status check has."""
    assert result.result is not None
    return result.result


def code_of(result: ProbeResult) -> str | None:
    """Return the error's code."""
    return None if result.error is None else result.error.code
