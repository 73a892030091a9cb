"""What the bus over NATS does when processes, answers or the server itself go missing."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from nats.js.errors import NotFoundError

from tests.runtime.bus_server import NatsServer
from tests.runtime.late_answers import late_answers
from tests.runtime.lines import (
    ACK_SECONDS,
    REGION,
    answer,
    counted,
    eventually,
    nats_bus,
    nats_line,
    nothing_comes,
    numbers,
    request,
    requests,
    tell,
)
from tocsin.checks.tools import Weight
from tocsin.probes.contract import ProbeRequest, ProbeResult, Tool
from tocsin.runtime.bus.base import Bus
from tocsin.runtime.bus.nats import publisher, topology
from tocsin.runtime.bus.nats.bus import RESULTS_ASKED, NatsBus
from tocsin.runtime.bus.nats.link import parse

LIGHT, HEAVY = Weight.LIGHT, Weight.HEAVY
TAKER = """
import asyncio, sys
from tests.runtime.lines import ACK_SECONDS, REGION
from tocsin.checks.tools import Weight
from tocsin.runtime.bus.nats.bus import NatsBus
from tocsin.runtime.bus.nats.link import parse

async def main():
    bus = NatsBus(parse(sys.argv[1]), REGION, ack_seconds=ACK_SECONDS)
    await bus.open()
    async with asyncio.timeout(10):
        await take(bus)
    await asyncio.Event().wait()

async def take(bus):
    if sys.argv[2] == "requests":
        print(len(await bus.take_requests(Weight.LIGHT, 25)), flush=True)
    else:
        print(len((await bus.take_results(100)).items), flush=True)

asyncio.run(main())
"""


@pytest.fixture
def takers() -> Iterator[ExitStack]:
    """End what `take_in_another_process` started, also where a test fails before it does."""
    with ExitStack() as ending:
        yield ending


def take_in_another_process(
    takers: ExitStack, server: NatsServer, what: str
) -> "subprocess.Popen[bytes]":
    """Start a process that takes and never answers; returns once it has taken."""
    command = [sys.executable, "-c", TAKER, server.url, what]
    taker = subprocess.Popen(command, stdout=subprocess.PIPE)
    takers.callback(kill, taker)
    assert taker.stdout is not None
    assert int(taker.stdout.readline()) > 0
    return taker


def kill(process: "subprocess.Popen[bytes]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


async def waiting(bus: NatsBus, stream: str) -> int:
    """Count the messages that a stream holds, taken or not."""
    return (await bus._link.stream.stream_info(stream)).state.messages


def holds(bus: NatsBus, stream: str, count: int) -> Callable[[], Awaitable[bool]]:
    async def seen() -> bool:
        return await waiting(bus, stream) == count

    return seen


def stream_of(weight: Weight) -> str:
    return topology.requests_queue(REGION, weight).stream


async def take(bus: Bus, count: int) -> list[ProbeRequest]:
    """Take requests until there are so many."""
    taken: list[ProbeRequest] = []
    while len(taken) < count:
        taken += await bus.take_requests(LIGHT, 500)
    return taken


async def file(bus: Bus, count: int) -> list[ProbeResult]:
    """Take results and acknowledge them until there are so many."""
    filed: list[ProbeResult] = []
    while len(filed) < count:
        batch = await bus.take_results(500)
        filed += batch.items
        await batch.acknowledge()
    return filed


def test_it_keeps_regions_apart(nats_server: NatsServer) -> None:
    async def story() -> None:
        async with nats_line(nats_server) as line, nats_bus(nats_server, "us-east") as other:
            await other.room(LIGHT)
            await line.scheduler.publish_requests(LIGHT, requests([1]))
            assert await nothing_comes(other.take_requests(LIGHT, 25))
            assert numbers(await line.prober.take_requests(LIGHT, 25)) == [1]
            # Results of every region come to the same intakes.
            await other.publish_results([answer(request(7))])
            assert numbers(await file(line.intake, 1)) == [7]

    tell(story)


def test_an_intake_gets_many_small_messages_at_once(nats_server: NatsServer) -> None:
    async def story() -> None:
        async with nats_line(nats_server) as line:
            for number in range(40):
                await line.prober.publish_results([answer(request(number))])

            async def all_are_on_their_way() -> bool:
                queue = topology.RESULTS
                seen = await line.scheduler._link.stream.consumer_info(queue.stream, queue.taker)
                return not seen.num_pending

            first = await line.intake.take_results(500)
            await eventually(all_are_on_their_way, "the intake asks for more than it has")
            rest = (await line.intake.take_results(500)).items if len(first.items) < 40 else ()
            assert sorted(numbers([*first.items, *rest])) == list(range(40))

    tell(story)


def test_it_says_whether_more_are_here(nats_server: NatsServer) -> None:
    async def story() -> None:
        async with nats_line(nats_server) as line:
            for number in range(3):
                await line.prober.publish_results([answer(request(number))])
            await line.intake._results.wait(3)
            ready = line.intake._results._ready

            async def all_are_here() -> bool:
                return len(ready) == 3

            await eventually(all_are_here, "three messages come")
            took = [await line.intake.take_results(1) for _ in range(3)]
            assert [(len(each.items), each.more) for each in took] == [
                (1, True), (1, True), (1, False),
            ]  # fmt: skip

    tell(story)


def test_it_shares_the_work_of_a_region_without_doing_any_twice(nats_server: NatsServer) -> None:
    async def story() -> None:
        async with nats_line(nats_server) as line, nats_bus(nats_server) as second:
            asked = list(range(200))
            await line.scheduler.publish_requests(LIGHT, requests(asked))
            mine, theirs = list[int](), list[int]()
            while len(mine) + len(theirs) < len(asked):
                mine += numbers(await line.prober.take_requests(LIGHT, 25))
                theirs += numbers(await second.take_requests(LIGHT, 25))
            assert sorted([*mine, *theirs]) == asked
            assert len(mine) == len(theirs)

    tell(story)


def test_it_lets_go_of_requests_once_their_results_are_stored(
    nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the results cannot be published, a request stays with the server."""
    monkeypatch.setattr(topology, "RESULT_BYTES", 4096)

    async def story() -> None:
        async with nats_line(nats_server) as line:
            bulky = {"result": {"text": "x" * 3000}}
            await line.prober.publish_results([answer(request(99), **bulky)])
            await line.scheduler.publish_requests(LIGHT, requests([1, 2]))
            taken = await line.prober.take_requests(LIGHT, 25)
            publishing = asyncio.create_task(
                line.prober.publish_results([answer(each, **bulky) for each in taken[:1]])
            )
            assert await nothing_comes(asyncio.shield(publishing))
            assert counted("tocsin_bus_publish_waits_total", queue="results", reason="full") > 0
            assert numbers(await file(line.intake, 1)) == [99]
            await publishing
            # The other check of the same message is still to be answered.
            assert await waiting(line.scheduler, stream_of(LIGHT)) == 1
            await file(line.intake, 1)
            await line.prober.publish_results([answer(taken[1])])
            await eventually(holds(line.scheduler, stream_of(LIGHT), 0), "the end of the message")

    tell(story)


def test_it_gives_requests_to_another_when_their_prober_is_killed(
    nats_server: NatsServer, takers: ExitStack
) -> None:
    """Not while it lives, however long it takes; soon after it is dead."""

    async def story() -> None:
        async with nats_line(nats_server) as line:
            await line.scheduler.publish_requests(LIGHT, requests(range(20)))
            taker = await asyncio.to_thread(
                take_in_another_process, takers, nats_server, "requests"
            )
            taking = asyncio.create_task(line.prober.take_requests(LIGHT, 25))
            await asyncio.sleep(2 * ACK_SECONDS)
            assert not taking.done()
            kill(taker)
            assert numbers(await taking) == list(range(20))
            assert counted("tocsin_bus_redelivered_total", queue="light") > 0

    tell(story)


def test_it_gives_results_to_another_when_their_intake_is_killed(
    nats_server: NatsServer, takers: ExitStack
) -> None:
    async def story() -> None:
        async with nats_line(nats_server) as line:
            # More than the first intake has asked for, so that there are some for the second.
            count = RESULTS_ASKED + 10
            await asyncio.gather(
                *(line.prober.publish_results([answer(each)]) for each in requests(range(count)))
            )
            take = partial(take_in_another_process, takers, nats_server, "results")
            taker = await asyncio.to_thread(take)
            kill(taker)
            assert sorted(numbers(await file(line.intake, count))) == list(range(count))
            await eventually(holds(line.scheduler, topology.RESULTS_STREAM, 0), "an empty queue")

    tell(story)


def test_it_does_not_do_twice_what_comes_again_to_its_holder(nats_server: NatsServer) -> None:
    """A prober that could not speak for a while is given its own work again, and has it already."""

    async def story() -> None:
        async with nats_line(nats_server) as line:
            await line.scheduler.publish_requests(HEAVY, [request(1, Tool.BROKEN_LINKS)])
            (crawl,) = await line.prober.take_requests(HEAVY, 1)
            line.prober._beating.cancel()
            redelivered = counted("tocsin_bus_redelivered_total", queue="heavy")
            again = asyncio.create_task(line.prober.take_requests(HEAVY, 1))

            async def came_again() -> bool:
                return counted("tocsin_bus_redelivered_total", queue="heavy") > redelivered

            await eventually(came_again, "the same message")
            assert not again.done()
            await line.prober.publish_results([answer(crawl)])
            await eventually(holds(line.scheduler, stream_of(HEAVY), 0), "the end of the message")
            again.cancel()

    tell(story)


def test_it_stores_once_what_is_published_again_for_want_of_an_answer(
    nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "ANSWER_SECONDS", 0.1)

    async def story() -> None:
        async with nats_line(nats_server) as line, late_answers(nats_server.port) as between:
            bus = NatsBus(parse(between.url), REGION)
            await bus.open()
            before = counted("tocsin_bus_publish_waits_total", queue="light", reason="unreachable")
            between.hold()
            publishing = asyncio.create_task(bus.publish_requests(LIGHT, requests([1])))

            async def tried_again() -> bool:
                labels = {"queue": "light", "reason": "unreachable"}
                return counted("tocsin_bus_publish_waits_total", **labels) >= before + 2

            await eventually(tried_again, "attempts without an answer")
            between.let_go()
            await publishing
            await bus.close()
            assert await waiting(line.scheduler, stream_of(LIGHT)) == 1
            # The same check asked for anew is no copy.
            await line.scheduler.publish_requests(LIGHT, requests([1]))
            assert await waiting(line.scheduler, stream_of(LIGHT)) == 2

    tell(story)


def test_it_loses_nothing_when_the_server_is_killed_in_the_middle(nats_server: NatsServer) -> None:
    async def story() -> None:
        async with nats_line(nats_server) as line:
            await line.scheduler.publish_requests(LIGHT, requests(range(100)))
            taken = list(await line.prober.take_requests(LIGHT, 50))
            nats_server.kill()
            assert await nothing_comes(line.scheduler.room(LIGHT))
            assert line.prober.obstacle() is not None
            publishing = asyncio.create_task(
                line.prober.publish_results([answer(each) for each in taken])
            )
            asking = asyncio.create_task(
                line.scheduler.publish_requests(LIGHT, requests(range(100, 120)))
            )
            await asyncio.to_thread(nats_server.start)
            await asyncio.gather(publishing, asking)
            while len(set(numbers(taken))) < 120:
                more = await line.prober.take_requests(LIGHT, 500)
                await line.prober.publish_results([answer(each) for each in more])
                taken += more
            filed: set[int] = set()
            while len(filed) < 120:
                filed |= set(numbers(await file(line.intake, 1)))
            await eventually(holds(line.scheduler, stream_of(LIGHT), 0), "an empty queue")

    tell(story)


def test_it_begins_anew_where_the_server_has_lost_its_disk(nats_server: NatsServer) -> None:
    async def story() -> None:
        async with nats_line(nats_server) as line:
            await line.scheduler._link.stream.delete_stream(stream_of(LIGHT))
            with pytest.raises(NotFoundError):
                await waiting(line.scheduler, stream_of(LIGHT))
            assert await line.scheduler.room(LIGHT) > 0
            await line.scheduler.publish_requests(LIGHT, requests([1]))
            assert numbers(await line.prober.take_requests(LIGHT, 25)) == [1]

    tell(story)


def test_it_closes_though_it_never_reached_the_server(tmp_path: Path) -> None:
    """A process whose roles need no bus, and one that is told to end before there is one."""

    async def story() -> None:
        for opens in (False, True):
            bus = NatsBus(parse(NatsServer(tmp_path).url), REGION)
            assert not opens or await nothing_comes(bus.open())
            await bus.close()

    tell(story)
