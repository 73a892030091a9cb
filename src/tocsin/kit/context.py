"""What is known about the request under way, for whoever must record it: id and address."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`request_id` is what the answer's X-Request-Id says; both are empty outside requests."""

    request_id: str = ""
    address: str = ""


_NONE = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request_context", default=_NONE)


def current() -> RequestContext:
    """Return the context of the request under way, an empty one where there is none."""
    return _current.get()


@contextmanager
def entered(context: RequestContext) -> Iterator[RequestContext]:
    """Make a context the current one inside the block."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def of_request(meta: Mapping[str, str], *, trusted_proxies: int) -> RequestContext:
    """Make the context of a WSGI request, under a new id."""
    return RequestContext(
        request_id=uuid.uuid4().hex, address=client_address(meta, trusted_proxies=trusted_proxies)
    )


def client_address(meta: Mapping[str, str], *, trusted_proxies: int) -> str:
    """Return the address of the client that sent a WSGI request.

    Behind n trusted proxies that is the n-th entry of X-Forwarded-For from the right: each proxy
    appends whom it saw, and what stands further left is the client's own claim.
    """
    remote = meta.get("REMOTE_ADDR", "")
    if trusted_proxies < 1:
        return remote
    seen = [part.strip() for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    claimed = seen[-trusted_proxies] if len(seen) >= trusted_proxies else ""
    return claimed or remote
