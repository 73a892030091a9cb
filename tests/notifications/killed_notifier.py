"""A notifier that dies at one step of a delivery: a process of its own for the crash tests.

Usage: python -m tests.notifications.killed_notifier STEP [URL …]; `begin` owes a drill to webhooks
at the URLs, `finish` sends until nothing is on its way, each other step kills the process there.
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from typing import Any

from tocsin.runtime import setup

setup.django()

from tocsin.access.principal import SYSTEM  # noqa: E402 - models are loaded only now
from tocsin.notifications import bulk  # noqa: E402
from tocsin.notifications.actions import destinations, drills, recording  # noqa: E402
from tocsin.notifications.couriers import Courier  # noqa: E402
from tocsin.notifications.limits import Limits  # noqa: E402
from tocsin.notifications.models import Delivery  # noqa: E402
from tocsin.notifications.sending.sender import open_sender  # noqa: E402
from tocsin.notifications.vocabulary import ON_THE_WAY  # noqa: E402
from tocsin.runtime.notifier import Notifier  # noqa: E402
from tocsin.teams.models import Team  # noqa: E402

BEFORE_SEND, AFTER_SEND, DURING_RECORD = "before-send", "after-send", "during-record"
# What a killed notifier held is free again soon.
LIMITS = Limits(lease=timedelta(seconds=1))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """Sends by a real courier, and may die before or after."""

    def __init__(self, courier: Courier, step: str) -> None:
        self._courier, self._step = courier, step

    async def send(self, claimed: Any) -> Any:
        if self._step == BEFORE_SEND:
            die()
        attempt = await self._courier.send(claimed)
        if self._step == AFTER_SEND:
            die()
        return attempt


def begin(urls: list[str]) -> None:
    team = Team.objects.get()
    for url in urls:
        destinations.add(SYSTEM, team.pk, channel="webhook", config={"url": url})
    drills.begin(SYSTEM, team.pk)


def die_while_recording() -> None:
    write = recording.write_many

    def write_or_die(statement: str, rows: Any) -> None:
        if statement == bulk.SETTLE_DELIVERY:
            die()
        write(statement, rows)

    recording.write_many = write_or_die  # type: ignore[attr-defined] # what the step is about


def left() -> bool:
    return Delivery.objects.filter(status__in=ON_THE_WAY).exists()


async def notify(step: str) -> None:
    stop = asyncio.Event()
    async with open_sender() as sender:
        running = asyncio.create_task(Notifier(Mortal(Courier(sender), step), LIMITS).run(stop))
        while await asyncio.to_thread(left):  # noqa: ASYNC110 - the database tells no events
            await asyncio.sleep(0.05)
        stop.set()
        await running


def main() -> None:
    step = sys.argv[1]
    if step == "begin":
        begin(sys.argv[2:])
        return
    if step == DURING_RECORD:
        die_while_recording()
    asyncio.run(notify(step))


if __name__ == "__main__":
    main()
