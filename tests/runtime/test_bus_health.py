"""What the doctor says of the bus."""

import asyncio
from pathlib import Path

from tests.runtime.bus_server import NatsServer
from tests.runtime.lines import REGION, nats_line, requests, tell
from tocsin.checks.tools import Weight
from tocsin.runtime.bus.nats.health import look
from tocsin.runtime.bus.nats.link import parse


def test_it_finds_the_queues_and_what_waits_there(nats_server: NatsServer) -> None:
    async def story() -> None:
        async with nats_line(nats_server) as line:
            await line.scheduler.publish_requests(Weight.LIGHT, requests(range(60)))
            health = await look(parse(nats_server.url), REGION)
        assert (health.detail, health.remedy) == ("connected, 3 messages wait", "")

    tell(story)


def test_it_says_who_makes_queues_that_are_missing(nats_server: NatsServer) -> None:
    async def story() -> None:
        async with nats_line(nats_server):
            health = await look(parse(nats_server.url), "us")
        assert "TOCSIN_REQUESTS_us_light" in health.detail
        assert "TOCSIN_RESULTS" not in health.detail
        assert "tocsin run scheduler intake --region us" in health.remedy

    tell(story)


def test_it_says_that_there_is_no_server(tmp_path: Path) -> None:
    health = asyncio.run(look(parse(NatsServer(tmp_path).url), REGION))
    assert health.detail.startswith("cannot be reached")
    assert "TOCSIN_BUS_URL" in health.remedy


def test_it_says_that_the_server_carries_nothing(tmp_path: Path) -> None:
    config = tmp_path / "nats.conf"
    config.write_text("max_payload: 1MB\n")
    server = NatsServer(tmp_path / "store", config)
    server.start()
    try:
        health = asyncio.run(look(parse(server.url), REGION))
    finally:
        server.kill()
    assert health.detail == "has no JetStream"
