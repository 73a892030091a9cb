"""What goes wrong inside a handler, turned into the contract's answers."""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tocsin.access.gates import Verdict
from tocsin.api import responses
from tocsin.checks.manual import AutomaticCheck
from tocsin.kit import errors as domain
from tocsin.kit.redaction import without_tokens
from tocsin.kit.throttle import Quota

log = logging.getLogger(__name__)

# Where a field of a body or query stands in what pydantic says: source, parameter, field…
BODY_DEPTH = 2
QUERY_DEPTH = 1
MOST_FIELD_LENGTH = 128  # unknown names are the caller's own text


class ApiError(Exception):
    """What the API answers instead of what was asked for."""


class RefusedError(ApiError):
    """A gate refused."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict.code)


class TooOftenError(ApiError):
    """A limit of its own, which this route has, is used up."""

    def __init__(self, quota: Quota) -> None:
        self.quota = quota
        super().__init__("rate_limited")


class UnreadableError(ApiError):
    """The body cannot be taken at all."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code = status, code
        super().__init__(message)


def register(api: NinjaAPI) -> None:
    """Let an API answer every exception in the contract's words."""
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


def unknown_fields(names: Iterable[str], what: str) -> ValidationError:
    """Make the error of fields that do not exist."""
    return ValidationError(
        [{"loc": ("query", name), "msg": f"There is no {what} of this name."} for name in names]
    )


def _refused(_: HttpRequest, error: RefusedError) -> HttpResponse:
    return responses.refused(error.verdict)


def _too_often(_: HttpRequest, error: TooOftenError) -> HttpResponse:
    return responses.rate_limited(error.quota)


def _unreadable(_: HttpRequest, error: UnreadableError) -> HttpResponse:
    return responses.error(error.status, error.code, str(error))


def _not_found(_: HttpRequest, _error: Exception) -> HttpResponse:
    return responses.not_found()


def _too_big(_: HttpRequest, _error: Exception) -> HttpResponse:
    return responses.error(413, "payload_too_large", "The body is too large.")


def _http_error(_: HttpRequest, error: HttpError) -> HttpResponse:
    # The framework raises this one by itself only where it cannot read the body.
    return responses.error(400, "invalid_json", "The body is not JSON.")


def _validation(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if any(each["loc"][0] == "path" for each in error.errors):
        return responses.not_found()
    found: dict[str, list[str]] = {}
    for each in error.errors:
        found.setdefault(_field(each["loc"]), []).append(_message(each))
    return _invalid_input(request, domain.InvalidInput(found))


def _invalid_input(_: HttpRequest, error: domain.InvalidInput) -> HttpResponse:
    return responses.invalid(str(error), error.errors)


def _conflict(_: HttpRequest, error: domain.Conflict) -> HttpResponse:
    return responses.error(409, error.code, str(error))


def _automatic_check(_: HttpRequest, error: AutomaticCheck) -> HttpResponse:
    return responses.error(403, error.code, str(error))


def _domain_error(_: HttpRequest, error: domain.DomainError) -> HttpResponse:
    return responses.error(422, error.code, str(error))


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s failed", request.resolver_match, exc_info=error)
    return responses.server_error()


def _field(location: tuple[Any, ...]) -> str:
    depth = BODY_DEPTH if location[0] == "body" else QUERY_DEPTH
    field = ".".join(str(part) for part in location[depth:]) or str(location[0])
    return without_tokens(field)[:MOST_FIELD_LENGTH]


def _message(error: dict[str, Any]) -> str:
    if error.get("type") == "extra_forbidden":
        return "There is no field of this name."
    message = str(error["msg"]).removeprefix("Value error, ")
    return message if message.endswith(".") else f"{message}."


_HANDLERS: dict[type[Exception], Any] = {
    RefusedError: _refused,
    TooOftenError: _too_often,
    UnreadableError: _unreadable,
    RequestDataTooBig: _too_big,
    Http404: _not_found,
    HttpError: _http_error,
    ValidationError: _validation,
    domain.NotFound: _not_found,
    domain.Conflict: _conflict,
    AutomaticCheck: _automatic_check,
    domain.InvalidInput: _invalid_input,
    domain.DomainError: _domain_error,
    Exception: _unexpected,
}
