"""The description of version 1: OpenAPI 3.1, with the scope of each operation.

The framework describes parameters and bodies. Answers are msgspec structs, described from the
handlers' own annotations, so that there is one shape and not two.
"""

import typing
from functools import cache
from http import HTTPStatus
from typing import Any, cast

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from tocsin.access.scopes import DESCRIPTIONS
from tocsin.api import idempotency
from tocsin.api.guards import Guard
from tocsin.api.responses import rendered
from tocsin.api.v1.app import api

PATH_PREFIX = "/api/v1"
REF_TEMPLATE = "#/components/schemas/{name}"
SECURITY_SCHEME = "token"
REFUSALS = (401, 402, 403, 404, 422, 429, 500)
OF_BODIES = (400, 413, 415)
OF_CHANGES = (409,)
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": idempotency.HEADER,
    "required": False,
    "schema": {"type": "string", "pattern": f"^{idempotency.PATTERN}$"},
    "description": "The same request again within 24 hours gets the same answer, with "
    f"`{idempotency.REPLAYED}: true`; another request under the same key gets 409.",
}


class Error(msgspec.Struct):
    """Any answer that is not a success. Some codes add fields of their own."""

    message: str
    code: str
    required_scope: str | msgspec.UnsetType = msgspec.UNSET
    required_permission: str | msgspec.UnsetType = msgspec.UNSET
    errors: dict[str, list[str]] | msgspec.UnsetType = msgspec.UNSET


class Description(OpenAPISchema):
    """The framework's description, with answers and scopes filled in."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """Describe one operation under its handler's name."""
        operation.operation_id = operation.view_func.__name__
        details: dict[str, Any] = super().operation_details(operation)
        details["summary"] = (operation.view_func.__doc__ or "").strip().splitlines()[0]
        details.pop("description", None)
        permission = cast("Guard", operation.auth_callbacks[0]).permission
        if permission is not None:
            details["x-required-permission"] = str(permission)
        if "POST" in operation.methods:
            details["parameters"].append(IDEMPOTENCY_KEY)
        return details

    def responses(self, operation: Operation) -> dict[int, dict[str, Any]]:
        """Describe the success from the handler's annotation, and the refusals."""
        answer = typing.get_type_hints(operation.view_func)["return"]
        success = next(iter(operation.response_models))
        error = self._schema_of(Error)
        described = {status: _described(status, error) for status in _refusals(operation)}
        if success == HTTPStatus.NO_CONTENT:
            return {success: {"description": HTTPStatus.NO_CONTENT.phrase}, **described}
        return {success: _described(success, self._schema_of(answer)), **described}

    def operation_security(self, operation: Operation) -> list[dict[str, Any]]:
        """Name the scope that a token needs."""
        guard = cast("Guard", operation.auth_callbacks[0])
        scope = guard.required_scope
        return [{SECURITY_SCHEME: [] if scope is None else [str(scope)]}]

    def _schema_of(self, answer: Any) -> dict[str, Any]:
        (schema,), components = msgspec.json.schema_components([answer], ref_template=REF_TEMPLATE)
        self.add_schema_definitions(components)
        return schema


def show(request: HttpRequest) -> HttpResponse:
    """Answer GET /openapi/v1.json; needs no token."""
    return rendered(_document())


@cache
def _document() -> dict[str, Any]:
    document = dict(Description(api, PATH_PREFIX))
    document["servers"] = [{"url": settings.BASE_URL}]
    document["components"]["securitySchemes"] = {
        SECURITY_SCHEME: {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made under Settings → API tokens. Scopes:\n\n"
            + "\n".join(f"- `{scope}`: {text}" for scope, text in DESCRIPTIONS.items()),
        }
    }
    return document


def _refusals(operation: Operation) -> list[int]:
    takes_body = cast("Guard", operation.auth_callbacks[0]).takes_body
    changes = {"POST", "DELETE"} & set(operation.methods)
    return sorted((*REFUSALS, *(OF_BODIES if takes_body else ()), *(OF_CHANGES if changes else ())))


def _described(status: int, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": HTTPStatus(status).phrase,
        "content": {"application/json": {"schema": schema}},
    }
