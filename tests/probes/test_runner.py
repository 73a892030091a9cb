"""The runner: bounded, polite, in time; whatever a probe does, every check is answered once."""

import asyncio
import threading
import time
from collections.abc import Callable

import pytest

from tests.probes.looking import LOOPBACK
from tests.probes.servers.http import Site
from tests.probes.tls_server import serving
from tocsin.probes.contract import (
    CheckStatus,
    Outcome,
    Probe,
    ProbeError,
    ProbeOptions,
    ProbeRequest,
    ProbeResult,
    StatusSettings,
    Ticket,
    Tool,
)
from tocsin.probes.own_faults import OwnFault
from tocsin.probes.registry import PROBES, Closable, build_probes
from tocsin.probes.runner import Runner, RunnerLimits
from tocsin.probes.turnstile import Turnstile
from tocsin.probes.vantage import Vantage

OPTIONS = ProbeOptions(vantage="eu", canaries=("127.0.0.1:1",))
UNREACHABLE = ProbeError("unreachable", "No route to host.", {"stage": "connect"})


def request_for(
    url: str = "http://a.test/", *, seconds: float = 30, check_id: str = "1"
) -> ProbeRequest:
    return ProbeRequest(
        check_id,
        Tool.STATUS,
        url,
        StatusSettings(),
        time.time() + seconds,
        ticket=Ticket("site", 7),
    )


def answer(request: ProbeRequest, error: ProbeError | None = None) -> ProbeResult:
    return ProbeResult(
        request.check_id,
        request.tool,
        CheckStatus.FAILED if error else CheckStatus.COMPLETED,
        Outcome.FAILING if error else Outcome.OK,
        {},
        error,
        time.time(),
        time.time(),
        ticket=request.ticket,
    )


class Gate:
    """A probe that waits until it is opened, and counts who is inside by host."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.inside: list[str] = []
        self.most = 0

    async def __call__(self, request: ProbeRequest) -> ProbeResult:
        self.inside.append(request.url)
        self.most = max(self.most, len(self.inside))
        try:
            await self.open.wait()
            await asyncio.sleep(0)
        finally:
            self.inside.remove(request.url)
        return answer(request)


class Bulk:
    """A probe that answers by callback, at once or by failing."""

    def __init__(self, error: ProbeError | None = None, *, breaks: bool = False) -> None:
        self._error = error
        self._breaks = breaks

    async def __call__(self, request: ProbeRequest) -> ProbeResult:
        raise AssertionError("the callback form is to be preferred")

    def submit(self, request: ProbeRequest, on_result: Callable[[ProbeResult], None]) -> None:
        if self._breaks:
            raise RuntimeError("closed")
        asyncio.get_running_loop().call_soon(on_result, answer(request, self._error))


class Verdict(Vantage):
    """A vantage whose verdict is known."""

    def __init__(self, verdict: OwnFault | Exception | None) -> None:
        super().__init__(OPTIONS)
        self._verdict = verdict

    @property
    def has_history(self) -> bool:
        return True

    async def fault_behind(self, result: ProbeResult) -> OwnFault | None:
        if isinstance(self._verdict, Exception):
            raise self._verdict
        return self._verdict


def runner_of(
    probe: Probe, limits: RunnerLimits | None = None, vantage: Vantage | None = None
) -> Runner:
    return Runner(OPTIONS, probes={Tool.STATUS: probe}, limits=limits, vantage=vantage)


def test_it_returns_what_the_probe_found() -> None:
    async def scenario() -> None:
        runner = runner_of(Bulk())
        request = request_for()
        result = await runner.run(request)
        await runner.close()
        assert result.outcome is Outcome.OK
        assert result.ticket is request.ticket

    asyncio.run(scenario())


def test_it_lets_four_at_once_to_a_host_and_others_pass() -> None:
    async def scenario() -> None:
        gate = Gate()
        runner = runner_of(gate)
        same = [asyncio.create_task(runner.run(request_for())) for _ in range(10)]
        other = asyncio.create_task(runner.run(request_for("http://b.test/")))
        await asyncio.sleep(0.01)
        assert sorted(gate.inside) == ["http://a.test/"] * 4 + ["http://b.test/"]
        gate.open.set()
        results = await asyncio.gather(*same, other)
        assert len(results) == 11
        assert gate.most == 5
        await runner.close()

    asyncio.run(scenario())


def test_it_gives_a_bulk_tool_more_places_at_a_host() -> None:
    async def scenario() -> None:
        started: list[Callable[[ProbeResult], None]] = []
        bulk = Bulk()
        bulk.submit = lambda _request, on_result: started.append(on_result)  # type: ignore[method-assign]
        runner = runner_of(bulk, RunnerLimits(per_host=1, bulk_per_host=3))
        found: list[ProbeResult] = []
        for _ in range(5):
            runner.submit(request_for(), found.append)
        assert len(started) == 3
        for on_result in started:
            on_result(answer(request_for()))
        assert len(started) == 5
        await runner.drain()
        await runner.close()
        assert len(found) == 5

    asyncio.run(scenario())


def test_it_bounds_a_tool_and_tells_its_capacity() -> None:
    async def scenario() -> None:
        gate = Gate()
        runner = runner_of(gate, RunnerLimits(total=5, per_tool=2))
        assert runner.capacity == 5
        found: list[ProbeResult] = []
        for number in range(6):
            runner.submit(request_for(f"http://{number}.test/"), found.append)
        await asyncio.sleep(0.01)
        assert len(gate.inside) == 2
        assert runner.capacity == 0
        gate.open.set()
        await runner.drain()
        assert len(found) == 6
        assert runner.capacity == 5
        await runner.close()

    asyncio.run(scenario())


def test_it_enforces_the_deadline() -> None:
    async def scenario() -> None:
        runner = runner_of(Gate())
        result = await runner.run(request_for(seconds=0.05))
        late = await runner.run(request_for(seconds=-1))
        await runner.close()
        for one in (result, late):
            assert (one.status, one.outcome) == (CheckStatus.FAILED, Outcome.UNKNOWN)
            assert one.error is not None
            assert one.error.code == "deadline_exceeded"
            assert one.vantage == "eu"
            assert one.ticket == Ticket("site", 7)

    asyncio.run(scenario())


def test_it_answers_a_thousand_overdue_checks_of_one_host() -> None:
    async def scenario() -> None:
        gate = Gate()
        runner = runner_of(gate, RunnerLimits(per_host=1))
        found: list[ProbeResult] = []
        runner.submit(request_for(), found.append)
        for _ in range(2000):
            runner.submit(request_for(seconds=-1), found.append)
        gate.open.set()
        await runner.drain()
        await runner.close()
        assert len(found) == 2001

    asyncio.run(scenario())


def test_it_turns_a_probes_exception_into_a_result(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_request: ProbeRequest) -> ProbeResult:
        raise ZeroDivisionError

    async def scenario() -> None:
        for probe in (broken, Bulk(breaks=True)):
            runner = runner_of(probe)
            result = await runner.run(request_for())
            await runner.close()
            assert (result.status, result.outcome) == (CheckStatus.FAILED, Outcome.UNKNOWN)
            assert result.error is not None
            assert result.error.code == "internal_error"
            assert "ZeroDivisionError" not in result.error.message

    asyncio.run(scenario())
    assert "ZeroDivisionError" in caplog.text


def test_it_survives_a_taker_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        def fail(_result: ProbeResult) -> None:
            raise ZeroDivisionError

        runner = runner_of(Bulk())
        runner.submit(request_for(), fail)
        await runner.drain()
        assert (await runner.run(request_for())).outcome is Outcome.OK
        await runner.close()

    asyncio.run(scenario())
    assert "could not be taken" in caplog.text


def test_it_says_that_a_tool_is_not_here() -> None:
    async def scenario() -> None:
        runner = Runner(OPTIONS, probes={})
        result = await runner.run(request_for())
        await runner.close()
        assert result.error is not None
        assert result.error.code == "unknown_tool"

    asyncio.run(scenario())


def test_it_cancels_the_check_with_its_caller_and_frees_the_place() -> None:
    async def scenario() -> None:
        gate = Gate()
        runner = runner_of(gate, RunnerLimits(per_host=1))
        first = asyncio.create_task(runner.run(request_for()))
        second = asyncio.create_task(runner.run(request_for()))
        third = asyncio.create_task(runner.run(request_for()))
        await asyncio.sleep(0.01)
        first.cancel()
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        gate.open.set()
        assert (await third).outcome is Outcome.OK
        await runner.drain()
        await runner.close()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("verdict", "outcome", "data"),
    [
        (OwnFault.NO_EGRESS, Outcome.UNKNOWN, {"stage": "connect", "vantage_fault": "no_egress"}),
        (None, Outcome.FAILING, UNREACHABLE.data),
        (ValueError("broken"), Outcome.FAILING, UNREACHABLE.data),
    ],
)
def test_it_calls_a_failure_unknown_where_the_vantage_is_at_fault(
    verdict: OwnFault | Exception | None, outcome: Outcome, data: dict[str, str]
) -> None:
    async def scenario() -> None:
        runner = runner_of(Bulk(UNREACHABLE), vantage=Verdict(verdict))
        result = await runner.run(request_for())
        await runner.close()
        assert result.outcome is outcome
        assert result.error == ProbeError(UNREACHABLE.code, UNREACHABLE.message, data)
        assert result.status is CheckStatus.FAILED

    asyncio.run(scenario())


def test_it_runs_the_registered_probes_and_ends_their_threads() -> None:
    async def scenario() -> None:
        options = ProbeOptions(egress_allow=LOOPBACK)
        async with serving(Site()) as port:
            runner = Runner(options)
            result = await runner.run(request_for(f"http://127.0.0.1:{port}/"))
            await runner.close()
        assert result.outcome is Outcome.OK
        assert not any(thread.name == "tocsin-status" for thread in threading.enumerate())

    asyncio.run(scenario())


def test_it_has_a_probe_for_every_registered_tool() -> None:
    async def scenario() -> None:
        probes = build_probes(OPTIONS)
        assert probes.keys() == PROBES.keys()
        for probe in probes.values():
            if isinstance(probe, Closable):
                await probe.close()

    asyncio.run(scenario())


def test_it_keeps_order_and_places_at_the_turnstile() -> None:
    turnstile, started = Turnstile(2), list[int]()
    for number in range(5):
        turnstile.enter("a", lambda number=number: started.append(number))
    turnstile.enter("b", lambda: started.append(99))
    assert started == [0, 1, 99]
    turnstile.leave("a")
    assert started == [0, 1, 99, 2]
    for _ in range(4):
        turnstile.leave("a")
    assert started == [0, 1, 99, 2, 3, 4]
    turnstile.leave("b")
    assert not turnstile._inside
    assert not turnstile._waiting
