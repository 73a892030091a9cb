"""What is on the bus and should not be: set aside with a reason, and the next message goes on."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.runtime.bus_server import NatsServer
from tests.runtime.lines import (
    REGION,
    answer,
    counted,
    eventually,
    nats_line,
    numbers,
    request,
    tell,
)
from tests.runtime.test_nats_bus import file, holds, stream_of
from tocsin.checks.tools import Weight
from tocsin.probes.contract import Outcome, ProbeRequest
from tocsin.runtime.bus.nats import envelope, topology
from tocsin.runtime.bus.nats.envelope import Refusal

LIGHT = Weight.LIGHT
TOO_LONG = "x" * (envelope.MOST_BYTES + 1)


def packed(*items: Any) -> bytes:
    return msgspec.msgpack.encode(items)


def changed(item: msgspec.Struct, **changes: Any) -> dict[str, Any]:
    """Return an item as it lies in a message, but for some fields."""
    return {**msgspec.to_builtins(item), **changes}


BAD_REQUESTS: dict[str, tuple[Callable[[], bytes], Refusal]] = {
    "rubbish": (lambda: b"\xc1 no msgpack", Refusal.MALFORMED),
    "nothing": (lambda: b"", Refusal.MALFORMED),
    "not a list": (lambda: msgspec.msgpack.encode({"tool": "status"}), Refusal.MALFORMED),
    "a number": (lambda: packed(7), Refusal.MALFORMED),
    "a field missing": (lambda: packed({"tool": "status"}), Refusal.MALFORMED),
    "no id": (lambda: packed(changed(request(1), check_id="one")), Refusal.MALFORMED),
    "nested without end": (lambda: b"\x91" * 5000 + b"\x90", Refusal.MALFORMED),
    "unknown tool": (lambda: packed(changed(request(1), tool="tarot")), Refusal.UNKNOWN_TOOL),
    "a later version's settings": (
        lambda: packed(changed(request(1), settings={"type": "status-2"})),
        Refusal.MALFORMED,
    ),
    "too late": (lambda: packed(request(1, seconds=-1)), Refusal.EXPIRED),
    "from the future": (lambda: packed(request(1, seconds=86_400)), Refusal.FUTURE),
    "never due": (lambda: packed(request(1, seconds=float("nan"))), Refusal.FUTURE),
}


@pytest.mark.parametrize("kind", BAD_REQUESTS)
def test_it_says_what_is_wrong_with_a_request(kind: str) -> None:
    payload, reason = BAD_REQUESTS[kind]
    opened = envelope.open_requests(payload())
    assert list(opened.items) == []
    assert opened.refused == {reason: 1}


def test_it_reads_what_a_later_version_adds() -> None:
    """Probers and schedulers are never brought up to date at the same moment."""
    opened = envelope.open_requests(packed(changed(request(1), priority="high")))
    assert numbers(opened.items) == [1]


def test_it_keeps_the_good_ones_of_a_message() -> None:
    message = packed(request(1), {"tool": "tarot"}, 7, request(2))
    opened = envelope.open_requests(message)
    assert numbers(opened.items) == [1, 2]
    assert opened.refused == {Refusal.UNKNOWN_TOOL: 1, Refusal.MALFORMED: 1}


def test_it_refuses_a_message_that_no_sender_of_ours_makes_so_large() -> None:
    message = packed(*[request(1)] * 20_000)
    assert len(message) > envelope.MOST_BYTES + envelope.FULL_BYTES
    assert envelope.open_requests(message).refused == {Refusal.TOO_LARGE: 1}


def test_it_files_a_failure_where_a_result_is_too_large_to_be_carried() -> None:
    sent = envelope.pack_results([answer(request(1), result={"text": TOO_LONG})], 100)
    assert sent.too_large == 1
    (result,) = envelope.open_results(sent.payloads[0]).items
    assert (result.outcome, result.result) == (Outcome.UNKNOWN, None)
    assert result.error is not None
    assert result.error.code == "result_too_large"


def test_it_sends_the_others_where_a_request_is_too_large() -> None:
    long = msgspec.structs.replace(request(1), url=f"http://127.0.0.1/{TOO_LONG}")
    sent = envelope.pack_requests([request(0), long, request(2)], 25)
    assert sent.too_large == 1
    assert numbers(envelope.open_requests(sent.payloads[0]).items) == [0, 2]


@given(st.binary(max_size=200))
def test_it_reads_any_bytes_without_breaking_down(payload: bytes) -> None:
    for opened in (envelope.open_requests(payload), envelope.open_results(payload)):
        assert list(opened.items) == []


@given(st.data())
def test_it_reads_any_damage_without_breaking_down(data: st.DataObject) -> None:
    message = bytearray(packed(request(1), request(2)))
    place = data.draw(st.integers(0, len(message) - 1))
    message[place] = data.draw(st.integers(0, 255))
    opened = envelope.open_requests(bytes(message))
    assert all(isinstance(item, ProbeRequest) for item in opened.items)


def test_it_goes_on_after_bad_messages(nats_server: NatsServer) -> None:
    """They end at once instead of coming again and again, and each is counted."""
    requests_of_region = topology.requests_subject(REGION, LIGHT)

    async def story() -> None:
        async with nats_line(nats_server) as line:
            before = counted("tocsin_bus_refused_total", queue="light", reason="malformed")
            raw = line.scheduler._link.stream
            for payload, _ in BAD_REQUESTS.values():
                await raw.publish(requests_of_region, payload())
            await line.scheduler.publish_requests(LIGHT, [request(1)])
            assert numbers(await line.prober.take_requests(LIGHT, 25)) == [1]
            await line.prober.publish_results([answer(request(1))])
            await eventually(holds(line.scheduler, stream_of(LIGHT), 0), "the end of all messages")
            after = counted("tocsin_bus_refused_total", queue="light", reason="malformed")
            malformed = [reason for _, reason in BAD_REQUESTS.values() if reason == "malformed"]
            assert after - before == len(malformed)

            await raw.publish(topology.results_subject(REGION), b"\xc1")
            await raw.publish(
                topology.results_subject(REGION), packed(changed(answer(request(5)), tool="tarot"))
            )
            await line.prober.publish_results([answer(request(2))])
            assert sorted(numbers(await file(line.intake, 2))) == [1, 2]
            await eventually(holds(line.scheduler, topology.RESULTS_STREAM, 0), "an empty queue")
            for reason in ("malformed", "unknown_tool"):
                assert counted("tocsin_bus_refused_total", queue="results", reason=reason) >= 1

    tell(story)
