"""What can go wrong, one exception a kind. None of them carries the token or the request."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any


class TocsinError(Exception):
    """Base of everything that this client raises about Tocsin."""


class ConnectionFailedError(TocsinError):
    """No answer came: not connected, cut off, or too late."""


class UnexpectedAnswerError(TocsinError):
    """Something answered that does not speak this API, such as a proxy's own error page."""

    def __init__(self, status: int, request_id: str | None) -> None:
        self.status, self.request_id = status, request_id
        super().__init__(f"HTTP {status} without an answer of the API")


class ApiError(TocsinError):
    """Tocsin refused, and said why.

    `code` is the contract's word and safe to compare; `errors` names what is wrong by dotted
    field (422 only); `required_scope` and `required_permission` what was missing (403 only);
    `retry_after` is in seconds (429 and 503); quote `request_id` when you ask for help.
    """

    def __init__(
        self,
        status: int,
        body: Mapping[str, Any],
        *,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.status = status
        self.code = str(body.get("code", ""))
        self.message = str(body.get("message", ""))
        self.errors: Mapping[str, list[str]] = body.get("errors") or {}
        self.required_scope: str | None = body.get("required_scope")
        self.required_permission: str | None = body.get("required_permission")
        self.request_id, self.retry_after = request_id, retry_after
        super().__init__(f"HTTP {status} {self.code}: {self.message}")


class UnauthenticatedError(ApiError):
    """401: the token is missing, unknown, expired or revoked."""


class PlanInactiveError(ApiError):
    """402: the team's plan is inactive."""


class ForbiddenError(ApiError):
    """403: a scope, a permission or a second factor is missing; `code` says which."""


class NotFoundError(ApiError):
    """404: there is no such thing, or it belongs to a team that you are not in."""


class ConflictError(ApiError):
    """409: it cannot be done in the state that the thing is in."""


class InvalidError(ApiError):
    """422: something that was sent cannot be used, or a limit is reached."""


class RateLimitedError(ApiError):
    """429: too many requests, also after waiting as long as the client was told to."""


class ServerFailedError(ApiError):
    """5xx: Tocsin's own fault."""


class WaitTimeoutError(TocsinError):
    """Some checks had not ended in time; `pending` are their UUIDs, and they run on."""

    def __init__(self, pending: tuple[str, ...]) -> None:
        self.pending = pending
        super().__init__(f"{len(pending)} checks had not ended in time")


_BY_STATUS: dict[int, type[ApiError]] = {
    HTTPStatus.UNAUTHORIZED: UnauthenticatedError,
    HTTPStatus.PAYMENT_REQUIRED: PlanInactiveError,
    HTTPStatus.FORBIDDEN: ForbiddenError,
    HTTPStatus.NOT_FOUND: NotFoundError,
    HTTPStatus.CONFLICT: ConflictError,
    HTTPStatus.UNPROCESSABLE_ENTITY: InvalidError,
    HTTPStatus.TOO_MANY_REQUESTS: RateLimitedError,
}


def error_class(status: int) -> type[ApiError]:
    """Return the exception of a status."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServerFailedError
    return _BY_STATUS.get(status, ApiError)
