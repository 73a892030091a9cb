"""Waiting for checks that were queued, and telling how far they are."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from tocsin.access.principal import Principal
from tocsin.checks.check_view import CheckView
from tocsin.checks.history import get_check
from tocsin.mcp.operation import Report
from tocsin.mcp.threads import in_thread
from tocsin.probes.contract import CheckStatus

LONGEST = 120.0  # seconds; what takes longer is asked for with get_check
PAUSE = 0.5


async def wait_for(principal: Principal, uuids: Sequence[UUID], report: Report) -> list[CheckView]:
    """Return the checks once all have ended, or as they stand after LONGEST seconds."""
    loop = asyncio.get_running_loop()
    until = loop.time() + LONGEST
    told = -1
    while True:
        checks = await in_thread(lambda: [get_check(principal, uuid) for uuid in uuids])
        ended = [check for check in checks if check.status != CheckStatus.PENDING]
        if len(ended) != told:
            told = len(ended)
            await report(told, len(checks), _in_words(ended, len(checks)))
        if told == len(checks) or loop.time() >= until:
            return checks
        await asyncio.sleep(PAUSE)


def _in_words(ended: Sequence[CheckView], total: int) -> str:
    states = ", ".join(f"{check.type}: {check.outcome or check.status}" for check in ended)
    return f"{len(ended)} of {total} checks ended{': ' if states else ''}{states}"
