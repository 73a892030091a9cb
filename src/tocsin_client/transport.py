"""One request: the token on it, the answer or its error from it, and when to try again.

What may be sent again without harm is tried again within a client's patience: reads, and every
POST, since each carries an Idempotency-Key. Nothing else is.
"""

import random
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx2
import msgspec

from tocsin_client import errors

RETRIED_METHODS = frozenset({"GET", "POST"})
RETRIED_STATUSES = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
MOST_ATTEMPTS = 5
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds, where no Retry-After says better


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many requests are left, as the last answer told it."""

    limit: int
    remaining: int


class _Bearer(httpx2.Auth):
    """Puts the token on requests; keeps it out of the client's headers and of every repr."""

    def __init__(self, token: str) -> None:
        # The transport quotes a header that it cannot send, so such a token must not reach it.
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise ValueError("This is not a token: it has characters that no token has.")
        self._token = token

    def auth_flow(
        self, request: httpx2.Request
    ) -> Generator[httpx2.Request, httpx2.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token}"
        yield request

    def __repr__(self) -> str:
        return "<token>"


class Transport:
    """Sends requests to one Tocsin. Not for several threads at once."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        timeout: float,
        patience: float,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        if "@" in url:
            raise ValueError("Give the address without a user name: the token says who you are.")
        self._patience = patience
        self.allowance: Allowance | None = None
        self._http = httpx2.Client(
            base_url=f"{url.rstrip('/')}/api/v1",
            auth=_Bearer(token),
            headers={"Accept": "application/json", "User-Agent": "tocsin-client"},
            timeout=timeout,
            transport=transport,
        )

    @property
    def url(self) -> str:
        """Where requests go."""
        return str(self._http.base_url)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        key: str | None = None,
        patience: float | None = None,
    ) -> bytes:
        """Return the body of the answer; sleeps `patience` seconds at most for further tries.

        Raises ApiError, ConnectionFailedError, UnexpectedAnswerError.
        """
        left = self._patience if patience is None else patience
        headers = {} if key is None else {"Idempotency-Key": key}
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        attempt = 1
        while True:
            request = self._http.build_request(
                method, path, params=query, content=content, headers=headers
            )
            found = self._answer(request)
            if isinstance(found, bytes):
                return found
            pause = _pause(found, attempt)
            if attempt == MOST_ATTEMPTS or pause > left or not _may_pass(method, found):
                raise found
            time.sleep(pause)
            attempt, left = attempt + 1, left - pause

    def _answer(self, request: httpx2.Request) -> bytes | errors.TocsinError:
        problem = ""
        try:
            answer = self._http.send(request)
        except httpx2.HTTPError as error:
            problem = f"{type(error).__name__} from {request.url.host}"
        if problem:
            # Made outside the handler: the original holds the request, and with it the token.
            return errors.ConnectionFailedError(problem)
        self._note(answer.headers)
        return answer.content if answer.is_success else _error(answer)

    def _note(self, headers: Mapping[str, str]) -> None:
        limit, remaining = headers.get("X-RateLimit-Limit"), headers.get("X-RateLimit-Remaining")
        if limit and remaining and limit.isdecimal() and remaining.isdecimal():
            self.allowance = Allowance(int(limit), int(remaining))


def _error(answer: httpx2.Response) -> errors.TocsinError:
    request_id = answer.headers.get("X-Request-Id")
    try:
        body = msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.DecodeError:
        body = {}
    if "code" not in body:
        return errors.UnexpectedAnswerError(answer.status_code, request_id)
    kind = errors.error_class(answer.status_code)
    retry_after = _seconds(answer.headers.get("Retry-After"))
    return kind(answer.status_code, body, request_id=request_id, retry_after=retry_after)


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdecimal() else None


def _may_pass(method: str, error: errors.TocsinError) -> bool:
    """Say whether the same request may be sent again, and may go well in a while."""
    if method not in RETRIED_METHODS:
        return False
    if isinstance(error, errors.ApiError | errors.UnexpectedAnswerError):
        return error.status in RETRIED_STATUSES
    return True


def _pause(error: errors.TocsinError, attempt: int) -> float:
    told = error.retry_after if isinstance(error, errors.ApiError) else None
    if told is not None:
        return told
    # Spread, so that clients that failed together do not come back together.
    spread = random.uniform(0.5, 1)  # noqa: S311 - nothing is kept secret by it
    return spread * min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (attempt - 1))
