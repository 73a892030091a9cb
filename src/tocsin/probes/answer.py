"""What a probe found, before it is filed under the request that asked."""

import time
from typing import Any

import msgspec

from tocsin.probes.contract import CheckStatus, Outcome, ProbeError, ProbeRequest, ProbeResult


class Answer(msgspec.Struct, frozen=True):
    """A result without the facts that the request brings."""

    status: CheckStatus
    outcome: Outcome
    result: dict[str, Any] | None
    error: ProbeError | None = None

    def filed(self, request: ProbeRequest, started_at: float, vantage: str) -> ProbeResult:
        """File the answer under its request; it is completed now."""
        return ProbeResult(
            check_id=request.check_id,
            tool=request.tool,
            status=self.status,
            outcome=self.outcome,
            result=self.result,
            error=self.error,
            started_at=started_at,
            completed_at=time.time(),
            vantage=vantage,
            ticket=request.ticket,
        )


def skipped(code: str, message: str) -> Answer:
    """Answer for a tool that has nothing to look at here."""
    return Answer(CheckStatus.SKIPPED, Outcome.UNKNOWN, None, ProbeError(code, message))
