"""A clock that is wrong and a processor that is not ours: what we cannot blame sites for."""

import asyncio
import contextlib
import ssl
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.probes.tls_server import days_from_now, server_context, serving, write_roots
from tocsin.probes.canary import Canary
from tocsin.probes.contract import CheckStatus, Outcome, ProbeError, ProbeOptions, ProbeResult, Tool
from tocsin.probes.own_faults import OwnFault, blame, judges_time
from tocsin.probes.starvation import LEAST_NOTED, TICK, LoopWatch
from tocsin.probes.true_time import seconds_ahead, timeless_context
from tocsin.probes.vantage import Vantage, VantageLimits

HOUR = 3600.0
EXPIRED = {"is_valid": False, "failure_type": "expired"}
TLS_DATE = ProbeError("tls", "SSL certificate problem: certificate has expired", {"stage": "tls"})
TIMEOUT = ProbeError("timeout", "No connection within 5 s.", {"stage": "connect"})


def ssl_result(**result: Any) -> ProbeResult:
    return ProbeResult(
        "1", Tool.SSL, CheckStatus.COMPLETED, Outcome.FAILING, result, None, 0.0, 0.0
    )


def failed(error: ProbeError, *, started_at: float = 0.0) -> ProbeResult:
    return ProbeResult(
        "1", Tool.STATUS, CheckStatus.FAILED, Outcome.FAILING, {}, error, started_at, time.time()
    )


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (ssl_result(**EXPIRED), True),
        (ssl_result(is_valid=False, failure_type="not_yet_valid"), True),
        (ssl_result(is_valid=False, failure_type="hostname_mismatch"), False),
        (ssl_result(is_valid=True, failure_type=None, days_left=3), False),
        (failed(TLS_DATE), True),
        (failed(ProbeError("tls", "self-signed certificate")), False),
        (failed(ProbeError("bad_response", "certificate has expired")), False),
        (failed(TIMEOUT), False),
    ],
)
def test_it_suspects_the_clock_only_where_dates_decided(
    result: ProbeResult, expected: bool
) -> None:
    assert judges_time(result) is expected


class Clocks:
    """How far our clock is ahead of each canary's; counts how often they are asked."""

    def __init__(self, *ahead: float | None) -> None:
        self._ahead = list(ahead)
        self.asked = 0

    async def __call__(self, canary: Canary, _seconds: float) -> float | None:
        self.asked += 1
        return self._ahead[int(canary.host.removeprefix("c").partition(".")[0])]


async def answering(_canary: Canary, _seconds: float) -> bool:
    return True


async def vantage_with(clocks: Clocks, *canaries: str) -> Vantage:
    """Make a vantage from where every canary has answered."""
    vantage = Vantage(ProbeOptions(canaries=canaries), ask=answering, ahead=clocks)
    await vantage.look()
    return vantage


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        ((2 * HOUR, 2 * HOUR + 3), OwnFault.CLOCK),
        ((-2 * HOUR, None), OwnFault.CLOCK),
        ((2 * HOUR, 0.4), None),
        ((30.0, -20.0), None),
        ((None, None), None),
    ],
)
def test_it_blames_the_clock_where_every_clock_says_so(
    ahead: tuple[float | None, ...], expected: OwnFault | None
) -> None:
    async def scenario() -> None:
        clocks = Clocks(*ahead)
        vantage = await vantage_with(
            clocks, *(f"c{number}.example" for number in range(len(ahead)))
        )
        result = ssl_result(**EXPIRED)
        assert vantage.suspects(result)
        found = await asyncio.gather(*(vantage.fault_behind(result) for _ in range(50)))
        assert set(found) == {expected}
        # Many expired certificates ask for the time once.
        assert clocks.asked == len(ahead)
        await vantage.close()

    asyncio.run(scenario())


def test_it_asks_only_those_who_speak_https() -> None:
    async def scenario() -> None:
        clocks = Clocks()
        vantage = await vantage_with(clocks, "udp://192.0.2.53", "192.0.2.1:80", "tls://192.0.2.54")
        assert await vantage.fault_behind(ssl_result(**EXPIRED)) is None
        assert clocks.asked == 0
        await vantage.close()

    asyncio.run(scenario())


def test_it_asks_nobody_for_the_time_where_no_canary_has_ever_answered() -> None:
    async def scenario() -> None:
        clocks = Clocks(2 * HOUR)
        vantage = Vantage(ProbeOptions(canaries=("c0.example",)), ahead=clocks)
        assert not vantage.suspects(ssl_result(**EXPIRED))
        assert await vantage.fault_behind(ssl_result(**EXPIRED)) is None
        assert clocks.asked == 0

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("result", "code"), [(failed(TLS_DATE), "tls"), (ssl_result(**EXPIRED), "vantage_fault")]
)
def test_it_says_why_it_does_not_know(result: ProbeResult, code: str) -> None:
    told = blame(result, OwnFault.CLOCK)
    assert told.outcome is Outcome.UNKNOWN
    assert told.result == result.result
    assert told.error is not None
    assert told.error.code == code
    assert told.error.data["vantage_fault"] == "clock"


@contextlib.asynccontextmanager
async def clock_server(folder: Path, *, ahead: float = 0.0, days: float = 30) -> Any:
    """Serve HTTPS whose Date is ahead of ours, with a certificate that ends in so many days."""

    async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, ssl.SSLError):
            await reader.readuntil(b"\r\n\r\n")
            date = formatdate(time.time() + ahead, usegmt=True)
            writer.write(f"HTTP/1.1 200 OK\r\nDate: {date}\r\n\r\n".encode())
            await writer.drain()

    authority = trustme.CA()
    certificate = authority.issue_cert(
        "localhost", not_before=days_from_now(-60), not_after=days_from_now(days)
    )
    async with serving(tell, server_context(certificate)) as port:
        yield Canary("localhost", port), write_roots(authority, folder)


@pytest.mark.parametrize("ahead", [0.0, HOUR, -2 * HOUR])
def test_it_reads_the_time_that_others_tell(tmp_path: Path, ahead: float) -> None:
    async def scenario() -> None:
        async with clock_server(tmp_path, ahead=ahead) as (canary, roots):
            found = await seconds_ahead(canary, timeless_context(roots), 10)
        assert found is not None
        assert abs(found + ahead) < 5

    asyncio.run(scenario())


def test_it_reads_the_time_though_our_clock_calls_the_certificate_expired(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with clock_server(tmp_path, days=-1) as (canary, roots):
            assert await seconds_ahead(canary, timeless_context(roots), 10) is not None

    asyncio.run(scenario())


def test_it_believes_no_clock_of_whom_it_does_not_trust(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with clock_server(tmp_path, ahead=HOUR) as (canary, _):
            assert await seconds_ahead(canary, timeless_context(), 10) is None
        assert await seconds_ahead(Canary("localhost", 1), timeless_context(), 1) is None

    asyncio.run(scenario())


def test_it_notices_that_it_stood_still() -> None:
    async def scenario() -> None:
        watch = LoopWatch()
        watch.start()
        began = time.time()
        await asyncio.sleep(0)
        time.sleep(LEAST_NOTED + TICK + 0.1)  # noqa: ASYNC251 - the loop is to stand still
        # Even before the watch itself gets to run.
        assert watch.longest_since(began) >= LEAST_NOTED
        await asyncio.sleep(TICK)
        assert watch.longest_since(began) >= LEAST_NOTED
        assert watch.longest_since(time.time() + 1) < LEAST_NOTED
        await watch.close()

    asyncio.run(scenario())


@pytest.mark.parametrize(("stall", "expected"), [(0.4, OwnFault.CPU_STARVED), (60.0, None)])
def test_it_blames_itself_for_time_outs_while_it_stood_still(
    stall: float, expected: OwnFault | None
) -> None:
    """With limits that call so short a time a stall, or so long a one none."""

    async def scenario() -> None:
        limits = VantageLimits(stall_seconds=stall)
        vantage = Vantage(ProbeOptions(canaries=("c.example:80",)), limits=limits, ask=answering)
        vantage.start()
        await vantage.look()
        began = time.time()
        time.sleep(LEAST_NOTED + TICK + 0.1)  # noqa: ASYNC251 - the loop is to stand still
        assert await vantage.fault_behind(failed(TIMEOUT, started_at=began)) is expected
        answered = ssl_result(is_valid=False, failure_type="hostname_mismatch")
        assert await vantage.fault_behind(answered) is None
        await vantage.close()

    asyncio.run(scenario())
