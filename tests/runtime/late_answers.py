"""A way to a server on which its answers can be held up for a while."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Between:
    """Stands between clients and a server on loopback; `url` is where clients go."""

    def __init__(self) -> None:
        self.url = ""
        self._free = asyncio.Event()
        self._free.set()

    def hold(self) -> None:
        """Pass on nothing of what the server says from now on."""
        self._free.clear()

    def let_go(self) -> None:
        """Pass on what was held up, and what comes."""
        self._free.set()

    async def pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, held: bool
    ) -> None:
        """Copy one direction until its end."""
        with suppress(OSError):
            while data := await reader.read(65536):
                if held:
                    await self._free.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def late_answers(port: int) -> AsyncIterator[Between]:
    """Stand before the server on a loopback port."""
    between = Between()
    directions: list[asyncio.Task[None]] = []

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        their_reader, their_writer = await asyncio.open_connection("127.0.0.1", port)
        directions.extend(
            (
                asyncio.create_task(between.pass_on(reader, their_writer, held=False)),
                asyncio.create_task(between.pass_on(their_reader, writer, held=True)),
            )
        )

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    between.url = f"nats://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield between
    finally:
        server.close()
        for task in directions:
            task.cancel()
        await asyncio.gather(*directions, return_exceptions=True)
        await server.wait_closed()
