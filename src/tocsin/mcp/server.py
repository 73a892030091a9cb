"""The protocol's methods over the operations, on the official SDK; it serves both wires."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from mcp.server.caching import CacheHint
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    CompleteRequestParams,
    CompleteResult,
    Completion,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    TextResourceContents,
    Tool,
    ToolAnnotations,
)

from tocsin import __version__
from tocsin.access.principal import Principal
from tocsin.kit.errors import DomainError
from tocsin.mcp import completion, prompts, resources, results
from tocsin.mcp.answers import NOTICE
from tocsin.mcp.operation import Operation, RefusedError
from tocsin.mcp.registry import TOOLS
from tocsin.mcp.schemas import object_schema
from tocsin.mcp.threads import in_thread

log = logging.getLogger(__name__)

PRINCIPAL = "tocsin.principal"  # where the gate leaves it in the ASGI scope
INSTRUCTIONS = (
    "Tocsin monitors websites: status, SSL, DNS, broken links and performance. Begin with"
    f" list_teams. {NOTICE} Run checks and acknowledge issues only where the user wants it."
)
# The same for everybody, and only another release changes it.
_FIXED = CacheHint(ttl_ms=3_600_000, scope="public")

Context = ServerRequestContext[Any]
Paginated = PaginatedRequestParams | None


def build_server() -> Server[Any]:
    """Make the server; it keeps nothing between requests."""
    return Server(
        name="tocsin",
        title="Tocsin",
        version=__version__,
        instructions=INSTRUCTIONS,
        cache_hints={"tools/list": _FIXED, "prompts/list": _FIXED},
        get_tool_input_schema=_input_schema,
        on_list_tools=_list_tools,
        on_call_tool=_call_tool,
        on_list_resources=_list_resources,
        on_list_resource_templates=_list_templates,
        on_read_resource=_read_resource,
        on_list_prompts=_list_prompts,
        on_get_prompt=_get_prompt,
        on_completion=_complete,
    )


def described(operation: Operation) -> Tool:
    """Describe an operation as a tool."""
    return Tool(
        name=operation.name,
        title=operation.title,
        description=operation.description,
        input_schema=object_schema(operation.arguments),
        output_schema=object_schema(operation.answer),
        annotations=ToolAnnotations(
            title=operation.title,
            read_only_hint=operation.read_only,
            destructive_hint=False,
            idempotent_hint=operation.name != "run_check",
            open_world_hint=operation.name == "run_check",
        ),
    )


def _input_schema(name: str) -> dict[str, Any] | None:
    return object_schema(TOOLS[name].arguments) if name in TOOLS else None


async def _list_tools(_: Context, __: Paginated) -> ListToolsResult:
    return ListToolsResult(tools=[described(each) for each in TOOLS.values()])


async def _call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
    operation = TOOLS.get(params.name)
    if operation is None:
        raise MCPError(INVALID_PARAMS, "There is no tool of this name.")
    try:
        arguments = operation.read(params.arguments or {})
    except msgspec.ValidationError as error:
        return results.failed("validation_failed", str(error))
    principal = _principal(context)
    return await _answered(lambda: _performed(context, operation, principal, arguments))


async def _performed(
    context: Context, operation: Operation, principal: Principal, arguments: msgspec.Struct
) -> CallToolResult:
    call, answer = await in_thread(lambda: operation.perform(principal, arguments))
    if operation.follow is not None:
        answer = await operation.follow(call, answer, context.session.report_progress)
    return results.answered(answer)


async def _answered(work: Callable[[], Awaitable[CallToolResult]]) -> CallToolResult:
    try:
        return await work()
    except RefusedError as error:
        return results.refused(error)
    except DomainError as error:
        return results.refused_by_domain(error)
    except Exception:  # whatever it is, its text stays here
        log.exception("a tool failed")
        return results.failed("server_error", "Server error.")


async def _list_resources(context: Context, _: Paginated) -> ListResourcesResult:
    principal = _principal(context)
    return ListResourcesResult(resources=await in_thread(lambda: resources.resources(principal)))


async def _list_templates(_: Context, __: Paginated) -> ListResourceTemplatesResult:
    return ListResourceTemplatesResult(resource_templates=resources.templates())


async def _read_resource(context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
    uri, principal = str(params.uri), _principal(context)
    found = resources.reading(uri)
    if found is None:
        raise MCPError(INVALID_PARAMS, "Not found.", {"uri": uri})
    try:
        _, answer = await in_thread(lambda: found.operation.perform(principal, found.arguments))
    except RefusedError as error:
        raise MCPError(INVALID_PARAMS, error.verdict.reason, {"uri": uri}) from error
    except DomainError as error:
        raise MCPError(INVALID_PARAMS, str(error), {"uri": uri}) from error
    except Exception as error:
        log.exception("a resource failed")
        raise MCPError(INTERNAL_ERROR, "Server error.") from error
    text = results.rendered(answer)
    contents = TextResourceContents(uri=uri, mime_type=resources.MIME, text=text)
    return ReadResourceResult(contents=[contents])


async def _list_prompts(_: Context, __: Paginated) -> ListPromptsResult:
    return ListPromptsResult(prompts=[each.described() for each in prompts.PROMPTS.values()])


async def _get_prompt(_: Context, params: GetPromptRequestParams) -> GetPromptResult:
    template = prompts.PROMPTS.get(params.name)
    if template is None:
        raise MCPError(INVALID_PARAMS, "There is no prompt of this name.")
    try:
        return template.filled(params.arguments or {})
    except ValueError as error:
        raise MCPError(INVALID_PARAMS, str(error)) from error


async def _complete(context: Context, params: CompleteRequestParams) -> CompleteResult:
    principal, asked = _principal(context), params.argument
    given = (params.context.arguments if params.context else None) or {}
    values = await in_thread(lambda: completion.complete(principal, asked.name, asked.value, given))
    return CompleteResult(completion=Completion(values=values, has_more=False))


def _principal(context: Context) -> Principal:
    principal: Principal = context.request.scope[PRINCIPAL]  # type: ignore[union-attr] # over HTTP
    return principal
