"""Write the Postman collection and environment; `--check` only says whether they are up to date.

Ids are derived from names, so that the same description is the same file.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from scripts.generated import run
from tocsin.web.reference.reading import Group, Operation, Parameter, read

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
COLLECTION = "postman/tocsin.postman_collection.json"
ENVIRONMENT = "postman/tocsin.postman_environment.json"
IN_PATH = ("team", "site", "check", "issue")

Part = dict[str, Any]


def files(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the text of both files by their path in the repository."""
    return {COLLECTION: _text(_collection(document)), ENVIRONMENT: _text(_environment())}


def _collection(document: Mapping[str, Any]) -> Part:
    bearer = {"key": "token", "value": "{{token}}", "type": "string"}
    return {
        "info": {
            "_postman_id": _id("collection"),
            "name": "Tocsin",
            "description": document["info"]["description"],
            "schema": SCHEMA,
        },
        "auth": {"type": "bearer", "bearer": [bearer]},
        "item": [_folder(group) for group in read(document)],
    }


def _folder(group: Group) -> Part:
    return {
        "id": _id(group.name),
        "name": group.name,
        "description": group.description,
        "item": [_item(operation) for operation in group.operations],
    }


def _item(operation: Operation) -> Part:
    script = [
        f'pm.test("It answers {operation.success}", () => {{',
        f"  pm.response.to.have.status({operation.success});",
        "});",
    ]
    return {
        "id": _id(operation.name),
        "name": operation.name,
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": script}}],
        "request": _request(operation),
        "response": [],
    }


def _request(operation: Operation) -> Part:
    headers = [{"key": "Accept", "value": "application/json"}]
    request: Part = {
        "method": operation.method,
        "header": headers,
        "url": _url(operation),
        "description": f"{operation.summary} {operation.description}",
    }
    if operation.body:
        headers.append({"key": "Content-Type", "value": "application/json"})
        language = {"raw": {"language": "json"}}
        request["body"] = {"mode": "raw", "raw": operation.body, "options": language}
    return request


def _url(operation: Operation) -> Part:
    path = operation.path.lstrip("/").split("/")
    path = [f":{part[1:-1]}" if part.startswith("{") else part for part in path]
    url: Part = {
        "raw": f"{{{{base_url}}}}/{'/'.join(path)}",
        "host": ["{{base_url}}"],
        "path": path,
    }
    query = [_query(each) for each in operation.parameters if each.place == "query"]
    variables = [each for each in operation.parameters if each.place == "path"]
    if query:
        url["query"] = query
    if variables:
        url["variable"] = [
            {"key": each.name, "value": f"{{{{{each.name}}}}}", "description": each.description}
            for each in variables
        ]
    return url


def _query(parameter: Parameter) -> Part:
    return {
        "key": parameter.name,
        "value": next(iter(parameter.choices), ""),
        "description": f"{parameter.description} {parameter.limits}".strip(),
        "disabled": not parameter.required,
    }


def _environment() -> Part:
    values = {"base_url": "http://127.0.0.1:8000", "token": "", **dict.fromkeys(IN_PATH, "")}
    return {
        "id": _id("environment"),
        "name": "Tocsin",
        "values": [
            {
                "key": key,
                "value": value,
                "type": "secret" if key == "token" else "default",
                "enabled": True,
            }
            for key, value in values.items()
        ],
        "_postman_variable_scope": "environment",
    }


def _id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{SCHEMA}#tocsin/{name}"))


def _text(part: Part) -> str:
    return json.dumps(part, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    raise SystemExit(run(files))
