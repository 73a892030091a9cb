"""An attempt by HTTP, through the egress gate."""

import time

from tocsin.kit import clock
from tocsin.notifications.channels.contract import HttpRequest
from tocsin.notifications.channels.text import fit
from tocsin.notifications.messages import Attempt, AttemptError, Verdict
from tocsin.notifications.sending.judging import (
    judge_failure,
    judge_status,
    retry_after_seconds,
)
from tocsin.probes.outbound.client import Outbound
from tocsin.probes.outbound.messages import Answer, OutboundError, Outgoing


async def send_http(outbound: Outbound, request: HttpRequest, *, seconds: float) -> Attempt:
    """Send once, within `seconds`; what a receiver does is an attempt, never an exception."""
    start = time.monotonic()
    outgoing = Outgoing(request.url, request.headers, request.body)
    try:
        answer = await outbound.send(outgoing, seconds=seconds)
    except OutboundError as error:
        return _failed(error, _milliseconds_since(start))
    return _answered(answer, _milliseconds_since(start))


def _answered(answer: Answer, duration_ms: int) -> Attempt:
    verdict, error = judge_status(answer.code)
    return Attempt(
        verdict=verdict,
        duration_ms=duration_ms,
        status_code=answer.code,
        error=error,
        detail=_words(answer.code, error),
        address=answer.address or None,
        answer=fit(answer.body.decode("utf-8", "replace")),
        retry_after=None
        if verdict is Verdict.DELIVERED
        else retry_after_seconds(answer.headers.get("retry-after"), clock.now()),
    )


def _failed(error: OutboundError, duration_ms: int) -> Attempt:
    known = AttemptError(error.code.value)
    return Attempt(
        verdict=judge_failure(known),
        duration_ms=duration_ms,
        error=known,
        detail=fit(str(error)),
        address=error.address,
    )


def _words(code: int, error: AttemptError | None) -> str:
    if error is None:
        return ""
    if error is AttemptError.REDIRECTED:
        return f"The receiver redirects ({code}); redirects are not followed."
    return f"The receiver answered with status {code}."


def _milliseconds_since(start: float) -> int:
    return round((time.monotonic() - start) * 1000)
