"""The headers of requests and answers; contract, section 2."""

from http import HTTPStatus
from typing import Any

from tocsin.api import idempotency, limits

Schema = dict[str, Any]

IDEMPOTENCY_KEY: Schema = {
    "in": "header",
    "name": idempotency.HEADER,
    "required": False,
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": idempotency.LONGEST,
        "pattern": f"^{idempotency.PATTERN}$",
    },
    "description": "The same request again within 24 hours gets the same answer, with "
    f"`{idempotency.REPLAYED}: true`; another request under the same key gets 409.",
    "example": "deploy-2026-11-24-shop",
}

_ON_EVERY_ANSWER = (
    "X-Request-Id",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
)


def components() -> dict[str, Schema]:
    """Return every header that an answer may carry."""
    most = limits.requests_a_token.limit
    return {
        "X-Request-Id": _header(
            "Names this request in the log and the audit record; quote it when you ask for help.",
            {"type": "string"},
            "0199a3c1-5d1e-7c3a-9f04-5b7d2c1e8a60",
        ),
        "X-RateLimit-Limit": _header(
            "How many requests the tighter of the limits that apply lets through in a minute.",
            {"type": "integer", "minimum": 1},
            most,
        ),
        "X-RateLimit-Remaining": _header(
            "How many of them are left.", {"type": "integer", "minimum": 0}, most - 1
        ),
        "X-RateLimit-Reset": _header(
            "When the oldest request counted is let go: seconds since 1970, UTC.",
            {"type": "integer"},
            1795510920,
        ),
        "Retry-After": _header(
            "Seconds to wait before the next request.", {"type": "integer", "minimum": 1}, 17
        ),
        "WWW-Authenticate": _header(
            "How to authenticate, or which scope is missing; RFC 6750.",
            {"type": "string"},
            'Bearer realm="tocsin"',
        ),
        idempotency.REPLAYED: _header(
            "`true` where this is the first answer to the same request, sent again.",
            {"type": "string", "enum": ["true"]},
            "true",
        ),
    }


def of_answer(status: int, *, scoped: bool, post: bool) -> dict[str, Schema]:
    """Return references to the headers of one answer of an operation."""
    names = [*_ON_EVERY_ANSWER]
    if status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.FORBIDDEN and scoped):
        names.append("WWW-Authenticate")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        names.append("Retry-After")
    if post and status < HTTPStatus.MULTIPLE_CHOICES:
        names.append(idempotency.REPLAYED)
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header(description: str, schema: Schema, example: object) -> Schema:
    return {"description": description, "schema": schema, "example": example}
