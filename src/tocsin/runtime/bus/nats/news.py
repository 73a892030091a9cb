"""News of progress over NATS: stored nowhere, heard by one intake of those that listen."""

import asyncio
from collections.abc import Sequence

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error

from tocsin.probes.contract import ProgressReport
from tocsin.runtime.bus.nats.link import Link

SUBJECTS = "tocsin.progress.*"
LISTENERS = "intakes"
MOST_WAITING = 100
MOST_BYTES = 64 * 1024

_REPORTS = msgspec.msgpack.Decoder(list[ProgressReport])


class News:
    """Tells and hears how far checks have come."""

    def __init__(self, link: Link, region: str) -> None:
        self._link = link
        self._subject = SUBJECTS.replace("*", region)
        self._heard: asyncio.Queue[Sequence[ProgressReport]] = asyncio.Queue(MOST_WAITING)
        self._listens = False

    async def publish(self, reports: Sequence[ProgressReport]) -> None:
        """Tell; what cannot be told now is dropped."""
        try:
            await self._link.client.publish(self._subject, msgspec.msgpack.encode(reports))
        except Error:
            return

    async def take(self) -> Sequence[ProgressReport]:
        """Wait for news."""
        if not self._listens:
            await self._link.client.subscribe(SUBJECTS, LISTENERS, cb=self._hear)
            self._listens = True
        return await self._heard.get()

    async def _hear(self, message: Msg) -> None:
        if len(message.data) > MOST_BYTES or self._heard.full():
            return
        try:
            self._heard.put_nowait(_REPORTS.decode(message.data))
        except msgspec.MsgspecError:
            return
