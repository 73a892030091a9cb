"""What every bus promises, whichever carries: within one process or over NATS."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

import pytest

from tests.runtime.lines import (
    Line,
    answer,
    eventually,
    local_line,
    nats_line,
    nothing_comes,
    numbers,
    request,
    requests,
    tell,
)
from tocsin.checks.tools import Weight
from tocsin.probes.contract import ProbeRequest, ProbeResult, Tool
from tocsin.runtime.bus.base import REQUEST_BOUNDS, Bus, BusClosed
from tocsin.runtime.prober import Prober

LIGHT, HEAVY = Weight.LIGHT, Weight.HEAVY
Opened = Callable[[], AbstractAsyncContextManager[Line]]


@pytest.fixture(params=["local", "nats"])
def opened(request: pytest.FixtureRequest) -> Opened:
    """One bus or the other, to be opened on the test's own event loop."""
    if request.param == "local":
        return local_line
    return partial(nats_line, request.getfixturevalue("nats_server"))


def test_it_carries_a_request_there_and_its_result_back(opened: Opened) -> None:
    async def story() -> None:
        async with opened() as line:
            await line.scheduler.publish_requests(LIGHT, requests(range(60)))
            taken: list[ProbeRequest] = []
            while len(taken) < 60:
                taken += await line.prober.take_requests(LIGHT, 60)
            assert sorted(numbers(taken)) == list(range(60))
            await line.prober.publish_results([answer(each) for each in taken])
            filed: list[ProbeResult] = []
            while len(filed) < 60:
                batch = await line.intake.take_results(500)
                filed += batch.items
                await batch.acknowledge()
            assert sorted(numbers(filed)) == list(range(60))
            assert await nothing_comes(line.prober.take_requests(LIGHT, 1))
            assert await nothing_comes(line.intake.take_results(1))

    tell(story)


def test_it_keeps_the_weights_apart(opened: Opened) -> None:
    async def story() -> None:
        async with opened() as line:
            crawl = request(1, Tool.BROKEN_LINKS)
            await line.scheduler.publish_requests(HEAVY, [crawl])
            assert await nothing_comes(line.prober.take_requests(LIGHT, 10))
            assert await line.prober.take_requests(HEAVY, 1) == [crawl]

    tell(story)


def test_it_has_no_room_for_more_than_may_wait(opened: Opened) -> None:
    async def story() -> None:
        async with opened() as line:
            for weight, tool in ((LIGHT, Tool.STATUS), (HEAVY, Tool.BROKEN_LINKS)):
                bound = REQUEST_BOUNDS[weight]
                assert await line.scheduler.room(weight) == bound
                await line.scheduler.publish_requests(weight, requests(range(bound), tool))
                assert await nothing_comes(line.scheduler.room(weight))
                taken = await line.prober.take_requests(weight, 1)
                assert await line.scheduler.room(weight) == len(taken)

    tell(story)


class StuckRunner:
    """Takes so many checks and answers none until it is told to."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.running: list[tuple[ProbeRequest, Callable[[ProbeResult], None]]] = []

    @property
    def capacity(self) -> int:
        return max(0, self.most - len(self.running))

    def submit(self, request: ProbeRequest, on_result: Callable[[ProbeResult], None]) -> None:
        self.running.append((request, on_result))

    def answer_all(self) -> None:
        running, self.running = self.running, []
        for asked, on_result in running:
            on_result(answer(asked))


def test_it_slows_the_scheduler_where_the_prober_is_full(opened: Opened) -> None:
    """Claimed work never piles up: what nobody can take yet is not claimed at all."""

    async def claim(bus: Bus, claimed: list[int]) -> None:
        while True:
            room = min(await bus.room(LIGHT), 500)
            await bus.publish_requests(LIGHT, requests(range(len(claimed), len(claimed) + room)))
            claimed += range(len(claimed), len(claimed) + room)

    async def story() -> None:
        async with opened() as line:
            runner, claimed = StuckRunner(50), list[int]()
            prober = Prober(line.prober, LIGHT, runner)
            probing = asyncio.create_task(prober.run(patience=0))
            claiming = asyncio.create_task(claim(line.scheduler, claimed))
            most = REQUEST_BOUNDS[LIGHT] + runner.most

            async def is_full() -> bool:
                return len(claimed) >= most - 25

            await eventually(is_full, "a full prober and a full queue")
            assert await nothing_comes(asyncio.shield(claiming))
            assert len(claimed) <= most + 25
            stuck = len(claimed)
            runner.answer_all()

            async def goes_on() -> bool:
                return len(claimed) > stuck

            await eventually(goes_on, "more claims")
            claiming.cancel()
            line.prober.close_requests()
            prober.end()
            await probing

    tell(story)


def test_it_lets_go_of_what_a_prober_gives_back(opened: Opened) -> None:
    """Either another prober gets it, or the one who asked is told that nobody will."""

    async def story() -> None:
        async with opened() as line:
            await line.scheduler.publish_requests(LIGHT, requests(range(3)))
            taken = await line.prober.take_requests(LIGHT, 25)
            nobodys = await line.prober.give_back(taken)
            again = [] if nobodys else await line.prober.take_requests(LIGHT, 25)
            assert numbers([*nobodys, *again]) == [0, 1, 2]

    tell(story)


def test_it_ends_whoever_waits(opened: Opened) -> None:
    async def story() -> None:
        async with opened() as line:
            taking = asyncio.create_task(line.prober.take_requests(LIGHT, 1))
            filing = asyncio.create_task(line.intake.take_results(1))
            await asyncio.sleep(0)
            line.prober.close_requests()
            line.intake.close_results()
            for waiting in (taking, filing):
                with pytest.raises(BusClosed):
                    await waiting

    tell(story)
