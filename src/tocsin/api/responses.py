"""Answers as JSON, and the error bodies of the contract."""

from collections.abc import Mapping

import msgspec
from django.http import HttpResponse

from tocsin.access.failures import Failure
from tocsin.access.gates import Verdict
from tocsin.kit.throttle import Quota

CONTENT_TYPE = "application/json; charset=utf-8"
REALM = 'Bearer realm="tocsin"'

_encoder = msgspec.json.Encoder()


def rendered(body: object, status: int = 200) -> HttpResponse:
    """Render plain data or structs as JSON."""
    return HttpResponse(_encoder.encode(body), status=status, content_type=CONTENT_TYPE)


def error(status: int, code: str, message: str, **more: object) -> HttpResponse:
    """Answer with an error body; `more` adds fields to it."""
    return rendered({"message": message, "code": code, **more}, status)


def not_found() -> HttpResponse:
    """Answer the same for what is absent and for what belongs to others."""
    return error(404, "not_found", "Not found.")


def server_error() -> HttpResponse:
    """Answer that it is our fault, and nothing else."""
    return error(500, "server_error", "Server error.")


def invalid(message: str, errors: Mapping[str, list[str]]) -> HttpResponse:
    """Answer which fields cannot be used."""
    return error(422, "validation_failed", message, errors=errors)


def rate_limited(quota: Quota) -> HttpResponse:
    """Answer that it was too often, and when to come back."""
    response = error(429, "rate_limited", "Too many requests.")
    response["Retry-After"] = str(quota.retry_after)
    return response


def unauthenticated(failure: Failure) -> HttpResponse:
    """Answer that the credential does not count, or that there was none (gate 1)."""
    response = error(401, failure.code, failure.description)
    challenge = REALM
    if failure.presented:
        challenge += f', error="invalid_token", error_description="{failure.description}"'
    response["WWW-Authenticate"] = challenge
    return response


def refused(verdict: Verdict) -> HttpResponse:
    """Answer what a gate said."""
    if verdict.status == 404:  # noqa: PLR2004 - one body for all that is not found
        return not_found()
    if verdict.status == 401:  # noqa: PLR2004
        return unauthenticated(Failure(verdict.code, verdict.reason))
    more: dict[str, object] = {}
    if verdict.required_scope is not None:
        more["required_scope"] = verdict.required_scope
    if verdict.required_permission is not None:
        more["required_permission"] = verdict.required_permission
    response = error(verdict.status, verdict.code, verdict.reason, **more)
    if verdict.required_scope is not None:
        scope = verdict.required_scope
        response["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{scope}"'
    return response
