"""What stands before the protocol: origin, credential, throttle, size and scopes of a request.

The order is that of the API's door; the other gates are asked where a tool is known.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec

from tocsin.access.failures import Failure
from tocsin.access.principal import Principal
from tocsin.kit import context
from tocsin.kit.throttle import Quota, SlidingWindow
from tocsin.mcp import credentials, doors
from tocsin.mcp.doors import Door
from tocsin.mcp.needs import scopes_needed
from tocsin.mcp.server import PRINCIPAL
from tocsin.mcp.threads import in_thread

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

MOST_BODY_BYTES = 1024 * 1024

requests_a_token = SlidingWindow("mcp requests", limit=120, seconds=60)
failures_an_address = SlidingWindow("mcp failures", limit=60, seconds=60)


class Gate:
    """An ASGI application before another one."""

    def __init__(self, app: App, *, base_url: str, origin: str, trusted_proxies: int) -> None:
        self._app = app
        self._base_url = base_url
        self._origin = origin
        self._trusted_proxies = trusted_proxies

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request that may not pass; hand on any other, with its principal."""
        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        about = context.of_request(_meta(scope, headers), trusted_proxies=self._trusted_proxies)
        with context.entered(about):
            await self._entered(scope, receive, send, headers, about.address)

    async def _entered(
        self, scope: Message, receive: Receive, send: Send, headers: dict[str, str], address: str
    ) -> None:
        door = doors.DOORS[scope["path"]]
        if headers.get("origin", self._origin) != self._origin:
            return await _refuse(send, 403, "forbidden_origin", "This origin may not call.")
        found = await in_thread(lambda: credentials.resolve(headers.get("authorization"), door))
        if isinstance(found, Failure):
            return await self._unauthenticated(send, door, found, address)
        quota = requests_a_token.hit(f"{found.kind}:{found.token_id}")
        if not quota.allowed:
            return await _too_often(send, quota)
        body = await _body(receive)
        if body is None:
            return await _refuse(send, 413, "payload_too_large", "The body is too large.")
        needed = scopes_needed(body)
        if not needed <= (found.scopes or frozenset()):
            challenge = _challenge(doors.insufficient_scope(door, needed, self._base_url))
            message = "This operation needs more scopes."
            return await _refuse(send, 403, "insufficient_scope", message, challenge)
        return await self._pass(scope, receive, send, found, body)

    async def _unauthenticated(
        self, send: Send, door: Door, failure: Failure, address: str
    ) -> None:
        if failure.presented:
            quota = failures_an_address.hit(address)
            if not quota.allowed:
                return await _too_often(send, quota)
        challenge = _challenge(doors.unauthenticated(door, failure, self._base_url))
        return await _refuse(send, 401, failure.code, failure.description, challenge)

    async def _pass(
        self, scope: Message, receive: Receive, send: Send, principal: Principal, body: bytes
    ) -> None:
        unread = [{"type": "http.request", "body": body, "more_body": False}]

        async def replayed() -> Message:
            return unread.pop() if unread else await receive()

        await self._app({**scope, PRINCIPAL: principal}, replayed, send)


def _meta(scope: Message, headers: dict[str, str]) -> dict[str, str]:
    client = scope.get("client") or ("",)
    forwarded = headers.get("x-forwarded-for", "")
    return {"REMOTE_ADDR": str(client[0]), "HTTP_X_FORWARDED_FOR": forwarded}


async def _body(receive: Receive) -> bytes | None:
    """Read the whole body, None where it is larger than may be."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BODY_BYTES:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _challenge(text: str) -> tuple[bytes, bytes]:
    return (b"www-authenticate", text.encode())


async def _too_often(send: Send, quota: Quota) -> None:
    retry_after = (b"retry-after", str(quota.retry_after).encode())
    await _refuse(send, 429, "rate_limited", "Too many requests.", retry_after)


async def _refuse(
    send: Send, status: int, code: str, message: str, *more: tuple[bytes, bytes]
) -> None:
    body = msgspec.json.encode({"error": code, "error_description": message})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *more,
    ]
    await send(
        {"type": "http.response.start", "status": HTTPStatus(status).value, "headers": headers}
    )
    await send({"type": "http.response.body", "body": body})
