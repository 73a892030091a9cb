"""Names and looks of schemas, so that readers meet the contract's words and no framework's."""

import re
from typing import Any

REF = "#/components/schemas/"
MARKER = "x-schema"  # a body that says so is described by the component of that name

_GENERIC = re.compile(r"(?P<outer>[A-Za-z]+)_(?P<inner>.+)_")


def plain_name(name: str) -> str:
    """Turn `Page_Site_` into `SitePage` and `Data_list_some.module.Team__` into `TeamListData`."""
    found = _GENERIC.fullmatch(name)
    if found is None:
        return name.rpartition(".")[2]
    outer = found["outer"]
    return plain_name(found["inner"]) + outer[0].upper() + outer[1:]


def tidied(schema: Any) -> Any:
    """Return a schema with plain names and without titles that only repeat a name."""
    if isinstance(schema, list):
        return [tidied(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if MARKER in schema:
        return {"$ref": REF + schema[MARKER]}
    tidy = {key: _tidied(key, value) for key, value in schema.items() if not _is_title(key, value)}
    if str(tidy.get("$ref", "")).startswith(REF):
        tidy["$ref"] = REF + plain_name(tidy["$ref"].removeprefix(REF))
    return tidy


def of_parameter(schema: dict[str, Any]) -> dict[str, Any]:
    """Describe a parameter's value: one that is absent is absent, and never null."""
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "allOf"}}
    rest.pop("description", None)  # it stands at the parameter
    choices = [*schema.get("anyOf", ()), *schema.get("allOf", ())]
    choices = [each for each in choices if each != {"type": "null"}]
    return {**choices[0], **rest} if choices else rest


def _tidied(key: str, value: Any) -> Any:
    if key in {"properties", "$defs"}:
        return {name: tidied(each) for name, each in value.items()}
    if key in {"default", "enum", "example", "examples", "const"}:
        return value
    return tidied(value)


def _is_title(key: str, value: Any) -> bool:
    return key == "title" and isinstance(value, str)
