"""The engine under load and in trouble: everything submitted is answered, exactly once."""

import asyncio
import errno
import logging
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.probes.looking import LOOPBACK, QUICK, code_of, request_for
from tests.probes.servers.http import Site, response
from tests.probes.tls_server import say_nothing, serving
from tocsin.probes.contract import Outcome, ProbeOptions, ProbeResult
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.lookup import Answer, LookupPool
from tocsin.probes.status import StatusLimits, StatusProbe
from tocsin.probes.status import engine as engine_module
from tocsin.probes.status import handle as handle_module
from tocsin.probes.status.engine import EngineOptions, StatusEngine
from tocsin.probes.status.handle import HandleOptions
from tocsin.probes.status.multi import Multi
from tocsin.probes.status.roots import RootsFile

MANY = 300
OPTIONS = ProbeOptions(egress_allow=LOOPBACK)


def make_engine(limits: StatusLimits | None = None) -> StatusEngine:
    handles = HandleOptions(RootsFile(None).path, "TocsinBot/1.0", 1000)
    return StatusEngine(EngineOptions(handles, limits or StatusLimits()), EgressPolicy(LOOPBACK))


class Results:
    """Collects results from the engine's thread."""

    def __init__(self, expected: int) -> None:
        self.found: list[ProbeResult] = []
        self._expected = expected
        self._complete = threading.Event()

    def __call__(self, result: ProbeResult) -> None:
        self.found.append(result)
        if len(self.found) == self._expected:
            self._complete.set()

    def wait(self) -> list[ProbeResult]:
        assert self._complete.wait(10)
        return self.found


def test_it_runs_hundreds_at_once() -> None:
    inside = Counter[str]()

    async def gather(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inside["now"] += 1
        inside["most"] = max(inside["most"], inside["now"])
        if inside["now"] == MANY:
            everyone.set()
        await everyone.wait()
        writer.write(response())

    async def scenario() -> None:
        probe = StatusProbe(OPTIONS)
        async with serving(Site({"/": gather})) as port:
            requests = [request_for(f"http://127.0.0.1:{port}/") for _ in range(MANY)]
            results = await asyncio.gather(*(probe(request) for request in requests))
        await probe.close()
        assert Counter(result.outcome for result in results) == {Outcome.OK: MANY}
        assert inside["most"] == MANY

    everyone = asyncio.Event()
    asyncio.run(scenario())


def test_it_uses_handles_again_without_remembering_the_site_before() -> None:
    async def scenario() -> None:
        site = Site()
        probe = StatusProbe(OPTIONS)
        async with serving(site) as port:
            url = f"http://127.0.0.1:{port}/"
            await probe(request_for(url, headers=(("X-Token", "s3cret"),)))
            await probe(request_for(url))
        await probe.close()
        assert ["s3cret" in head for head in site.heads] == [True, False]

    asyncio.run(scenario())


def test_it_answers_what_is_under_way_when_it_is_closed() -> None:
    async def scenario() -> None:
        probe = StatusProbe(OPTIONS)
        async with serving(say_nothing) as port:
            request = request_for(f"http://127.0.0.1:{port}/")
            running = [asyncio.create_task(probe(request)) for _ in range(5)]
            await asyncio.sleep(0)
            await probe.close()
            results = await asyncio.gather(*running)
        assert {code_of(result) for result in results} == {"cancelled"}
        assert {result.outcome for result in results} == {Outcome.UNKNOWN}
        with pytest.raises(RuntimeError, match="closed"):
            await probe(request)

    asyncio.run(scenario())


def test_its_engines_share_the_checks() -> None:
    async def meet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Nobody is answered before all are here, so each check is under way with the others.
        arrived.release()
        await all_here.wait()
        writer.write(response())

    async def scenario() -> None:
        probe = StatusProbe(OPTIONS, engines=3)
        async with serving(Site({"/": meet})) as port:
            request = request_for(f"http://127.0.0.1:{port}/")
            running = [asyncio.create_task(probe(request)) for _ in range(6)]
            for _ in running:
                await arrived.acquire()
            shares = [len(engine._transfers) for engine in probe._engines]
            all_here.set()
            results = await asyncio.gather(*running)
        await probe.close()
        assert shares == [2, 2, 2]
        assert {result.outcome for result in results} == {Outcome.OK}
        assert not any(engine._thread.is_alive() for engine in probe._engines)

    arrived, all_here = asyncio.Semaphore(0), asyncio.Event()
    asyncio.run(scenario())


def test_it_ends_its_thread_when_it_is_closed() -> None:
    engine = make_engine()
    engine.close()
    assert not engine._thread.is_alive()


def test_it_survives_a_callback_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_result: ProbeResult) -> None:
        raise ZeroDivisionError

    engine, results = make_engine(), Results(1)
    with caplog.at_level(logging.ERROR):
        engine.submit(request_for("no url"), fail)
        engine.submit(request_for("no url"), results)
        assert code_of(results.wait()[0]) == "invalid_url"
    engine.close()
    assert "could not be handed over" in caplog.text


def test_it_answers_for_a_check_that_breaks_down(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_journey: Any) -> Any:
        raise ZeroDivisionError

    engine, results = make_engine(), Results(1)
    monkeypatch.setattr(engine_module.Journey, "begin", broken)
    engine.submit(request_for("http://127.0.0.1:8080/"), results)
    result = results.wait()[0]
    engine.close()
    assert (code_of(result), result.outcome) == ("internal_error", Outcome.UNKNOWN)
    assert "could not be carried on" in caplog.text


def test_it_starts_afresh_when_its_loop_breaks_down(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    breakdowns = iter([True, True, False])
    wait = Multi.wait

    def sometimes_broken(multi: Multi, seconds: float | None) -> Any:
        if next(breakdowns, False):
            raise OSError("epoll is gone")
        return wait(multi, seconds)

    monkeypatch.setattr(engine_module, "RECOVERY_SECONDS", 0.01)
    monkeypatch.setattr(Multi, "wait", sometimes_broken)
    engine, results = make_engine(), Results(1)
    engine.submit(request_for("no url"), results)
    assert code_of(results.wait()[0]) == "invalid_url"
    engine.close()
    assert caplog.text.count("it starts afresh") == 2


def test_it_answers_what_was_under_way_when_its_loop_broke_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def hang(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.Event().wait()

    async def scenario() -> None:
        probe = StatusProbe(OPTIONS, engines=1)
        sites = Site({"/hang": hang, "/": response()})
        async with serving(sites) as port:
            waiting = asyncio.create_task(probe(request_for(f"http://127.0.0.1:{port}/hang")))
            await arrived.wait()
            (engine,) = probe._engines
            monkeypatch.setattr(engine._multi, "wait", None)
            assert code_of(await waiting) == "internal_error"
            after = await probe(request_for(f"http://127.0.0.1:{port}/"))
        await probe.close()
        assert after.outcome is Outcome.OK

    arrived = asyncio.Event()
    asyncio.run(scenario())


def test_it_takes_off_a_transfer_that_libcurl_forgot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "GRACE_SECONDS", -0.5)

    async def scenario() -> None:
        probe = StatusProbe(OPTIONS, limits=QUICK)
        async with serving(say_nothing) as port:
            result = await probe(request_for(f"http://127.0.0.1:{port}/"))
        await probe.close()
        assert code_of(result) == "timeout"
        assert result.error is not None
        assert result.error.message == "The check took too long."

    asyncio.run(scenario())


def test_it_never_blames_a_site_for_our_want_of_sockets(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_args: int) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(handle_module, "LentSocket", exhausted)
    engine, results = make_engine(), Results(1)
    engine.submit(request_for("http://127.0.0.1:8080/"), results)
    result = results.wait()[0]
    engine.close()
    assert (code_of(result), result.outcome) == ("internal_error", Outcome.UNKNOWN)
    assert "Too many open files" in caplog.text


def test_it_leaves_no_descriptor_behind() -> None:
    async def scenario() -> None:
        probe = StatusProbe(OPTIONS)
        async with serving(Site()) as port:
            url = f"http://127.0.0.1:{port}/"
            await probe(request_for(url))
            before = open_descriptors()
            await asyncio.gather(*(probe(request_for(url)) for _ in range(50)))
        await probe.close()
        assert open_descriptors() <= before

    asyncio.run(scenario())


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_it_looks_names_up_beside_one_that_hangs() -> None:
    hang, answered = threading.Event(), threading.Event()

    def lookup(host: str, _family: int) -> list[str]:
        if host.startswith("dead"):
            hang.wait(10)
        return ["127.0.0.1"]

    pool = LookupPool(lookup)
    for number in range(30):
        pool.ask(f"dead{number}.test", 0, lambda _answer: None)  # type: ignore[arg-type]
    found: list[Answer] = []
    pool.ask("alive.test", 0, lambda one: (found.append(one), answered.set())[0])  # type: ignore[arg-type]
    assert answered.wait(5)
    hang.set()
    pool.close()
    assert found == [Answer(("127.0.0.1",))]
