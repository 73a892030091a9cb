"""Sends requests, many at once, on the event loop that runs: no thread a request."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable

import pycurl

from tocsin.probes import lookup
from tocsin.probes.egress import EgressPolicy, EgressRefused, check_url
from tocsin.probes.outbound.exchange import Exchange, Route
from tocsin.probes.outbound.messages import (
    Answer,
    OutboundError,
    OutboundLimits,
    Outgoing,
    refused,
)
from tocsin.probes.status.failures import FailureCode
from tocsin.probes.status.roots import RootsFile
from tocsin.probes.target import InvalidTarget, Target, wire_url

Names = Callable[[str, socket.AddressFamily], Awaitable[lookup.Answer]]

OUT_OF_TIME = "The receiver did not answer in time."


class Outbound:
    """Belongs to one event loop; end it with `close`.

    `names` looks a host's addresses up; each is judged, and only the judged ones are connected to.
    Raises OSError when the operator's roots cannot be read.
    """

    def __init__(
        self,
        policy: EgressPolicy,
        *,
        user_agent: str,
        extra_ca_file: str | None = None,
        limits: OutboundLimits | None = None,
        names: Names = lookup.look_up,
    ) -> None:
        self._policy = policy
        self._user_agent = user_agent
        self._limits = limits or OutboundLimits()
        self._names = names
        self._roots = RootsFile(extra_ca_file)
        self._multi = pycurl.AsyncCurlMulti()

    async def send(self, request: Outgoing, *, seconds: float | None = None) -> Answer:
        """Send a request and return the answer; redirects are answers and are not followed.

        `seconds` shortens the limits' total. Raises OutboundError.
        """
        limits = self._limits
        total = limits.total_seconds if seconds is None else min(seconds, limits.total_seconds)
        end = time.monotonic() + total
        try:
            target = check_url(request.url, self._policy)
        except InvalidTarget as error:
            raise OutboundError(FailureCode.INVALID_URL, str(error)) from None
        except EgressRefused as error:
            raise refused(error.refusal) from None
        connected_by = time.monotonic() + min(limits.connect_seconds, total)
        resolve = None if target.is_literal else await self._resolve(target, connected_by)
        route = Route(
            url=wire_url(request.url, target),
            resolve=resolve,
            connect_ms=_milliseconds_until(connected_by),
            total_ms=_milliseconds_until(end),
        )
        return await self._exchange(request, route)

    async def close(self) -> None:
        """Cut off what is still on its way."""
        await self._multi.aclose()
        self._roots.close()

    async def _resolve(self, target: Target, by: float) -> str:
        seconds = max(0.0, by - time.monotonic())
        try:
            answer = await asyncio.wait_for(self._names(target.host, socket.AF_UNSPEC), seconds)
        except TimeoutError:
            answer = lookup.Answer((), "the name servers did not answer in time")
        if answer.error is not None:
            words = f"Could not resolve {target.host}: {answer.error}."
            raise OutboundError(FailureCode.DNS, words)
        refusals = [self._policy.judge(address, target.port) for address in answer.addresses]
        judged = zip(answer.addresses, refusals, strict=True)
        addresses = [address for address, refusal in judged if refusal is None]
        if not addresses:
            raise refused(next(refusal for refusal in refusals if refusal is not None))
        bracketed = (f"[{each}]" if ":" in each else each for each in addresses)
        return f"+{target.host}:{target.port}:{','.join(bracketed)}"

    async def _exchange(self, request: Outgoing, route: Route) -> Answer:
        exchange = Exchange(self._policy, self._limits)
        try:
            self._prepare(exchange, request, route)
            error, message = await self._perform(exchange)
            return exchange.read(error, message)
        finally:
            exchange.close()

    def _prepare(self, exchange: Exchange, request: Outgoing, route: Route) -> None:
        try:
            exchange.prepare(request, route, ca_file=self._roots.path, user_agent=self._user_agent)
        except (pycurl.error, UnicodeError) as error:
            words = f"The request cannot be sent: {error}."
            raise OutboundError(FailureCode.INVALID_URL, words) from None

    async def _perform(self, exchange: Exchange) -> tuple[int, str]:
        try:
            await self._multi.perform(exchange.curl)
        except pycurl.error as error:
            return error.args[0], error.args[1]
        return pycurl.E_OK, ""


def _milliseconds_until(moment: float) -> int:
    left = int((moment - time.monotonic()) * 1000)
    if left < 1:  # libcurl would take 0 for no limit at all
        raise OutboundError(FailureCode.TIMEOUT, OUT_OF_TIME)
    return left
