"""The `result` of a check, described for each tool and bound to the check's `type`."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tocsin.probes.contract import Tool
from tocsin.resources import result_schemas

Schema = dict[str, Any]

RESULTS: Mapping[Tool, type[msgspec.Struct]] = {
    Tool.STATUS: result_schemas.StatusResult,
    Tool.SSL: result_schemas.SslResult,
    Tool.DNS: result_schemas.DnsResult,
    Tool.BROKEN_LINKS: result_schemas.LinksResult,
    Tool.PERFORMANCE: result_schemas.PerformanceResult,
}
_NULL: Schema = {"type": "null"}
_CHECKS = ("Check", "CheckDetail")


def components(ref_template: str) -> dict[str, Schema]:
    """Return what each tool finds."""
    _, described = msgspec.json.schema_components(RESULTS.values(), ref_template=ref_template)
    return described


def bind(schemas: dict[str, Schema], ref_template: str) -> None:
    """Say in the schemas of checks which tool finds what, in place."""
    found = {
        tool: {"$ref": ref_template.format(name=result.__name__)}
        for tool, result in RESULTS.items()
    }
    for name in _CHECKS:
        if name in schemas:
            schemas[name]["properties"]["result"] = {
                "description": "What the tool found; null where it came to nothing.",
                "oneOf": [*found.values(), _NULL],
            }
            schemas[name]["allOf"] = [_rule(tool, result) for tool, result in found.items()]


def _rule(tool: Tool, result: Schema) -> Schema:
    return {
        "if": {"properties": {"type": {"const": tool.value}}, "required": ["type"]},
        "then": {"properties": {"result": {"oneOf": [result, _NULL]}}},
    }
