"""The web role: granian within this process, so that it is one pid to watch and to end."""

import asyncio

from granian.constants import Interfaces
from granian.server.embed import Server

BACKLOG = 1024


async def serve(host: str, port: int, stop: asyncio.Event) -> None:
    """Serve the ASGI entry on one address until `stop`. Django must be set up."""
    # The entry sets up the whole site, which only this role needs.
    from tocsin.config.asgi import application  # noqa: PLC0415

    server = Server(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        backlog=BACKLOG,
        websockets=False,
        log_enabled=False,
    )
    serving = asyncio.create_task(server.serve())
    await asyncio.wait((serving, asyncio.create_task(stop.wait())), return_when="FIRST_COMPLETED")
    server.stop()  # type: ignore[no-untyped-call]
    await serving
