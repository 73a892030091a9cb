"""Is it them or is it us: canaries on loopback that answer, or stop answering."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.probes.servers.http import Site
from tests.probes.tls_server import serving
from tocsin.probes.canary import Canary, answers, parse_canary
from tocsin.probes.contract import CheckStatus, Outcome, ProbeError, ProbeOptions, ProbeResult, Tool
from tocsin.probes.own_faults import failure_stage
from tocsin.probes.vantage import Vantage, VantageLimits

NAME, ADDRESS = "canary.example:443", "192.0.2.1:443"
LIMITS = VantageLimits(answer_seconds=0.5)


def failed(code: str, *, stage: str | None = None, started_at: float | None = None) -> ProbeResult:
    data = {} if stage is None else {"stage": stage}
    return ProbeResult(
        "1", Tool.STATUS, CheckStatus.FAILED, Outcome.FAILING, {}, ProbeError(code, "", data),
        time.time() if started_at is None else started_at, time.time(),
    )  # fmt: skip


class Network:
    """Which canaries answer; counts how often they are asked."""

    def __init__(self, *alive: str) -> None:
        self.alive = set(alive)
        self.asked = 0
        self.pause = asyncio.Event()
        self.pause.set()

    async def __call__(self, canary: Canary, _seconds: float) -> bool:
        self.asked += 1
        await self.pause.wait()
        return f"{canary.host}:{canary.port}" in self.alive


async def at_fault(vantage: Vantage, result: ProbeResult) -> bool:
    return await vantage.fault_behind(result) is not None


def vantage_on(network: Network, *canaries: str) -> Vantage:
    options = ProbeOptions(canaries=canaries or (NAME, ADDRESS))
    return Vantage(options, limits=LIMITS, ask=network)


@pytest.mark.parametrize(
    ("code", "stage", "expected"),
    [
        ("dns", "lookup", "lookup"), ("dns", None, "lookup"), ("timeout", "connect", "connect"),
        ("timeout", None, "connect"), ("unreachable", "connect", "connect"),
        ("timeout", "tls", None), ("timeout", "response", None),
        ("connect_refused", "connect", None), ("tls", "tls", None),
        ("egress_refused", None, None), ("bad_response", "response", None),
    ],
)  # fmt: skip
def test_it_looks_only_at_failures_to_connect(
    code: str, stage: str | None, expected: str | None
) -> None:
    assert failure_stage(failed(code, stage=stage)) == expected


def test_it_leaves_answers_alone() -> None:
    result = ProbeResult(
        "1", Tool.STATUS, CheckStatus.COMPLETED, Outcome.FAILING, {"code": 500}, None, 0, 0
    )
    assert failure_stage(result) is None


def test_it_diagnoses_nothing_where_no_canary_has_ever_answered() -> None:
    async def scenario() -> None:
        network = Network()
        vantage = vantage_on(network)
        await vantage.look()
        assert not vantage.has_history
        assert not await at_fault(vantage, failed("unreachable"))

    asyncio.run(scenario())


def test_it_is_at_fault_when_canaries_stop_answering() -> None:
    async def scenario() -> None:
        network = Network(ADDRESS)
        vantage = vantage_on(network)
        await vantage.look()
        assert vantage.has_history
        network.alive.clear()
        assert not await at_fault(vantage, failed("timeout", started_at=time.time() + 60))
        vantage._last = None
        assert await at_fault(vantage, failed("timeout"))
        assert not await at_fault(vantage, failed("connect_refused"))

    asyncio.run(scenario())


def test_it_is_not_at_fault_while_one_canary_answers() -> None:
    async def scenario() -> None:
        network = Network(NAME, ADDRESS)
        vantage = vantage_on(network)
        await vantage.look()
        network.alive.remove(NAME)
        await vantage.look()
        assert not await at_fault(vantage, failed("timeout"))

    asyncio.run(scenario())


def test_it_is_at_fault_for_a_name_when_well_known_names_fail_too() -> None:
    async def scenario() -> None:
        network = Network(NAME, ADDRESS)
        vantage = vantage_on(network)
        await vantage.look()
        network.alive.remove(NAME)
        await vantage.look()
        assert await at_fault(vantage, failed("dns"))

    asyncio.run(scenario())


def test_it_asks_again_for_a_failure_newer_than_its_last_look() -> None:
    async def scenario() -> None:
        network = Network(ADDRESS)
        vantage = vantage_on(network, ADDRESS)
        old = await vantage.look()
        assert network.asked == 1
        vantage._last = type(old)(old.started_at - 100, old.answered)
        assert not await at_fault(vantage, failed("timeout", started_at=time.time() - 10))
        assert network.asked == 2
        assert not await at_fault(vantage, failed("timeout"))
        assert network.asked == 2

    asyncio.run(scenario())


def test_it_asks_once_for_a_storm_of_failures() -> None:
    async def scenario() -> None:
        network = Network(ADDRESS)
        vantage = vantage_on(network, ADDRESS)
        await vantage.look()
        vantage._last = None
        network.alive.clear()
        network.pause.clear()
        storm = [asyncio.create_task(at_fault(vantage, failed("timeout"))) for _ in range(500)]
        await asyncio.sleep(0)
        network.pause.set()
        assert all(await asyncio.gather(*storm))
        assert network.asked == 2

    asyncio.run(scenario())


def test_it_looks_in_the_background_from_the_start() -> None:
    async def scenario() -> None:
        vantage = vantage_on(Network(ADDRESS), ADDRESS)
        vantage.start()
        await vantage.look()
        assert vantage.has_history
        await vantage.close()
        assert vantage._background is None

    asyncio.run(scenario())


def test_it_watches_the_resolvers_and_well_known_hosts_by_default() -> None:
    vantage = Vantage(ProbeOptions(resolvers=("udp://192.0.2.53",)))
    assert vantage._canaries[0] == Canary("192.0.2.53", 53, is_name_server=True)
    assert [canary.port for canary in vantage._canaries[1:]] == [443, 443, 443]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.com:443", Canary("example.com", 443)),
        ("example.com", Canary("example.com", 443)),
        ("udp://[2001:db8::1]:5353", Canary("2001:db8::1", 5353, is_name_server=True)),
        ("tls://dns.example", Canary("dns.example", 853)),
        ("https://dns.example/dns-query", Canary("dns.example", 443)),
    ],
)
def test_it_reads_the_name_of_a_canary(text: str, expected: Canary) -> None:
    assert parse_canary(text) == expected


@pytest.mark.parametrize("text", ["", "icmp://1.1.1.1", "udp://", "host:notaport"])
def test_it_refuses_what_is_no_canary(text: str) -> None:
    with pytest.raises(ValueError, match=r"canary|[Pp]ort"):
        parse_canary(text)


class NameServer(asyncio.DatagramProtocol):
    """Answers every query with its own header, or with a foreign id, or not at all."""

    def __init__(self, behaviour: str) -> None:
        self._behaviour = behaviour

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if self._behaviour == "answers":
            self._transport.sendto(data, addr)
        elif self._behaviour == "lies":
            self._transport.sendto(bytes([data[0] ^ 1]) + data[1:], addr)


@asynccontextmanager
async def name_server(behaviour: str) -> AsyncIterator[int]:
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: NameServer(behaviour), local_addr=("127.0.0.1", 0)
    )
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


@pytest.mark.parametrize(
    ("behaviour", "expected"), [("answers", True), ("lies", False), ("is silent", False)]
)
def test_it_asks_a_name_server(behaviour: str, *, expected: bool) -> None:
    async def scenario() -> None:
        async with name_server(behaviour) as port:
            assert await answers(Canary("127.0.0.1", port, is_name_server=True), 0.3) is expected

    asyncio.run(scenario())


def test_it_takes_a_connection_as_an_answer() -> None:
    async def scenario() -> None:
        async with serving(Site()) as port:
            assert await answers(Canary("127.0.0.1", port), 2)
        assert not await answers(Canary("127.0.0.1", port), 2)
        assert not await answers(Canary("127.0.0.1", port, is_name_server=True), 0.3)

    asyncio.run(scenario())


def test_it_does_not_wait_for_a_canary_that_hangs() -> None:
    async def scenario() -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
            assert not await answers(Canary("127.0.0.1", listener.getsockname()[1]), 0.3)

    asyncio.run(scenario())
