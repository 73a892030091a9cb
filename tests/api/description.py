"""The API's description as tests read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema
from django.test import Client


@dataclass(frozen=True)
class Operation:
    """One operation of the description."""

    method: str
    path: str
    details: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.details["operationId"])

    def __str__(self) -> str:
        return self.name


def document() -> Any:
    response = Client().get("/openapi/v1.json")
    assert response.status_code == 200
    return response.json()


def operations(described: Any) -> list[Operation]:
    return [
        Operation(method, path, details)
        for path, methods in described["paths"].items()
        for method, details in methods.items()
    ]


def faults(described: Any, schema: Any, value: Any) -> list[str]:
    """Return where a value breaks a schema of the description; formats count."""
    whole = {**schema, "components": described["components"]}
    judge = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
    return [f"{each.json_path}: {each.message}" for each in judge.iter_errors(value)]


def examples(described: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield where an example stands, its schema, and the example."""
    for name, header in described["components"]["headers"].items():
        yield f"header {name}", header["schema"], header["example"]
    for operation in operations(described):
        for parameter in operation.details["parameters"]:
            if "example" in parameter:
                where = f"{operation} {parameter['name']}"
                yield where, parameter["schema"], parameter["example"]
        for status, content in _contents(operation):
            where = f"{operation} {status}"
            named = content.get("examples", {"example": {"value": content.get("example")}})
            for name, example in named.items():
                yield f"{where} {name}", content["schema"], example["value"]


def _contents(operation: Operation) -> Iterator[tuple[str, Any]]:
    body = operation.details.get("requestBody")
    answers = operation.details["responses"].items()
    for status, holder in (("body", body or {}), *answers):
        if "content" in holder:
            yield status, holder["content"]["application/json"]
