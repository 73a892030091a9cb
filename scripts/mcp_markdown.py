"""Write docs/mcp-tools.md from the MCP tools; `--check` only says whether it is up to date."""

from collections.abc import Iterator, Mapping
from typing import Any

from scripts.generated import run

FILE = "docs/mcp-tools.md"
NOTE = "<!-- Written by scripts/mcp_markdown.py (make docs); changes here are lost. -->\n"
INTRODUCTION = (
    "What the [MCP server](mcp.md) offers to AI clients. A call needs the scope *and* the role's"
    " permission; gates and verdicts are those of the API.\n"
)


def files(_document: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Return the text of the file by its path in the repository. Django must be set up."""
    return {FILE: "\n".join(_lines()).rstrip() + "\n"}


def _lines() -> Iterator[str]:
    # The tools need Django, which is set up by now and was not when this file was read.
    from tocsin.mcp.prompts import PROMPTS  # noqa: PLC0415
    from tocsin.mcp.registry import TOOLS  # noqa: PLC0415
    from tocsin.mcp.resources import KINDS  # noqa: PLC0415

    yield from (NOTE, "# MCP tools\n", INTRODUCTION)
    yield from ("| Tool | Scope | Permission | Changes something |", "| --- | --- | --- | --- |")
    for name, tool in TOOLS.items():
        permission = f"`{tool.permission}`" if tool.permission else "–"
        changes = "no" if tool.read_only else "yes"
        yield f"| [`{name}`](#{name}) | {_scopes(tool)} | {permission} | {changes} |"
    yield ""
    for name, tool in TOOLS.items():
        yield from (f"## {name}\n", f"{tool.description}\n")
        yield from _arguments(tool)
    yield from ("# Resources\n", "| Address | Scope |", "| --- | --- |")
    for kind in KINDS:
        yield f"| `{kind.template}` | {_scopes(kind.read)} |"
    yield from ("\n# Prompts\n", "| Prompt | Argument | For |", "| --- | --- | --- |")
    for prompt in PROMPTS.values():
        yield f"| `{prompt.name}` | `{prompt.argument}` | {prompt.description} |"


def _scopes(tool: Any) -> str:
    own = ", ".join(f"`{scope}`" for scope in tool.scopes({}))
    more = "; ".join(f"with `{name}` also `{scope}`" for name, scope in tool.also.items())
    return f"{own} ({more})" if more else own


def _arguments(tool: Any) -> Iterator[str]:
    from tocsin.mcp.schemas import object_schema  # noqa: PLC0415

    schema = object_schema(tool.arguments)
    if not schema["properties"]:
        yield "No arguments.\n"
        return
    yield from ("| Argument | Type | Meaning |", "| --- | --- | --- |")
    for name, about in schema["properties"].items():
        required = ", required" if name in schema.get("required", ()) else ""
        yield f"| `{name}` | {_kind(about, schema)}{required} | {_meaning(about)} |"
    yield ""


def _meaning(about: Mapping[str, Any]) -> str:
    described = (each for each in (about, *about.get("anyOf", ())) if "description" in each)
    return str(next(described, {"description": ""})["description"])


def _kind(about: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if "$ref" in about:
        about = schema["$defs"][about["$ref"].rpartition("/")[2]]
    if "anyOf" in about:
        wanted = [each for each in about["anyOf"] if each.get("type") != "null"]
        return _kind(wanted[0], schema)
    if "enum" in about:
        return " ".join(f"`{each}`" for each in about["enum"])
    if about["type"] == "array":
        return f"list of {_kind(about['items'], schema)}"
    return str(about.get("format", about["type"]))


if __name__ == "__main__":
    raise SystemExit(run(files))
