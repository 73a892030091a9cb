"""The way out, whatever the channel."""

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from django.conf import settings

from tocsin import __version__
from tocsin.notifications.channels.contract import Mail, Outgoing
from tocsin.notifications.messages import Attempt, AttemptError, Verdict
from tocsin.notifications.sending.http import send_http
from tocsin.notifications.sending.smtp import Mailer
from tocsin.probes.outbound.client import Outbound
from tocsin.sites.egress import operators_policy

log = logging.getLogger(__name__)

ATTEMPT_SECONDS = 10.0


class Sender:
    """Sends requests and mails, many at once, from one event loop."""

    def __init__(self, outbound: Outbound, mailer: Mailer) -> None:
        self._outbound = outbound
        self._mailer = mailer

    async def send(
        self,
        request: Outgoing,
        *,
        seconds: float = ATTEMPT_SECONDS,
        reached: Collection[str] = (),
    ) -> Attempt:
        """Make one attempt, within `seconds`; whatever happens is an attempt, never an exception.

        `reached`: marks that earlier attempts at this delivery gave.
        """
        try:
            if isinstance(request, Mail):
                return await self._mailer.send(request, seconds=seconds, reached=reached)
            return await send_http(self._outbound, request, seconds=seconds)
        except Exception:
            log.exception("A message could not be sent")
            words = "Sending broke down inside Tocsin."
            return Attempt(Verdict.RETRY, 0, error=AttemptError.INTERNAL_ERROR, detail=words)

    async def close(self) -> None:
        """Cut off what is still on its way."""
        self._mailer.close()
        await self._outbound.close()


@asynccontextmanager
async def open_sender() -> AsyncIterator[Sender]:
    """Open the way out that the settings describe; it is closed at the end."""
    ca_file = settings.EXTRA_CA_FILE
    outbound = Outbound(
        operators_policy(),
        user_agent=f"Tocsin/{__version__} (+{settings.BASE_URL})",
        extra_ca_file=None if ca_file is None else str(ca_file),
    )
    sender = Sender(outbound, Mailer())
    try:
        yield sender
    finally:
        await sender.close()
