"""JSON Schemas of arguments and answers, in the form that MCP asks for: an object at the top."""

from functools import cache
from typing import Any

import msgspec

PREFIX = "#/$defs/"


@cache
def object_schema(kind: Any) -> dict[str, Any]:
    """Return the schema of a struct with its own definition in place of a reference to it."""
    schema = msgspec.json.schema(kind)
    definitions = schema.pop("$defs", {})
    own = definitions.pop(schema["$ref"].removeprefix(PREFIX))
    return {**own, "$defs": definitions} if definitions else own
