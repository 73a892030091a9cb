"""The description, put together.

The framework describes parameters and bodies. Answers are msgspec structs, described from the
handlers' own annotations, so that there is one shape and not two. Refusals come from the guards.
"""

import re
import typing
from functools import cache
from http import HTTPStatus
from typing import Any, cast

import msgspec
from django.conf import settings
from django.utils import translation
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from tocsin.access.permissions import SCOPE_OF_PERMISSION, Permission
from tocsin.access.scopes import DESCRIPTIONS as SCOPES
from tocsin.api.guards import Guard
from tocsin.api.v1.app import api
from tocsin.api.v1.openapi import headers, monitoring, prose, results
from tocsin.api.v1.openapi.examples import answers, bodies
from tocsin.api.v1.openapi.links import links_of
from tocsin.api.v1.openapi.naming import of_parameter, plain_name, tidied
from tocsin.api.v1.openapi.refusals import Error, Facts, Refusal, refusals

PATH_PREFIX = "/api/v1"
REF_TEMPLATE = "#/components/schemas/{name}"
SECURITY_SCHEME = "token"
JSON = "application/json"

# Names a team in its query, so its handler asks the gates and not its guard.
_OF_QUERY = {"list_issues": Permission.VIEW_ISSUES}

Schema = dict[str, Any]


class Description(OpenAPISchema):
    """The framework's description, with answers, refusals, scopes and examples filled in."""

    def operation_details(self, operation: Operation) -> dict[str, Any]:
        """Describe one operation under its handler's name."""
        facts = _facts(operation)
        operation.operation_id = facts.name
        details: dict[str, Any] = super().operation_details(operation)
        details["summary"] = (operation.view_func.__doc__ or "").strip().splitlines()[0]
        details["description"] = _description(facts)
        if facts.permission is not None:
            details["x-required-permission"] = str(facts.permission)
        details["parameters"] = [_parameter(each) for each in details["parameters"]]
        if facts.method == "POST":
            details["parameters"].append(headers.IDEMPOTENCY_KEY)
        if facts.name in bodies.BODIES:
            details["requestBody"]["content"][JSON]["example"] = bodies.BODIES[facts.name]
        else:
            # A body without fields is taken and need not be known.
            details.pop("requestBody", None)
        return details

    def responses(self, operation: Operation) -> dict[int, dict[str, Any]]:
        """Describe the success from the handler's annotation, and every refusal."""
        facts = _facts(operation)
        success = int(next(iter(operation.response_models)))
        described = {success: self._success(operation, facts, success)}
        error = self._schema_of(Error)
        by_status: dict[int, list[Refusal]] = {}
        for refusal in refusals(facts):
            by_status.setdefault(refusal.status, []).append(refusal)
        for status, refused in sorted(by_status.items()):
            described[status] = _answer(facts, status, error, _named(refused))
        return described

    def operation_security(self, operation: Operation) -> list[dict[str, Any]]:
        """Name the scope that a token needs."""
        scope = _facts(operation).scope
        return [{SECURITY_SCHEME: [] if scope is None else [str(scope)]}]

    def _success(self, operation: Operation, facts: Facts, status: int) -> dict[str, Any]:
        if status == HTTPStatus.NO_CONTENT:
            return _answer(facts, status, None, {})
        answer = typing.get_type_hints(operation.view_func)["return"]
        examples = answers.examples_of(facts.name)
        described = _answer(facts, status, self._schema_of(answer), examples)
        links = links_of(facts.name)
        return {**described, "links": links} if links else described

    def _schema_of(self, answer: Any) -> Schema:
        (schema,), components = msgspec.json.schema_components([answer], ref_template=REF_TEMPLATE)
        self.add_schema_definitions(components)
        return schema


@cache
@translation.override("en")  # whoever asks first, a reader of the page perhaps
def document() -> dict[str, Any]:
    """Return the description; made once a process, so nobody may change it."""
    described: dict[str, Any] = tidied(dict(Description(api, PATH_PREFIX)))
    described["info"] = {
        "title": api.title,
        "version": api.version,
        "description": prose.INTRODUCTION,
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    }
    described["servers"] = [{"url": settings.BASE_URL}]
    described["tags"] = [{"name": name, "description": text} for name, text in prose.TAGS.items()]
    described["components"] = {
        "schemas": _schemas(described),
        "headers": headers.components(),
        "securitySchemes": {SECURITY_SCHEME: _security_scheme()},
    }
    return described


def _facts(operation: Operation) -> Facts:
    guard = cast("Guard", operation.auth_callbacks[0])
    name = operation.view_func.__name__
    permission = guard.permission or _OF_QUERY.get(name)
    return Facts(
        name=name,
        method=operation.methods[0],
        scope=guard.required_scope if permission is None else SCOPE_OF_PERMISSION[permission],
        permission=permission,
        needs_plan=guard.needs_plan,
        takes_body=guard.takes_body,
        names_something=permission is not None,
    )


def _description(facts: Facts) -> str:
    scope = f"the scope `{facts.scope}`" if facts.scope else "no scope: any token will do"
    needs = f"Needs {scope}"
    if facts.permission is not None:
        needs += f" and the permission `{facts.permission}`"
    return f"{prose.DESCRIPTIONS[facts.name]}\n\n{needs}."


def _parameter(parameter: Schema) -> Schema:
    described = {**parameter, "schema": of_parameter(parameter["schema"])}
    if parameter["in"] == "path":
        described |= bodies.IN_PATH[parameter["name"]]
    return described


def _answer(facts: Facts, status: int, schema: Schema | None, examples: Schema) -> Schema:
    described: Schema = {
        "description": HTTPStatus(status).phrase,
        "headers": headers.of_answer(
            status, scoped=facts.scope is not None, post=facts.method == "POST"
        ),
    }
    if schema is not None:
        described["content"] = {JSON: {"schema": schema, **examples}}
    return described


def _named(refused: list[Refusal]) -> Schema:
    named: Schema = {}
    for each in refused:
        # One code may have several reasons.
        name = f"{each.code}_{len(named) + 1}" if each.code in named else each.code
        named[name] = {"summary": each.when, "value": each.body}
    return {"examples": named}


def _schemas(described: dict[str, Any]) -> dict[str, Schema]:
    answered = described["components"]["schemas"].items()
    schemas = {plain_name(name): schema for name, schema in answered}
    schemas |= monitoring.components() | results.components(REF_TEMPLATE)
    monitoring.limit_resolved(schemas)
    results.bind(schemas, REF_TEMPLATE)
    used = _referred({**described, "components": {}}, schemas)
    return {name: schema for name, schema in tidied(schemas).items() if name in used}


def _referred(start: Any, schemas: dict[str, Schema]) -> set[str]:
    """Return the names of all schemas that something refers to, at any distance."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        names = set(re.findall(r"#/components/schemas/([\w.]+)", str(waiting.pop()))) - found
        found |= names
        waiting += [schemas[name] for name in names]
    return found


def _security_scheme() -> Schema:
    scopes = "\n".join(f"- `{scope}`: {text}" for scope, text in SCOPES.items())
    return {
        "type": "http",
        "scheme": "bearer",
        "description": f"A token made under Settings → API tokens. Scopes:\n\n{scopes}",
    }
