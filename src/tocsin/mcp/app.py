"""The ASGI application at /mcp and /mcp/token, and its life."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from mcp.server.lowlevel.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from tocsin.mcp.gate import MOST_BODY_BYTES, Gate, Message, Receive, Send
from tocsin.mcp.server import build_server


class McpApplication:
    """Both doors. No request leaves anything for the next, so any number of processes may serve.

    `hosts` are the values of the Host header that this installation answers to.
    """

    def __init__(
        self,
        *,
        base_url: str,
        hosts: list[str],
        trusted_proxies: int = 0,
        server: Server[Any] | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        origin = f"{parts.scheme}://{parts.netloc}"
        self._sessions = StreamableHTTPSessionManager(
            app=server or build_server(),
            stateless=True,
            max_request_body_size=MOST_BODY_BYTES,
            security_settings=TransportSecuritySettings(
                allowed_hosts=hosts, allowed_origins=[origin]
            ),
        )
        self._gate = Gate(
            self._sessions.handle_request,
            base_url=base_url,
            origin=origin,
            trusted_proxies=trusted_proxies,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve inside the block; once only."""
        async with self._sessions.run():
            yield

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._gate(scope, receive, send)
