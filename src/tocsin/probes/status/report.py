"""The contract's `result` object of the status tool, built from what a journey found."""

import time
from typing import Any

import msgspec

from tocsin.probes.contract import (
    CheckStatus,
    Outcome,
    ProbeError,
    ProbeRequest,
    ProbeResult,
    StatusSettings,
)
from tocsin.probes.status.failures import OUR_FAULT

_DEFAULTS = StatusSettings()


class Phases(msgspec.Struct):
    """Milliseconds spent by phase, over all attempts and redirects.

    `dns`, `connect` and `tls` are durations; `ttfb` and `total` count from the start of the check.
    """

    dns: float = 0.0
    connect: float = 0.0
    tls: float = 0.0
    ttfb: float = 0.0
    total: float = 0.0


class Finding(msgspec.Struct, frozen=True):
    """What a check found: `code` 0 and an error where no response came."""

    started_at: float
    code: int
    effective_url: str
    redirects: tuple[dict[str, Any], ...]
    phases: Phases
    ip: str | None
    http_version: str | None
    error: ProbeError | None


def is_up(code: int, settings: StatusSettings) -> bool:
    """Judge a response: 2xx and 3xx are up, and so is a 4xx that the settings leave out."""
    family = code // 100
    return family in (2, 3) or (family == 4 and code not in settings.incident_status_codes)  # noqa: PLR2004


def build_result(request: ProbeRequest, finding: Finding, vantage: str) -> ProbeResult:
    """Build the result that travels back to the asker."""
    settings = request.settings if isinstance(request.settings, StatusSettings) else _DEFAULTS
    error = finding.error
    up = error is None and is_up(finding.code, settings)
    return ProbeResult(
        check_id=request.check_id,
        tool=request.tool,
        status=CheckStatus.COMPLETED if error is None else CheckStatus.FAILED,
        outcome=_outcome(error, up=up),
        result=_result_object(request.url, finding, up=up),
        error=error,
        started_at=finding.started_at,
        completed_at=time.time(),
        vantage=vantage,
        ticket=request.ticket,
    )


def _outcome(error: ProbeError | None, *, up: bool) -> Outcome:
    if up:
        return Outcome.OK
    return Outcome.UNKNOWN if error is not None and error.code in OUR_FAULT else Outcome.FAILING


def _result_object(url: str, finding: Finding, *, up: bool) -> dict[str, Any]:
    phases = finding.phases
    result: dict[str, Any] = {
        "up": up,
        "code": finding.code,
        "url": url,
        "effective_url": finding.effective_url,
        "response_time": round(phases.total, 3),
        "redirected": bool(finding.redirects),
        "redirect_count": len(finding.redirects),
        "timings": {
            "dns": round(phases.dns, 3),
            "connect": round(phases.connect, 3),
            "tls": round(phases.tls, 3),
            "ttfb": round(phases.ttfb, 3),
            "total": round(phases.total, 3),
        },
        "ip": finding.ip,
        "http_version": finding.http_version,
    }
    if finding.redirects:
        result["redirects"] = list(finding.redirects)
    if finding.code == 0 and finding.error is not None:
        result["error"] = finding.error.message
    return result
