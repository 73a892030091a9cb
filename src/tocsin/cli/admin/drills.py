"""`tocsin admin fire-drill`."""

import asyncio
import time
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from tocsin.cli.database import open_database
from tocsin.cli.output import JsonOption, print_json, print_table

if TYPE_CHECKING:
    from tocsin.notifications.queries import DeliveryView

# How long a notifier that runs may take to notice, before this command sends by itself.
NOTICE_SECONDS = 3.0
PATIENCE_SECONDS = 40.0
LOOK_SECONDS = 0.1
ON_THE_WAY = ("pending", "deferred")


def fire_drill(
    *,
    team: Annotated[int, typer.Option(help="The team's id.")],
    as_json: JsonOption = False,
) -> None:
    """Tell every destination of a made-up issue that opens and resolves; show how long it took."""
    open_database()
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.notifications.actions import drills  # noqa: PLC0415

    began = time.monotonic()
    drill = drills.begin(SYSTEM, team)
    enqueued = time.monotonic() - began
    deliveries = _wait(drill, NOTICE_SECONDS, until_noticed=True)
    if any(each.status in ON_THE_WAY and not each.attempts for each in deliveries):
        asyncio.run(_send(drill))
    deliveries = _wait(drill, PATIENCE_SECONDS, until_noticed=False)
    steps = [{"step": "enqueue", "seconds": round(enqueued, 3)}]
    steps += [step for each in reversed(deliveries) for step in _steps(each)]
    if as_json:
        print_json(steps)
        return
    columns = ("step", "transition", "channel", "to", "status", "reason", "seconds")
    print_table(columns, [[step.get(name) for name in columns] for step in steps])


def _wait(drill: UUID, seconds: float, *, until_noticed: bool) -> "list[DeliveryView]":
    end = time.monotonic() + seconds
    while True:
        found = _deliveries(drill)
        moving = [each for each in found if each.status in ON_THE_WAY]
        noticed = until_noticed and any(each.attempts for each in found)
        if not moving or noticed or time.monotonic() > end:
            return found
        time.sleep(LOOK_SECONDS)


def _deliveries(drill: UUID) -> "list[DeliveryView]":
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models, as above
    from tocsin.kit.pagination import PageRequest  # noqa: PLC0415
    from tocsin.notifications.queries import deliveries_of_issue  # noqa: PLC0415

    return list(deliveries_of_issue(SYSTEM, drill, PageRequest(1, 1000)).items)


async def _send(drill: UUID) -> None:
    """Be the notifier until the drill is over: none seems to run."""
    from tocsin.runtime import notifier  # noqa: PLC0415 - models, as above

    stop = asyncio.Event()
    sending = asyncio.create_task(notifier.run("fire drill", stop))
    await asyncio.to_thread(_wait, drill, PATIENCE_SECONDS, until_noticed=False)
    stop.set()
    await sending


def _steps(delivery: "DeliveryView") -> list[dict[str, Any]]:
    facts = {
        "transition": delivery.transition,
        "channel": delivery.channel,
        "to": delivery.to,
        "status": delivery.status,
        "reason": delivery.reason,
    }
    if not delivery.attempts:
        return [{"step": "ledger", **facts, "seconds": None}]
    last = delivery.attempts[-1]
    claimed = (last.at - delivery.created_at).total_seconds()
    return [
        {"step": "claim", **facts, "seconds": round(claimed, 3)},
        {"step": "send", **facts, "seconds": round(last.duration_ms / 1000, 3)},
    ]
