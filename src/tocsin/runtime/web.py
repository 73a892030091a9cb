"""The web process: granian within one process, so that it is one pid to watch and to end."""

import asyncio
import signal

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

BACKLOG = 1024


def main(host: str, port: int) -> int:
    """Serve until SIGTERM or SIGINT; return the exit status. Django must be set up."""
    uvloop.run(serve(host, port))
    return 0


async def serve(host: str, port: int) -> None:
    """Serve the ASGI entry on one address until a signal."""
    # The entry sets up the whole site, which only this process needs.
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
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.stop)
    await server.serve()
