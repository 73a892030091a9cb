"""Which scopes a message needs, before anything of it runs: for the step-up that the gate asks."""

from collections.abc import Mapping
from typing import Any

import msgspec

from tocsin.access.scopes import Scope
from tocsin.mcp.registry import TOOLS
from tocsin.mcp.resources import KINDS

NONE: frozenset[Scope] = frozenset()


def scopes_needed(body: bytes) -> frozenset[Scope]:
    """Return the scopes of the operation that a JSON-RPC message asks for.

    None for what is malformed: what cannot be understood is not run, and answered further in.
    """
    try:
        message = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return NONE
    if not isinstance(message, dict) or not isinstance(params := message.get("params"), dict):
        return NONE
    match message.get("method"):
        case "tools/call":
            return _of_tool(params)
        case "resources/read":
            return _of_resource(params)
    return NONE


def _of_tool(params: Mapping[str, Any]) -> frozenset[Scope]:
    name, arguments = params.get("name"), params.get("arguments")
    tool = TOOLS.get(name) if isinstance(name, str) else None
    if tool is None:
        return NONE
    return tool.scopes(arguments if isinstance(arguments, dict) else {})


def _of_resource(params: Mapping[str, Any]) -> frozenset[Scope]:
    uri = str(params.get("uri"))
    for kind in KINDS:
        if uri.startswith(kind.prefix):
            return kind.read.scopes({})
    return NONE
