"""What a prober's credential is good for, by the file in deploy/: its region, and no more."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
import pytest
from nats.aio.client import Client

from tests.deploy.conftest import CENTRE, PROBER
from tests.runtime.bus_server import NatsServer
from tests.runtime.lines import answer, eventually, numbers, requests, tell
from tocsin.checks.tools import Weight
from tocsin.probes.contract import Tool
from tocsin.runtime.bus.nats import topology
from tocsin.runtime.bus.nats.bus import NatsBus
from tocsin.runtime.bus.nats.link import parse

REGION = "eu"
TOOLS = {
    Weight.LIGHT: Tool.STATUS,
    Weight.HEAVY: Tool.BROKEN_LINKS,
    Weight.BROWSER: Tool.PERFORMANCE,
}
FOREIGN_PUBLICATIONS = (
    "tocsin.requests.eu.light",
    "tocsin.results.us",
    "$JS.API.CONSUMER.MSG.NEXT.TOCSIN_REQUESTS_us_light.probers",
    f"$JS.API.CONSUMER.MSG.NEXT.{topology.RESULTS_STREAM}.intakes",
    "$JS.ACK.TOCSIN_REQUESTS_us_light.probers.1.1.1.1.1",
    f"$JS.ACK.{topology.RESULTS_STREAM}.intakes.1.1.1.1.1",
    f"$JS.API.STREAM.MSG.GET.{topology.RESULTS_STREAM}",
    f"$JS.API.STREAM.PURGE.{topology.RESULTS_STREAM}",
    "$JS.API.STREAM.DELETE.TOCSIN_REQUESTS_eu_light",
    "$JS.API.STREAM.CREATE.MINE",
    "$JS.API.STREAM.NAMES",
    "$JS.API.CONSUMER.CREATE.TOCSIN_REQUESTS_eu_light",
    "$JS.API.CONSUMER.DURABLE.CREATE.TOCSIN_REQUESTS_eu_light.probers",
    "$SYS.REQ.SERVER.PING",
    "_INBOX.centre.anything",
)
FOREIGN_SUBSCRIPTIONS = (
    ">", "tocsin.>", "tocsin.results.eu", "tocsin.requests.eu.light", "_INBOX.>",
    "_INBOX.centre.>", "$JS.EVENT.>", "$SYS.>",
)  # fmt: skip


@asynccontextmanager
async def bus_of(server: NatsServer, user: str, password: str) -> AsyncIterator[NatsBus]:
    bus = NatsBus(parse(server.url_of(user, password)), REGION)
    await bus.open()
    try:
        yield bus
    finally:
        await bus.close()


@asynccontextmanager
async def prober_client(server: NatsServer) -> AsyncIterator[tuple[Client, list[str]]]:
    """A bare connection with the prober's credential, and what the server complained about."""
    complaints: list[str] = []

    async def complain(error: Exception) -> None:
        complaints.append(str(error))

    client = await nats.connect(
        server.url_of("prober-eu", PROBER), error_cb=complain, inbox_prefix="_INBOX.prober-eu"
    )
    try:
        yield client, complaints
    finally:
        await client.close()


def test_it_lets_a_prober_do_its_work(guarded_bus: NatsServer) -> None:
    async def story() -> None:
        async with (
            bus_of(guarded_bus, "centre", CENTRE) as centre,
            bus_of(guarded_bus, "prober-eu", PROBER) as prober,
        ):
            for weight in Weight:
                await centre.room(weight)
            filing = asyncio.create_task(centre.take_results(100))
            for weight in Weight:
                await centre.publish_requests(weight, requests([1], TOOLS[weight]))
                taken = await prober.take_requests(weight, 25)
                assert numbers(taken) == [1]
                await prober.publish_results([answer(each) for each in taken])
            assert set(numbers((await filing).items)) == {1}

            async def is_done() -> bool:
                streams = [topology.requests_queue(REGION, weight).stream for weight in Weight]
                seen = [await centre._link.stream.stream_info(each) for each in streams]
                return [each.state.messages for each in seen] == [0, 0, 0]

            await eventually(is_done, "the acknowledgement, which was let through")

    tell(story)


def test_it_refuses_a_prober_everything_else(guarded_bus: NatsServer) -> None:
    async def story() -> None:
        async with prober_client(guarded_bus) as (client, complaints):

            async def is_refused() -> bool:
                return any("permissions violation" in each.lower() for each in complaints)

            for subject in FOREIGN_PUBLICATIONS:
                await client.publish(subject, b"{}")
                await eventually(is_refused, f"the refusal to publish to {subject}")
                complaints.clear()
            for subject in FOREIGN_SUBSCRIPTIONS:
                await client.subscribe(subject)
                await eventually(is_refused, f"the refusal to hear {subject}")
                complaints.clear()

    tell(story)


def test_it_keeps_the_results_from_whoever_only_looks(guarded_bus: NatsServer) -> None:
    """What a prober was refused has had no effect."""

    async def story() -> None:
        async with (
            bus_of(guarded_bus, "centre", CENTRE) as centre,
            prober_client(guarded_bus) as (client, _),
        ):
            await asyncio.wait([asyncio.create_task(centre.take_results(1))], timeout=0.2)
            await client.publish("tocsin.results.us", b"x")
            await client.publish(f"$JS.API.STREAM.PURGE.{topology.RESULTS_STREAM}", b"")
            stored = await client.jetstream().publish("tocsin.results.eu", b"x")
            assert stored.seq == 1

    tell(story)


@pytest.mark.parametrize(
    "who",
    [
        {"user": "prober-eu", "pass": "guess"},
        {"user": "prober-us", "pass": PROBER},
        {"user": "centre", "pass": PROBER},
        {},
    ],
)
def test_it_lets_nobody_in_without_a_credential(
    guarded_bus: NatsServer, who: dict[str, str]
) -> None:
    greeting = f"CONNECT {json.dumps({'verbose': False, **who})}\r\nPING\r\n"
    with socket.create_connection(("127.0.0.1", guarded_bus.port), 5) as connection:
        connection.sendall(greeting.encode())
        said = b""
        while chunk := connection.recv(4096):
            said += chunk
    assert b"Authorization Violation" in said
    assert b"PONG" not in said
