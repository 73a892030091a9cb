"""What the notifier costs, and what one receiver that hangs costs the others.

Usage: python benchmarks/notifier.py [deliveries]. Owes 10,000 deliveries to 100 local webhooks
(SQLite, a receiver in a process of its own) and sends them twice: all well, and with one webhook
that never answers. Prints webhooks a second of processor time of the notifier against the goal of
300, and how much longer the other 99 took against the goal of 1.5 times.
"""

import asyncio
import multiprocessing
import os
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

os.environ["TOCSIN_DATA_DIR"] = tempfile.mkdtemp(prefix="tocsin-bench-")
os.environ["TOCSIN_EGRESS_ALLOW"] = "127.0.0.0/8"

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

DESTINATIONS = 100
RATE_GOAL, DELAY_GOAL = 300, 1.5
OK = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


def serve(ready: "Connection") -> None:
    """Answer each request, except for `/hang`."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if head.split(b" ", 2)[1] == b"/hang":
            await reader.read()
        else:
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            await reader.readexactly(length)
            writer.write(OK)
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1024)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def owe(team: Any, urls: list[str], each: int) -> None:
    """Replace the ledger: `each` deliveries to a webhook at each URL, all due now."""
    from tocsin.access.principal import SYSTEM
    from tocsin.kit import clock, ids
    from tocsin.notifications import notices
    from tocsin.notifications.actions import destinations
    from tocsin.notifications.actions.owing import owe
    from tocsin.notifications.made_up import made_up
    from tocsin.notifications.messages import Event, MessageTransition
    from tocsin.notifications.models import Destination, Occurrence
    from tocsin.notifications.tellings import Telling

    Occurrence.objects.all().delete()
    Destination.objects.all().delete()
    for url in urls:
        destinations.add(SYSTEM, team.pk, channel="webhook", config={"url": url})
    now, opened = clock.now(), MessageTransition.OPEN
    for _ in range(each):
        subject = ids.new_uuid()
        notice = made_up(subject, Event.OPENED, opened, name="Shop", summary="Answers with 503.")
        occurrence = Occurrence(
            team=team,
            key=f"benchmark:{subject}",
            event=notice.event,
            transition=opened,
            occurred_at=now,
            notice=notices.kept(notice),
        )
        owe([Telling(occurrence, subject=subject, since=now)], now)


async def send(wanted: int) -> tuple[float, float]:
    """Send until `wanted` have arrived; return seconds by the wall and of this process."""
    from tocsin.notifications.couriers import Courier
    from tocsin.notifications.limits import Limits
    from tocsin.notifications.sending.sender import open_sender
    from tocsin.runtime.notifier import Notifier

    arrived, done, stop = 0, asyncio.Event(), asyncio.Event()

    class Counting:
        """Counts what arrives on the way of a real courier."""

        def __init__(self, courier: Courier) -> None:
            self._courier = courier

        async def send(self, claimed: Any) -> Any:
            nonlocal arrived
            attempt = await self._courier.send(claimed)
            arrived += attempt.ok
            if arrived == wanted:
                done.set()
            return attempt

    wall, cpu = time.monotonic(), time.process_time()
    async with open_sender() as sender:
        # Storm control would fold most of them.
        notifier = Notifier(Counting(Courier(sender)), Limits(messages_a_minute=10**6))
        running = asyncio.create_task(notifier.run(stop))
        await done.wait()
        spent = time.monotonic() - wall, time.process_time() - cpu
        stop.set()
        await running
    return spent


def main() -> None:
    """Measure, and print goals and verdicts."""
    each = (int(sys.argv[1]) if len(sys.argv) > 1 else 10_000) // DESTINATIONS
    here, there = multiprocessing.Pipe()
    receiver = multiprocessing.get_context("fork").Process(target=serve, args=(there,), daemon=True)
    receiver.start()
    base = f"http://127.0.0.1:{here.recv()}"

    from tocsin.runtime import setup

    setup.django()
    import uvloop

    from tocsin.cli.database import bring_up_to_date
    from tocsin.teams.models import Team

    bring_up_to_date()
    team = Team.objects.create(name="Benchmark")
    others = [f"{base}/{number}" for number in range(DESTINATIONS - 1)]
    owe(team, [*others, f"{base}/well"], each)
    wall, cpu = uvloop.run(send(each * DESTINATIONS))
    rate = each * DESTINATIONS / cpu
    owe(team, [*others, f"{base}/hang"], each)
    hung, _ = uvloop.run(send(each * (DESTINATIONS - 1)))
    receiver.terminate()
    print(
        f"{'all well':14} {wall:8.1f} s  {rate:8,.0f} webhooks/s/core  goal {RATE_GOAL}"
        f"  {'met' if rate >= RATE_GOAL else 'MISSED'}"
    )
    print(
        f"{'one hangs':14} {hung:8.1f} s  {hung / wall:8.2f} x the time of the others"
        f"  goal {DELAY_GOAL}  {'met' if hung / wall <= DELAY_GOAL else 'MISSED'}"
    )


if __name__ == "__main__":
    main()
