"""Local pages for a real browser, and a look at them by the real probe."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from tests.probes.servers.http import Reply, Site, response
from tocsin.probes.contract import (
    PerformanceSettings,
    ProbeOptions,
    ProbeRequest,
    ProbeResult,
    Tool,
)
from tocsin.probes.performance import PerformanceProbe

LOOPBACK = ("127.0.0.0/8",)


def page(body: str, head: str = "") -> bytes:
    html = (
        '<!doctype html><html lang="en"><head><title>Page</title>'
        '<meta name="viewport" content="width=device-width">'
        f"{head}</head><body>{body}</body></html>"
    )
    return response(200, html.encode(), Content_Type="text/html; charset=utf-8")


@asynccontextmanager
async def serve(routes: Mapping[str, Reply]) -> AsyncIterator[tuple[Site, str]]:
    site = Site(routes)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await site(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield site, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def measure(
    url: str,
    *,
    allow: tuple[str, ...] = LOOPBACK,
    settings: PerformanceSettings | None = None,
    headers: tuple[tuple[str, str], ...] = (),
    **probe_options: Any,
) -> ProbeResult:
    probe = PerformanceProbe(ProbeOptions(egress_allow=allow), **{"runs": 1, **probe_options})
    settings = settings or PerformanceSettings()
    deadline = time.time() + 120
    try:
        request = ProbeRequest("check", Tool.PERFORMANCE, url, settings, deadline, headers)
        return await probe(request)
    finally:
        await probe.close()
