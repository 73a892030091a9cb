"""How far checks have come, told over either bus."""

import asyncio
from uuid import UUID

import pytest

from tests.runtime.bus_server import NatsServer
from tests.runtime.lines import PATIENCE, REGION, Line, local_line, nats_line, nothing_comes
from tocsin.probes.contract import Progress, ProgressReport, Stage
from tocsin.runtime.bus.nats.bus import NatsBus


def report(number: int) -> ProgressReport:
    return ProgressReport(str(UUID(int=number)), Progress(Stage.MEASURING, number, 3))


@pytest.mark.parametrize("bus", ["local", "nats"])
def test_it_tells_an_intake_and_no_other(bus: str, request: pytest.FixtureRequest) -> None:
    async def story() -> None:
        opening = (
            local_line() if bus == "local" else nats_line(request.getfixturevalue("nats_server"))
        )
        async with opening as line:
            news = asyncio.create_task(line.intake.take_progress())
            await settled(line)
            await line.prober.publish_progress([report(1), report(2)])
            async with asyncio.timeout(PATIENCE):
                assert list(await news) == [report(1), report(2)]
            assert await nothing_comes(line.intake.take_progress())

    asyncio.run(story())


def test_it_believes_nothing_that_it_hears(nats_server: NatsServer) -> None:
    async def story() -> None:
        async with nats_line(nats_server) as line:
            news = asyncio.create_task(line.intake.take_progress())
            await settled(line)
            assert isinstance(line.prober, NatsBus)
            speak = line.prober._link.client.publish
            for rubbish in (b"", b"\xc1", b"[]", bytes(100_000)):
                await speak(f"tocsin.progress.{REGION}", rubbish)
            await line.prober.publish_progress([report(3)])
            async with asyncio.timeout(PATIENCE):
                assert list(await news) == [report(3)]

    asyncio.run(story())


async def settled(line: Line) -> None:
    """Let a listener be known to the server before somebody speaks."""
    if isinstance(line.intake, NatsBus):
        while not line.intake._news._listens:  # noqa: ASYNC110 - nothing tells when it does
            await asyncio.sleep(0.01)
        await line.intake._link.client.flush()
