"""Reading an OpenAPI description into what a page, a file or a collection shows of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.web.reference.fields import Field, fields_of, kind_of, limits_of, resolved
from tocsin.web.reference.snippets import Request, Snippet, snippets_of

JSON = "application/json"
MOST_FAULTLESS = 299

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `place` is `path`, `query` or `header`. `choices` are its words, if it has."""

    name: str
    place: str
    kind: str
    limits: str
    required: bool
    description: str
    example: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """One answer that is not a success: its status and code, when it is given, its body."""

    status: int
    code: str
    when: str
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An example of a success as JSON text; `what` says which, where there are several."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `body` is an example as JSON text, empty where there is none."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    scope: str
    permission: str
    parameters: tuple[Parameter, ...]
    fields: tuple[Field, ...]
    body: str
    success: int
    answers: tuple[Answer, ...]
    refusals: tuple[Code, ...]
    snippets: tuple[Snippet, ...]

    @property
    def inputs(self) -> tuple[Parameter, ...]:
        """Return the parameters that "Try it" asks for."""
        return tuple(each for each in self.parameters if each.place != "header")

    @property
    def words(self) -> str:
        """Return what a search looks through."""
        parts = (self.name, self.method, self.path, self.summary, self.scope, self.permission)
        return " ".join((*parts, *(field.name for field in self.fields))).lower()


@dataclass(frozen=True, slots=True)
class Group:
    """Operations on one kind of thing."""

    name: str
    description: str
    operations: tuple[Operation, ...]


def read(document: Document) -> list[Group]:
    """Read a whole description, group by group."""
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, details in methods.items():
            operation = _operation(method.upper(), path, details, document["components"])
            groups[details["tags"][0]].append(operation)
    return [
        Group(tag["name"], tag["description"], tuple(groups[tag["name"]]))
        for tag in document["tags"]
    ]


def _operation(method: str, path: str, details: Document, components: Document) -> Operation:
    parameters = tuple(_parameter(each, components) for each in details["parameters"])
    content = details.get("requestBody", {}).get("content", {}).get(JSON)
    body = None if content is None else content["example"]
    success = min(map(int, details["responses"]))
    scopes = next(iter(details["security"][0].values()))
    request = Request(method, _filled(path, parameters), body)
    return Operation(
        name=details["operationId"],
        method=method,
        path=path,
        summary=details["summary"],
        description=details["description"].partition("\n\n")[0],
        scope=next(iter(scopes), ""),
        permission=details.get("x-required-permission", ""),
        parameters=parameters,
        fields=() if content is None else tuple(fields_of(content["schema"], components)),
        body=_text(body),
        success=success,
        answers=tuple(_answers(_content(details, success))),
        refusals=tuple(_refusals(details)),
        snippets=tuple(snippets_of(request)),
    )


def _parameter(parameter: Document, components: Document) -> Parameter:
    schema = parameter["schema"]
    known = resolved(schema, components)
    choices = ("true", "false") if known.get("type") == "boolean" else known.get("enum", ())
    return Parameter(
        name=parameter["name"],
        place=parameter["in"],
        kind=kind_of(schema, components),
        limits=limits_of(schema, components),
        required=parameter["required"],
        description=parameter["description"],
        example=str(parameter.get("example", "")),
        choices=tuple(map(str, choices)),
    )


def _filled(path: str, parameters: tuple[Parameter, ...]) -> str:
    for parameter in parameters:
        path = path.replace(f"{{{parameter.name}}}", parameter.example)
    needed = [each.name for each in parameters if each.place == "query" and each.required]
    return path + "".join(f"?{name}=status" for name in needed)


def _answers(content: Document) -> list[Answer]:
    if "examples" in content:
        named = content["examples"].values()
        return [Answer(each["summary"], _text(each["value"])) for each in named]
    return [Answer("", _text(content["example"]))] if "example" in content else []


def _refusals(details: Document) -> list[Code]:
    return [
        Code(int(status), example["value"]["code"], example["summary"], _text(example["value"]))
        for status in details["responses"]
        if int(status) > MOST_FAULTLESS
        for example in _content(details, int(status))["examples"].values()
    ]


def _content(details: Document, status: int) -> Document:
    responses = {int(key): value for key, value in details["responses"].items()}
    content: Document = responses[status].get("content", {}).get(JSON, {})
    return content


def _text(example: Any) -> str:
    return "" if example is None else json.dumps(example, indent=2, ensure_ascii=False)
