"""Attempts by HTTP against receivers that behave in every way."""

import asyncio
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from tests.notifications import receiver as receivers
from tests.notifications.private_urls import PRIVATE_URLS
from tests.notifications.receiver import Behaviour, receiving, redirect, status
from tests.probes.tls_server import server_context, write_roots
from tocsin.notifications.channels.contract import HttpRequest
from tocsin.notifications.messages import Attempt, AttemptError, Verdict
from tocsin.notifications.sending.http import send_http
from tocsin.notifications.sending.judging import retry_after_seconds
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.lookup import Answer
from tocsin.probes.outbound.client import Outbound

LOOPBACK = EgressPolicy(["127.0.0.0/8"])
JSON = (("Content-Type", "application/json"), ("X-Tocsin-Event", "issue.opened"))


async def attempt(
    url: str, *, seconds: float = 5, policy: EgressPolicy = LOOPBACK, ca_file: str | None = None
) -> Attempt:
    outbound = Outbound(policy, user_agent="Tocsin/test", extra_ca_file=ca_file)
    try:
        request = HttpRequest(url, JSON, b'{"event": "issue.opened"}')
        return await send_http(outbound, request, seconds=seconds)
    finally:
        await outbound.close()


def attempt_at(behaviour: Behaviour, *, seconds: float = 5) -> Attempt:
    async def scenario() -> Attempt:
        async with receiving(behaviour) as receiver:
            return await attempt(receiver.url + "/hook", seconds=seconds)

    return asyncio.run(scenario())


def test_it_hands_over_exactly_what_was_rendered() -> None:
    async def scenario() -> None:
        async with receiving() as receiver:
            made = await attempt(receiver.url + "/hook?x=1")
        (got,) = receiver.received
        assert (got.method, got.target) == ("POST", "/hook?x=1")
        assert got.json == {"event": "issue.opened"}
        assert got.headers["x-tocsin-event"] == "issue.opened"
        assert got.headers["user-agent"] == "Tocsin/test"
        assert "expect" not in got.headers
        assert made.ok
        assert (made.status_code, made.answer, made.address) == (200, "ok", "127.0.0.1")

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("code", "verdict", "error"),
    [
        (204, Verdict.DELIVERED, None),
        (304, Verdict.FINAL, AttemptError.REDIRECTED),
        (400, Verdict.FINAL, AttemptError.REFUSED),
        (408, Verdict.RETRY, AttemptError.RECEIVER_FAILED),
        (410, Verdict.FINAL, AttemptError.REFUSED),
        (429, Verdict.RETRY, AttemptError.RATE_LIMITED),
        (500, Verdict.RETRY, AttemptError.RECEIVER_FAILED),
        (503, Verdict.RETRY, AttemptError.RECEIVER_FAILED),
    ],
)
def test_it_judges_the_status(code: int, verdict: Verdict, error: AttemptError | None) -> None:
    made = attempt_at(status(code))
    assert (made.status_code, made.verdict, made.error) == (code, verdict, error)


def test_it_does_not_follow_redirects() -> None:
    async def scenario() -> None:
        async with receiving() as receiver:
            url = receiver.answering("/from", redirect(receiver.url + "/to", 307))
            made = await attempt(url)
        assert made.verdict is Verdict.FINAL
        assert made.error is AttemptError.REDIRECTED
        assert [each.path for each in receiver.received] == ["/from"]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("behaviour", "error"),
    [
        (receivers.hang, AttemptError.TIMEOUT),
        (receivers.hang_in_headers, AttemptError.TIMEOUT),
        (receivers.reset, AttemptError.CONNECTION_LOST),
        (receivers.talk_nonsense, AttemptError.BAD_RESPONSE),
    ],
)
def test_it_tries_again_where_no_answer_came(behaviour: Behaviour, error: AttemptError) -> None:
    made = attempt_at(behaviour, seconds=0.3)
    assert (made.verdict, made.error, made.status_code) == (Verdict.RETRY, error, None)
    assert made.detail
    assert made.duration_ms < 2000


def test_it_tries_again_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    made = asyncio.run(attempt(f"http://127.0.0.1:{port}/"))
    assert (made.verdict, made.error) == (Verdict.RETRY, AttemptError.CONNECT_REFUSED)


def test_it_stops_reading_a_receiver_that_streams_for_ever() -> None:
    made = attempt_at(receivers.stream_for_ever)
    assert made.ok
    assert made.answer == "x" * 1024
    assert made.duration_ms < 3000


@pytest.mark.parametrize("seconds", [0.3, 0.6])
def test_it_waits_no_longer_for_an_answer_that_comes_byte_by_byte(seconds: float) -> None:
    made = attempt_at(receivers.drip, seconds=seconds)
    assert (made.verdict, made.error) == (Verdict.RETRY, AttemptError.TIMEOUT)
    assert seconds * 1000 <= made.duration_ms + 5 < seconds * 1000 + 1500


def test_it_bounds_headers_that_never_end() -> None:
    made = attempt_at(receivers.stream_headers)
    assert made.verdict is Verdict.RETRY
    assert made.duration_ms < 3000


def test_it_takes_the_status_of_an_answer_whose_body_never_comes() -> None:
    made = attempt_at(receivers.hang_in_body, seconds=0.3)
    assert made.ok
    assert made.answer == "and"


def test_it_keeps_the_answer_as_text_that_is_safe_to_show() -> None:
    made = attempt_at(status(400, b"bad\x00\x1b[31m \xff\xe2\x80\xae no_service"))
    assert made.answer == "bad[31m \ufffd no_service"


def test_it_reads_when_to_come_again() -> None:
    assert attempt_at(status(429, Retry_After="17")).retry_after == 17
    assert attempt_at(status(503)).retry_after is None


def test_it_reads_dates_and_nonsense_in_retry_after() -> None:
    now = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
    assert retry_after_seconds("Tue, 24 Nov 2026 03:01:30 GMT", now) == 90
    assert retry_after_seconds("Tue, 24 Nov 2026 02:00:00 GMT", now) == 0
    assert retry_after_seconds("-5", now) == 0
    assert retry_after_seconds("1.5", now) == 1.5
    for nonsense in ("soon", "", "nan", "inf", "1e999", "٣ days", "Tue, 99 Foo 2026"):
        assert retry_after_seconds(nonsense, now) is None


def test_it_verifies_certificates_and_trusts_the_operators_roots(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = server_context(authority.issue_cert("127.0.0.1"))

    async def scenario() -> tuple[Attempt, Attempt]:
        async with receiving(context=context) as receiver:
            trusted = await attempt(receiver.url, ca_file=write_roots(authority, tmp_path))
            return trusted, await attempt(receiver.url)

    trusted, untrusted = asyncio.run(scenario())
    assert trusted.ok
    assert (untrusted.verdict, untrusted.error) == (Verdict.RETRY, AttemptError.TLS)


def test_it_refuses_to_connect_where_the_policy_says_no() -> None:
    """Whatever was saved: a policy may have become tighter, a row may come from elsewhere."""
    for url in PRIVATE_URLS:
        made = asyncio.run(attempt(url, policy=EgressPolicy()))
        if "localhost" in url.lower() and made.error is AttemptError.DNS:
            continue  # not every resolver knows all its spellings
        assert made.verdict is Verdict.FINAL, url
        assert made.error in {AttemptError.EGRESS_REFUSED, AttemptError.INVALID_URL}, url
        if made.error is AttemptError.EGRESS_REFUSED:
            assert "egress rule" in made.detail
            assert made.address is not None or "example.com" in url


def test_it_judges_a_name_at_each_attempt_however_it_changes() -> None:
    """A resolver that names an open address at first, and a closed one later."""
    answers = [Answer(("127.0.0.1",)), Answer(("127.0.0.2",)), Answer(("127.0.0.2", "127.0.0.1"))]
    asked: list[str] = []

    async def rebinding(host: str, _family: socket.AddressFamily) -> Answer:
        asked.append(host)
        return answers[len(asked) - 1]

    async def scenario() -> tuple[list[Attempt], int]:
        policy = EgressPolicy(["127.0.0.1/32"])
        async with receiving() as receiver:
            outbound = Outbound(policy, user_agent="Tocsin/test", names=rebinding)
            request = HttpRequest(f"http://hook.test:{receiver.port}/", (), b"{}")
            made = [await send_http(outbound, request, seconds=5) for _ in answers]
            await outbound.close()
            return made, len(receiver.received)

    (first, second, third), received = asyncio.run(scenario())
    assert first.ok
    assert (second.error, second.address) == (AttemptError.EGRESS_REFUSED, "127.0.0.2")
    assert (third.ok, third.address) == (True, "127.0.0.1")
    assert received == 2


def test_it_says_that_a_name_does_not_resolve() -> None:
    async def nothing(_host: str, _family: socket.AddressFamily) -> Answer:
        return Answer((), "no such name")

    async def silence(_host: str, _family: socket.AddressFamily) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError

    async def made_with(names: object) -> Attempt:
        outbound = Outbound(LOOPBACK, user_agent="Tocsin/test", names=names)  # type: ignore[arg-type]
        made = await send_http(outbound, HttpRequest("http://gone.test/", (), b""), seconds=0.2)
        await outbound.close()
        return made

    for names in (nothing, silence):
        made = asyncio.run(made_with(names))
        assert (made.verdict, made.error) == (Verdict.RETRY, AttemptError.DNS)


def test_one_that_hangs_delays_no_other() -> None:
    async def scenario() -> None:
        async with receiving() as receiver:
            slow = receiver.answering("/slow", receivers.hang)
            outbound = Outbound(LOOPBACK, user_agent="Tocsin/test")
            hanging = asyncio.create_task(
                send_http(outbound, HttpRequest(slow, (), b"{}"), seconds=10)
            )
            request = HttpRequest(receiver.url + "/", JSON, b"{}")
            sends: Sequence[Attempt] = await asyncio.gather(
                *(send_http(outbound, request, seconds=5) for _ in range(100))
            )
            assert all(each.ok for each in sends)
            assert not hanging.done()
            hanging.cancel()
            await asyncio.gather(hanging, return_exceptions=True)
            assert (await send_http(outbound, request, seconds=5)).ok
            await outbound.close()

    asyncio.run(scenario())
