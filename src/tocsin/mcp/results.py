"""From what an operation answers, or why it does not, to a tool's result."""

from typing import Any

import msgspec
from mcp_types import CallToolResult, TextContent

from tocsin.kit.errors import DomainError, InvalidInput
from tocsin.mcp.operation import RefusedError


def rendered(body: object) -> str:
    """Write JSON in which no text can close a tag that a client puts around it."""
    text = msgspec.json.encode(body).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e")


def answered(answer: object) -> CallToolResult:
    """Return an answer, structured and as text."""
    text = rendered(answer)
    return CallToolResult(
        content=[TextContent(type="text", text=text)],
        structured_content=msgspec.json.decode(text),
    )


def refused(error: RefusedError) -> CallToolResult:
    """Say what a gate said, in the API's words."""
    verdict = error.verdict
    more: dict[str, Any] = {}
    if verdict.required_scope is not None:
        more["required_scope"] = verdict.required_scope
    if verdict.required_permission is not None:
        more["required_permission"] = verdict.required_permission
    return failed(verdict.code, verdict.reason, **more)


def refused_by_domain(error: DomainError) -> CallToolResult:
    """Say what the domain said."""
    if isinstance(error, InvalidInput):
        return failed(error.code, str(error), errors=error.errors)
    return failed(error.code, str(error))


def failed(code: str, message: str, **more: object) -> CallToolResult:
    """Say why nothing was done: `code` is for programs."""
    text = rendered({"message": message, "code": code, **more})
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)
