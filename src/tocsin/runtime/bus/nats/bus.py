"""Implements `bus.base.Bus` over NATS JetStream, for roles on one machine or many."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

import structlog
from nats.errors import Error
from nats.js.errors import NotFoundError

from tocsin.checks.tools import EFFORTS, Weight
from tocsin.probes.contract import ProbeRequest, ProbeResult, ProgressReport
from tocsin.runtime import metrics
from tocsin.runtime.bus.base import REQUEST_BOUNDS, Batch
from tocsin.runtime.bus.nats import envelope, topology
from tocsin.runtime.bus.nats.custody import Custody
from tocsin.runtime.bus.nats.envelope import Refusal
from tocsin.runtime.bus.nats.link import Address, Link
from tocsin.runtime.bus.nats.news import News
from tocsin.runtime.bus.nats.publisher import publish
from tocsin.runtime.bus.nats.puller import Puller

log = structlog.get_logger(__name__)
# Several times within the time after which a silent taker is taken for dead.
BEATS = 3
# How many messages of results are asked for at once. A prober sends what it has several times a
# second, so most hold far fewer than they may, and an intake has to keep up with many probers.
RESULTS_ASKED = 128
# How often a full or absent queue is looked at again.
LOOK_SECONDS = 0.1


class _Lane:
    """What one process has of the requests of one weight."""

    def __init__(self, link: Link, region: str, weight: Weight) -> None:
        self.puller = Puller(link, topology.requests_queue(region, weight))
        self.custody = Custody()


class NatsBus:
    """Carries requests of one region, and results of all, between processes.

    Who is silent for `ack_seconds` about what was taken is taken for dead.
    """

    def __init__(
        self, address: Address, region: str, *, ack_seconds: float = topology.ACK_SECONDS
    ) -> None:
        self._region = region
        self._ack_seconds = ack_seconds
        self._link = Link(address)
        self._lanes = {weight: _Lane(self._link, region, weight) for weight in Weight}
        self._results = Puller(self._link, topology.RESULTS, RESULTS_ASKED)
        self._news = News(self._link, region)
        self._prepared: set[Weight] = set()
        self._results_prepared = False
        self._beating: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect; tries until it succeeds."""
        await self._link.open()
        self._beating = asyncio.create_task(self._beat())

    def obstacle(self) -> str | None:
        """Return what is wrong with the connection; None where it is up."""
        return self._link.obstacle()

    async def room(self, weight: Weight) -> int:
        """Return how many requests may be published now; waits for at least one.

        What waits for a prober counts, what probers are at work on does not. Raises BusLost.
        """
        while True:
            room = await self._look(weight)
            if room > 0:
                return room
            await asyncio.sleep(LOOK_SECONDS)

    async def publish_requests(self, weight: Weight, requests: Sequence[ProbeRequest]) -> None:
        """Hand requests to the region's probers; waits until the server has stored them.

        What it will not take before the last deadline is left to its lease. Raises BusLost.
        """
        packed = envelope.pack_requests(requests, topology.CHUNKS[weight])
        _refuse(weight.value, {Refusal.TOO_LARGE: packed.too_large})
        send = partial(
            publish,
            self._link,
            topology.requests_subject(self._region, weight),
            queue=weight.value,
            until=max(request.deadline for request in requests),
        )
        stored = await asyncio.gather(*(send(payload) for payload in packed.payloads))
        if not all(stored):
            log.warning("requests not published", weight=weight.value, messages=stored.count(False))

    async def take_requests(self, weight: Weight, limit: int) -> Sequence[ProbeRequest]:
        """Wait for requests and take about `limit`: whole messages, and at least one."""
        lane, chunk = self._lanes[weight], topology.CHUNKS[weight]
        taken: list[ProbeRequest] = []
        while not taken:
            await lane.puller.wait(max(1, limit // chunk))
            while not taken or len(taken) + chunk <= limit:
                message = lane.puller.next()
                if message is None:
                    break
                opened = envelope.open_requests(message.payload)
                _refuse(weight.value, opened.refused)
                if opened.items:
                    taken.extend(opened.items)
                    checks = (request.check_id for request in opened.items)
                    lane.custody.keep(message.sequence, checks)
                else:
                    await lane.puller.refuse(message.sequence)
        return taken

    async def publish_results(self, results: Sequence[ProbeResult]) -> None:
        """Hand results to the intakes; once the server has stored them, acknowledge the requests.

        Waits for as long as the server cannot take them. Raises BusLost.
        """
        packed = envelope.pack_results(results, topology.RESULT_CHUNK)
        _refuse(topology.RESULTS.label, {Refusal.TOO_LARGE: packed.too_large})
        send = partial(
            publish,
            self._link,
            topology.results_subject(self._region),
            queue=topology.RESULTS.label,
        )
        await asyncio.gather(*(send(payload) for payload in packed.payloads))
        for weight, lane in self._lanes.items():
            answered = (each.check_id for each in results if EFFORTS[each.tool].weight is weight)
            for message in lane.custody.answer(answered):
                await lane.puller.acknowledge(message)

    async def take_results(self, limit: int) -> Batch[ProbeResult]:
        """Wait for results and take up to `limit`. Raises BusClosed once closed."""
        await self._prepare_results()
        results: list[ProbeResult] = []
        messages: list[int] = []
        while not results:
            await self._results.wait(RESULTS_ASKED)
            while not results or len(results) + topology.RESULT_CHUNK <= limit:
                message = self._results.next()
                if message is None:
                    break
                opened = envelope.open_results(message.payload)
                _refuse(topology.RESULTS.label, opened.refused)
                if opened.items:
                    results.extend(opened.items)
                    messages.append(message.sequence)
                else:
                    await self._results.refuse(message.sequence)
        acknowledge = partial(self._acknowledge_results, messages)
        return Batch(results, acknowledge, more=self._results.has_more)

    async def publish_progress(self, reports: Sequence[ProgressReport]) -> None:
        """Tell an intake how far checks have come; what cannot be sent now is dropped."""
        await self._news.publish(reports)

    async def take_progress(self) -> Sequence[ProgressReport]:
        """Wait for news of progress."""
        return await self._news.take()

    async def give_back(self, requests: Sequence[ProbeRequest]) -> Sequence[ProbeRequest]:
        """Let other probers have requests that were taken; return none."""
        checks = [request.check_id for request in requests]
        for lane in self._lanes.values():
            for message in lane.custody.give_up(checks):
                await lane.puller.give_back(message)
        return ()

    def close_requests(self) -> Sequence[ProbeRequest]:
        """End the taking of requests; return none: what nobody took waits for other probers."""
        for lane in self._lanes.values():
            lane.puller.close()
        return ()

    def close_results(self) -> None:
        """End the taking of results; those that wait, wait for another intake."""
        self._results.close()

    async def close(self) -> None:
        """Disconnect."""
        if self._beating is not None:
            self._beating.cancel()
        await self._link.close()

    async def _look(self, weight: Weight) -> int:
        """Return the room in a queue; 0 where there is none or where it cannot be seen now."""
        queue = topology.requests_queue(self._region, weight)
        try:
            if weight not in self._prepared:
                await topology.prepare_requests(
                    self._link.stream, self._region, weight, self._ack_seconds
                )
                self._prepared.add(weight)
            seen = await self._link.stream.consumer_info(queue.stream, queue.taker)
        except NotFoundError:  # the server has lost its disk
            self._prepared.discard(weight)
            return 0
        except (Error, OSError, TimeoutError) as error:
            self._complain(error)
            return 0
        waiting = seen.num_pending or 0
        metrics.BUS_WAITING.labels(queue.label).set(waiting)
        metrics.BUS_TAKEN.labels(queue.label).set(seen.num_ack_pending or 0)
        return REQUEST_BOUNDS[weight] - waiting * topology.CHUNKS[weight]

    async def _prepare_results(self) -> None:
        while not self._results_prepared:
            try:
                await topology.prepare_results(self._link.stream, self._ack_seconds)
                self._results_prepared = True
            except (Error, OSError, TimeoutError) as error:
                self._complain(error)
                await asyncio.sleep(LOOK_SECONDS)

    def _complain(self, error: BaseException) -> None:
        self._link.require()
        log.warning("bus", error=str(error) or type(error).__name__)

    async def _acknowledge_results(self, messages: Sequence[int]) -> None:
        for message in messages:
            await self._results.acknowledge(message)

    async def _beat(self) -> None:
        pullers = [self._results, *(lane.puller for lane in self._lanes.values())]
        while True:
            await asyncio.sleep(self._ack_seconds / BEATS)
            for puller in pullers:
                await puller.beat()


def _refuse(queue: str, refused: Mapping[Refusal, int]) -> None:
    for reason, count in refused.items():
        if count:
            metrics.BUS_REFUSED.labels(queue, reason.value).inc(count)
            log.warning("messages refused", queue=queue, reason=reason.value, count=count)
