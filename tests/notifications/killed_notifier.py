"""A notifier that dies at one step of a delivery: processes of their own for the crash tests.

Usage: python -m tests.notifications.killed_notifier STEP…; prints, for each step, how the process
ended that went through it. A URL adds a webhook there, `begin` owes a drill to all, `finish` sends
until nothing is on its way (`while-sending` as well: its receiver kills it), and each other step
kills the process there.
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
from tocsin.notifications import bulk, claims  # noqa: E402
from tocsin.notifications.actions import destinations, drills, recording  # noqa: E402
from tocsin.notifications.couriers import Courier  # noqa: E402
from tocsin.notifications.limits import Limits  # noqa: E402
from tocsin.notifications.models import Delivery  # noqa: E402
from tocsin.notifications.sending.sender import open_sender  # noqa: E402
from tocsin.notifications.vocabulary import ON_THE_WAY  # noqa: E402
from tocsin.runtime import notifier  # noqa: E402
from tocsin.teams.models import Team  # noqa: E402

BEFORE_SEND, AFTER_SEND, DURING_ENQUEUE = "before-send", "after-send", "during-enqueue"
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


def die_at(statement: str) -> None:
    """Die inside the transaction that records, before a statement of it."""
    write = recording.write_many

    def write_or_die(wanted: str, rows: Any) -> None:
        if wanted == statement:
            die()
        write(wanted, rows)

    recording.write_many = write_or_die  # type: ignore[attr-defined] # what the step is about


def die_after_record() -> None:
    record = recording.record

    def record_and_die(tried: Any) -> None:
        record(tried)
        die()

    notifier.record = record_and_die  # type: ignore[attr-defined] # what the step is about


def die_instead_of(module: Any, name: str) -> None:
    setattr(module, name, lambda *_args: die())


def left() -> bool:
    return Delivery.objects.filter(status__in=ON_THE_WAY).exists()


async def notify(step: str) -> None:
    stop = asyncio.Event()
    async with open_sender() as sender:
        running = asyncio.create_task(
            notifier.Notifier(Mortal(Courier(sender), step), LIMITS).run(stop)
        )
        while await asyncio.to_thread(left):  # noqa: ASYNC110 - the database tells no events
            await asyncio.sleep(0.05)
        stop.set()
        await running


def prepare(step: str) -> None:
    """Put the trap of a step, where it lies outside the courier."""
    match step:
        case "during-enqueue":
            die_instead_of(drills.audit, "record")  # both deliveries are written, not committed
        case "during-claim":
            die_instead_of(claims, "claimed_of")  # the rows are locked, not leased
        case "during-record":
            die_at(bulk.SETTLE_DELIVERY)
        case "after-record":
            die_after_record()


def go(step: str) -> None:
    prepare(step)
    if step.startswith("http"):
        team = Team.objects.get()
        destinations.add(SYSTEM, team.pk, channel="webhook", config={"url": step})
    elif step in {"begin", DURING_ENQUEUE}:
        drills.begin(SYSTEM, Team.objects.get().pk)
    else:
        asyncio.run(notify(step))


def in_a_process(step: str) -> int:
    """Go through a step in a copy of this process, and return how that ended."""
    child = os.fork()
    if not child:
        go(step)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    if sys.argv[1:] == ["while-sending"]:
        go("while-sending")
    for step in sys.argv[1:]:
        sys.stdout.write(f"{in_a_process(step)}\n")


if __name__ == "__main__":
    main()
