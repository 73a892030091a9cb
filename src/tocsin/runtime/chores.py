"""What is done once an hour: reminders, deletions that have come due, sessions that have ended."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog

from tocsin.access.idempotency import forget_answers
from tocsin.access.principal import SYSTEM
from tocsin.access.reminders import send_expiry_reminders
from tocsin.accounts.deletion import purge_deleted
from tocsin.accounts.sessions import forget_ended
from tocsin.kit import clock
from tocsin.notifications.actions.failing import mark_failing
from tocsin.oauth.sweeping import forget_ended as forget_ended_grants
from tocsin.runtime.database import DatabaseThread

log = structlog.get_logger(__name__)
INTERVAL = 3600.0


async def run(stop: asyncio.Event) -> None:
    """Do every chore at the start and then hourly until `stop`.

    On a thread of its own: mails may be slow, and the housekeeper's heart must beat meanwhile.
    """
    database = DatabaseThread("chores")
    try:
        while not stop.is_set():
            await database.run(do_all)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), INTERVAL)
    finally:
        await database.close()


def do_all() -> None:
    """Do every chore; each may be done twice, or by two workers at once, without harm."""
    now = clock.now()
    for name, chore in CHORES.items():
        try:
            done = chore(now)
        except Exception:  # one chore that fails must not keep the others from being done
            log.exception("chore failed", chore=name)
        else:
            if done:
                log.info("chore done", chore=name, count=done)


CHORES: dict[str, Callable[[datetime], int]] = {
    "remind of tokens that expire": send_expiry_reminders,
    "purge deleted accounts": lambda now: purge_deleted(SYSTEM, now),
    "forget ended sessions": forget_ended,
    "forget answers kept for repeated requests": forget_answers,
    "mark destinations that fail": mark_failing,
    "forget ended grants and unused clients": forget_ended_grants,
}
