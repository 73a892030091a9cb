"""MCP, loaded when somebody first asks for it.

The protocol's SDK takes a second to load and 20 MB, in each web process, whether or not this
installation is ever asked.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings

from tocsin.mcp.doors import DOORS

if TYPE_CHECKING:
    from tocsin.mcp.app import McpApplication

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class LateMcp:
    """Both doors of MCP, behind which the application starts with the first request."""

    def __init__(self) -> None:
        self._started: asyncio.Future[McpApplication] | None = None
        self._life: asyncio.Task[None] | None = None
        self._over = asyncio.Event()

    def serves(self, path: str) -> bool:
        """Say whether a path is one of the doors."""
        return path in DOORS

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request; raises what kept the application from starting."""
        if self._started is None:
            self._started = asyncio.get_running_loop().create_future()
            self._life = asyncio.create_task(self._live(self._started))
        # Shielded: a client that goes away must not take along what others wait for.
        application = await asyncio.shield(self._started)
        await application(scope, receive, send)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve inside the block; once only."""
        try:
            yield
        finally:
            self._over.set()
            if self._life is not None:
                await self._life

    async def _live(self, started: "asyncio.Future[McpApplication]") -> None:
        # A task of its own: whichever enters the application's life has to leave it, and the first
        # request ends long before.
        try:
            application = await asyncio.to_thread(_load)
            async with application.running():
                started.set_result(application)
                await self._over.wait()
        except Exception as error:
            if started.done():
                raise
            started.set_exception(error)


def _load() -> "McpApplication":
    from tocsin.mcp.app import McpApplication  # noqa: PLC0415 - see above

    hosts = settings.ALLOWED_HOSTS
    return McpApplication(
        base_url=settings.BASE_URL,
        hosts=[*hosts, *(f"{host}:*" for host in hosts)],
        trusted_proxies=settings.ENVIRONMENT.trusted_proxies,
    )
