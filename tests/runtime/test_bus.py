"""The bus within one process."""

import asyncio
from typing import Any

import pytest

from tocsin.checks.tools import Weight
from tocsin.runtime.bus.base import REQUEST_BOUNDS, BusClosed
from tocsin.runtime.bus.local import PROGRESS_BOUND, RESULT_BOUND, LocalBus

LIGHT = Weight.LIGHT


def items(count: int) -> Any:
    return list(range(count))


async def blocked(task: "asyncio.Task[Any]") -> bool:
    for _ in range(5):
        await asyncio.sleep(0)
    return not task.done()


def test_it_gives_what_was_published_once_in_order() -> None:
    async def story() -> None:
        bus = LocalBus()
        await bus.publish_requests(LIGHT, items(5))
        assert await bus.take_requests(LIGHT, 3) == [0, 1, 2]
        assert await bus.take_requests(LIGHT, 3) == [3, 4]

    asyncio.run(story())


def test_it_keeps_the_weights_apart() -> None:
    async def story() -> None:
        bus = LocalBus()
        await bus.publish_requests(Weight.HEAVY, items(1))
        assert await bus.room(LIGHT) == REQUEST_BOUNDS[LIGHT]
        taking = asyncio.create_task(bus.take_requests(LIGHT, 1))
        assert await blocked(taking)
        taking.cancel()

    asyncio.run(story())


def test_it_makes_a_full_queue_wait_until_there_is_room() -> None:
    async def story() -> None:
        bus = LocalBus()
        bound = REQUEST_BOUNDS[LIGHT]
        await bus.publish_requests(LIGHT, items(bound))
        waiting = asyncio.create_task(bus.room(LIGHT))
        assert await blocked(waiting)
        await bus.take_requests(LIGHT, 10)
        assert await waiting == 10

    asyncio.run(story())


def test_it_holds_back_probers_while_too_many_results_wait() -> None:
    async def story() -> None:
        bus = LocalBus()
        await bus.publish_results(items(RESULT_BOUND))
        publishing = asyncio.create_task(bus.publish_results(items(1)))
        assert await blocked(publishing)
        await bus.take_results(500)
        await publishing

    asyncio.run(story())


def test_it_returns_what_nobody_took_and_ends_the_takers() -> None:
    async def story() -> None:
        bus = LocalBus()
        taking = asyncio.create_task(bus.take_requests(LIGHT, 1))
        assert await blocked(taking)
        await bus.publish_requests(Weight.HEAVY, items(2))
        assert list(bus.close_requests()) == [0, 1]
        with pytest.raises(BusClosed):
            await taking

    asyncio.run(story())


def test_it_gives_the_last_results_before_it_ends() -> None:
    async def story() -> None:
        bus = LocalBus()
        await bus.publish_results(items(2))
        bus.close_results()
        assert len((await bus.take_results(5)).items) == 2
        with pytest.raises(BusClosed):
            await bus.take_results(5)

    asyncio.run(story())


def test_it_drops_news_that_nobody_has_taken() -> None:
    async def story() -> None:
        bus = LocalBus()
        for _ in range(3):
            await bus.publish_progress(items(PROGRESS_BOUND))
        assert await bus.take_progress() == items(PROGRESS_BOUND)
        taking = asyncio.create_task(bus.take_progress())
        assert await blocked(taking)
        await bus.publish_progress(items(1))
        assert await taking == [0]

    asyncio.run(story())
