"""The prober role, with a runner that answers when it is told to."""

import asyncio
from collections.abc import Callable

import msgspec
import pytest

from tests.checks.conftest import answer
from tocsin.checks.tools import Weight
from tocsin.probes.contract import (
    ProbeRequest,
    ProbeResult,
    Progress,
    ProgressReport,
    Stage,
    StatusSettings,
    Ticket,
    Tool,
)
from tocsin.runtime.bus.local import LocalBus
from tocsin.runtime.prober import Prober


def request(number: int) -> ProbeRequest:
    return ProbeRequest(str(number), Tool.STATUS, "http://127.0.0.1", StatusSettings(), 0.0)


class Runner:
    """Takes two at once and answers on demand."""

    def __init__(self) -> None:
        self.running: dict[str, Callable[[ProbeResult], None]] = {}
        self.requests: dict[str, ProbeRequest] = {}

    @property
    def capacity(self) -> int:
        return 2 - len(self.running)

    def submit(self, request: ProbeRequest, on_result: Callable[[ProbeResult], None]) -> None:
        self.running[request.check_id] = on_result
        self.requests[request.check_id] = request

    def answer(self, check_id: str) -> None:
        self.running.pop(check_id)(answer(self.requests[check_id]))


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_it_takes_no_more_than_the_runner_can_run() -> None:
    async def story() -> None:
        bus, runner = LocalBus(), Runner()
        prober = Prober(bus, Weight.LIGHT, runner)
        probing = asyncio.create_task(prober.run(patience=0))
        await bus.publish_requests(Weight.LIGHT, [request(number) for number in range(3)])
        await settle()
        assert set(runner.running) == {"0", "1"}
        runner.answer("0")
        await settle()
        assert set(runner.running) == {"1", "2"}
        assert [result.check_id for result in (await bus.take_results(10)).items] == ["0"]
        bus.close_requests()
        prober.end()
        assert {left.check_id for left in await probing} == {"1", "2"}

    asyncio.run(story())


def test_it_waits_for_what_runs_before_it_ends() -> None:
    async def story() -> None:
        bus, runner = LocalBus(), Runner()
        prober = Prober(bus, Weight.LIGHT, runner)
        probing = asyncio.create_task(prober.run(patience=30))
        await bus.publish_requests(Weight.LIGHT, [request(0)])
        await settle()
        bus.close_requests()
        prober.end()
        await settle()
        assert not probing.done()
        runner.answer("0")
        assert await probing == []
        assert [result.check_id for result in (await bus.take_results(10)).items] == ["0"]

    asyncio.run(story())


def test_it_drops_the_answer_of_a_check_that_was_given_up() -> None:
    async def story() -> None:
        bus, runner = LocalBus(), Runner()
        prober = Prober(bus, Weight.LIGHT, runner)
        probing = asyncio.create_task(prober.run(patience=0))
        await bus.publish_requests(Weight.LIGHT, [request(0)])
        await settle()
        bus.close_requests()
        prober.end()
        assert [left.check_id for left in await probing] == ["0"]
        runner.answer("0")
        taking = asyncio.create_task(bus.take_results(1))
        await settle()
        assert not taking.done()
        taking.cancel()

    asyncio.run(story())


def test_it_tells_how_far_a_check_has_come_that_somebody_waits_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tocsin.runtime.prober.TELL", 0.01)
    waited_for = msgspec.structs.replace(request(1), ticket=Ticket("site"))
    by_schedule = msgspec.structs.replace(request(2), ticket=Ticket("site", 7, 0.0))

    async def story() -> None:
        bus, runner = LocalBus(), Runner()
        prober = Prober(bus, Weight.LIGHT, runner)
        probing = asyncio.create_task(prober.run(patience=0))
        for done in (1, 2):
            for each in (waited_for, by_schedule, request(3)):
                prober.on_progress(each, Progress(Stage.MEASURING, done, 3))
        # Only the latest, and only of what somebody waits for.
        news = await bus.take_progress()
        assert news == [ProgressReport("1", Progress(Stage.MEASURING, 2, 3))]
        bus.close_requests()
        prober.end()
        await probing

    asyncio.run(story())
