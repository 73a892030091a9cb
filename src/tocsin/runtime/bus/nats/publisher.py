"""Publishing that is not done before the server has stored the message."""

import asyncio
import time
from uuid import uuid4

import structlog
from nats.errors import Error, MaxPayloadError
from nats.js.errors import APIError, BadRequestError, NoStreamResponseError

from tocsin.runtime import metrics
from tocsin.runtime.bus.nats.link import ANSWER_SECONDS, Link

log = structlog.get_logger(__name__)
PAUSES = (0.05, 0.1, 0.25, 0.5, 1.0)


async def publish(
    link: Link, subject: str, payload: bytes, *, queue: str, until: float | None = None
) -> bool:
    """Publish a message once, trying until the server confirms it or the moment `until` is past.

    Returns whether it was stored. The message's id is made here and kept by every attempt, so the
    server drops what an attempt without an answer had stored already. It says nothing of what is
    in the message: a check that is rightly asked for again is never taken for a copy.

    Raises BusLost.
    """
    headers = {"Nats-Msg-Id": uuid4().hex}
    attempt = 0
    while until is None or time.time() < until:
        try:
            await link.stream.publish(subject, payload, timeout=ANSWER_SECONDS, headers=headers)
        except (MaxPayloadError, BadRequestError) as error:
            log.warning("message refused", queue=queue, error=str(error), bytes=len(payload))
            return False
        except (Error, OSError, TimeoutError) as error:
            link.require()
            metrics.BUS_PUBLISH_WAITS.labels(queue, _reason(error)).inc()
            await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            attempt += 1
        else:
            return True
    return False


def _reason(error: BaseException) -> str:
    if isinstance(error, NoStreamResponseError):
        return "no_stream"
    return "full" if isinstance(error, APIError) else "unreachable"
