"""Politeness: one lane a host, with a bounded number at once and a pause between starts.

Pure: the caller brings the time, any monotonic seconds.
"""

import heapq
from collections import deque
from enum import IntEnum
from itertools import count
from typing import Generic, TypeVar

Job = TypeVar("Job")


class Order(IntEnum):
    """Which of a host's jobs goes first: what is under way, what was found, what is known of."""

    FIRST = 0
    NORMAL = 1
    LAST = 2


class _Lane(Generic[Job]):
    __slots__ = ("host", "interval", "listed", "queues", "ready_at", "running")

    def __init__(self, host: str, interval: float) -> None:
        self.host = host
        self.interval = interval
        self.ready_at = 0.0
        self.running = 0
        self.listed = False
        self.queues: tuple[deque[Job], ...] = tuple(deque() for _ in Order)

    def next_job(self) -> Job:
        return next(queue for queue in self.queues if queue).popleft()

    @property
    def waits(self) -> bool:
        return any(self.queues)


class Lanes(Generic[Job]):
    """Jobs that wait for their host. `interval` are the seconds between two starts at a host."""

    def __init__(self, per_host: int, interval: float) -> None:
        self._per_host = per_host
        self._interval = interval
        self._lanes: dict[str, _Lane[Job]] = {}
        self._ready: list[tuple[float, int, _Lane[Job]]] = []
        self._numbers = count()
        self._waiting = 0

    def __len__(self) -> int:
        return self._waiting

    def put(self, host: str, job: Job, order: Order = Order.NORMAL) -> None:
        """Let a job wait for its host."""
        lane = self._lane(host)
        lane.queues[order].append(job)
        self._waiting += 1
        self._list(lane)

    def take(self, now: float) -> Job | None:
        """Return a job that may start now and occupies its host until `leave`; None if none may."""
        while self._ready and self._ready[0][0] <= now:
            _, _, lane = heapq.heappop(self._ready)
            lane.listed = False
            if lane.ready_at > now:  # it was told to hold meanwhile
                self._list(lane)
                continue
            lane.running += 1
            lane.ready_at = now + lane.interval
            self._waiting -= 1
            job = lane.next_job()
            self._list(lane)
            return job
        return None

    def leave(self, host: str) -> None:
        """Give back the place of a job that `take` returned."""
        lane = self._lanes[host]
        lane.running -= 1
        self._list(lane)

    def give_back(self, host: str, now: float) -> None:
        """Undo a `take` whose job made no request: the host need not rest for it."""
        self._lanes[host].ready_at = now
        self.leave(host)

    def hold(self, host: str, until: float) -> None:
        """Start nothing at a host before `until`."""
        lane = self._lane(host)
        lane.ready_at = max(lane.ready_at, until)

    def slow(self, host: str, interval: float) -> None:
        """Leave at least `interval` seconds between starts at a host from now on."""
        lane = self._lane(host)
        lane.interval = max(lane.interval, interval)

    def next_start(self) -> float | None:
        """Return from when on a job may start, None while every job waits for a place."""
        return self._ready[0][0] if self._ready else None

    def _lane(self, host: str) -> _Lane[Job]:
        if host not in self._lanes:
            self._lanes[host] = _Lane(host, self._interval)
        return self._lanes[host]

    def _list(self, lane: _Lane[Job]) -> None:
        if lane.waits and not lane.listed and lane.running < self._per_host:
            lane.listed = True
            heapq.heappush(self._ready, (lane.ready_at, next(self._numbers), lane))
