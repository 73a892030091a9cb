"""The status probe against sites that answer."""

import asyncio
from pathlib import Path

import pytest
import trustme

from tests.probes.looking import code_of, found, look
from tests.probes.servers.http import Site, redirect, response
from tests.probes.tls_server import server_context, serving, write_roots
from tocsin.probes.contract import CheckStatus, Outcome, StatusSettings
from tocsin.probes.status import StatusLimits

FIELDS = [
    "up", "code", "url", "effective_url", "response_time", "redirected", "redirect_count",
    "timings", "ip", "http_version",
]  # fmt: skip


def test_it_fills_every_field_of_the_contract() -> None:
    async def scenario() -> None:
        async with serving(Site()) as port:
            result = await look(f"http://127.0.0.1:{port}")
        assert (result.status, result.outcome) == (CheckStatus.COMPLETED, Outcome.OK)
        assert result.error is None
        assert result.started_at <= result.completed_at
        status = found(result)
        assert list(status) == FIELDS
        assert status["up"] is True
        assert status["code"] == 200
        assert status["ip"] == "127.0.0.1"
        assert status["http_version"] == "1.1"
        assert status["redirected"] is False
        timings = status["timings"]
        assert list(timings) == ["dns", "connect", "tls", "ttfb", "total"]
        assert all(isinstance(value, float) for value in timings.values())
        assert timings["tls"] == 0
        assert 0 < timings["connect"] <= timings["ttfb"] <= timings["total"]
        assert status["response_time"] == timings["total"]

    asyncio.run(scenario())


def test_it_says_who_asks() -> None:
    async def scenario() -> None:
        site = Site()
        async with serving(site) as port:
            await look(f"http://127.0.0.1:{port}")
        assert site.heads[0].startswith("GET / HTTP/1.1\r\n")
        assert "User-Agent: TocsinBot/1.0 (+https://tocsin.example)\r\n" in site.heads[0]

    asyncio.run(scenario())


def test_it_times_and_verifies_tls(tmp_path: Path) -> None:
    async def scenario() -> None:
        authority = trustme.CA()
        context = server_context(authority.issue_cert("127.0.0.1"))
        async with serving(Site(), context) as port:
            trusted = await look(
                f"https://127.0.0.1:{port}", roots=write_roots(authority, tmp_path)
            )
            untrusted = await look(f"https://127.0.0.1:{port}")
        timings = found(trusted)["timings"]
        assert trusted.outcome is Outcome.OK
        assert timings["tls"] > 0
        assert timings["connect"] + timings["tls"] <= timings["ttfb"]
        assert (untrusted.status, code_of(untrusted)) == (CheckStatus.FAILED, "tls")
        assert found(untrusted)["code"] == 0

    asyncio.run(scenario())


def test_it_refuses_a_certificate_for_another_name(tmp_path: Path) -> None:
    async def scenario() -> None:
        authority = trustme.CA()
        context = server_context(authority.issue_cert("elsewhere.example"))
        async with serving(Site(), context) as port:
            result = await look(f"https://127.0.0.1:{port}", roots=write_roots(authority, tmp_path))
        assert code_of(result) == "tls"

    asyncio.run(scenario())


def test_it_asks_again_with_every_curve_where_the_fast_ones_fail(tmp_path: Path) -> None:
    async def scenario() -> None:
        authority = trustme.CA()
        context = server_context(authority.issue_cert("127.0.0.1"))
        context.set_ecdh_curve("secp521r1")
        async with serving(Site(), context) as port:
            result = await look(f"https://127.0.0.1:{port}", roots=write_roots(authority, tmp_path))
        assert result.outcome is Outcome.OK

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("code", "outcome"),
    [(200, "ok"), (204, "ok"), (304, "ok"), (402, "ok"), (404, "failing"), (500, "failing"),
     (505, "failing")],
)  # fmt: skip
def test_it_judges_a_response_by_its_code(code: int, outcome: str) -> None:
    async def scenario() -> None:
        async with serving(Site({"/": response(code, b"")})) as port:
            result = await look(f"http://127.0.0.1:{port}")
        assert result.status is CheckStatus.COMPLETED
        assert result.outcome == outcome
        assert found(result)["code"] == code
        assert found(result)["up"] is (outcome == "ok")
        assert "error" not in found(result)

    asyncio.run(scenario())


def test_it_lets_the_settings_leave_a_code_out() -> None:
    async def scenario() -> None:
        settings = StatusSettings(incident_status_codes=(500,))
        async with serving(Site({"/": response(404)})) as port:
            result = await look(f"http://127.0.0.1:{port}", settings=settings)
        assert result.outcome is Outcome.OK

    asyncio.run(scenario())


def test_it_follows_redirects_and_lists_them() -> None:
    async def scenario() -> None:
        site = Site({"/": redirect("/a?b=c", 301), "/a?b=c": redirect("end"), "/end": response()})
        async with serving(site) as port:
            base = f"http://127.0.0.1:{port}"
            status = found(await look(base))
        assert status["code"] == 200
        assert status["url"] == base
        assert status["effective_url"] == f"{base}/end"
        assert status["redirected"] is True
        assert status["redirect_count"] == 2
        assert status["redirects"] == [
            {"url": base, "code": 301},
            {"url": f"{base}/a?b=c", "code": 302},
        ]

    asyncio.run(scenario())


def test_it_follows_ten_redirects_and_not_eleven() -> None:
    async def scenario() -> None:
        hops = {f"/{number}": redirect(f"/{number + 1}") for number in range(11)}
        async with serving(Site({**hops, "/11": response()})) as port:
            ten = await look(f"http://127.0.0.1:{port}/1")
            eleven = await look(f"http://127.0.0.1:{port}/0")
        assert ten.outcome is Outcome.OK
        assert found(ten)["redirect_count"] == 10
        assert (eleven.status, code_of(eleven)) == (CheckStatus.FAILED, "too_many_redirects")
        assert eleven.outcome is Outcome.FAILING
        assert found(eleven)["up"] is False
        assert found(eleven)["code"] == 302
        assert "error" not in found(eleven)

    asyncio.run(scenario())


def test_it_takes_a_redirect_without_a_location_as_the_answer() -> None:
    async def scenario() -> None:
        async with serving(Site({"/": response(302)})) as port:
            result = await look(f"http://127.0.0.1:{port}")
        assert result.outcome is Outcome.OK
        assert found(result)["code"] == 302

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "location", ["ftp://127.0.0.1/", "file:///etc/passwd", "javascript:alert(1)"]
)
def test_it_follows_no_redirect_out_of_the_web(location: str) -> None:
    async def scenario() -> None:
        async with serving(Site({"/": redirect(location)})) as port:
            result = await look(f"http://127.0.0.1:{port}")
        assert (result.status, code_of(result)) == (CheckStatus.FAILED, "bad_redirect")
        assert found(result)["code"] == 0

    asyncio.run(scenario())


def test_it_carries_no_credentials_of_a_redirect() -> None:
    async def scenario() -> None:
        site = Site({"/end": response()})
        async with serving(site) as port:
            site.routes["/"] = redirect(f"http://user:secret@127.0.0.1:{port}/end")
            await look(f"http://127.0.0.1:{port}")
        assert not any("Authorization" in head for head in site.heads)

    asyncio.run(scenario())


def test_it_takes_an_empty_answer_without_a_length_for_whole() -> None:
    async def scenario() -> None:
        async with serving(Site({"/": b"HTTP/1.1 200 OK\r\n\r\n"})) as port:
            result = await look(f"http://127.0.0.1:{port}")
        assert result.outcome is Outcome.OK

    asyncio.run(scenario())


def test_it_asks_once_for_a_redirect_without_a_length() -> None:
    async def scenario() -> None:
        bare = b"HTTP/1.1 301 Moved\r\nLocation: /end\r\n\r\n"
        site = Site({"/": bare, "/end": response()})
        async with serving(site) as port:
            result = await look(f"http://127.0.0.1:{port}")
        assert result.outcome is Outcome.OK
        assert len(site.heads) == 2

    asyncio.run(scenario())


def test_it_stops_reading_at_the_bodys_bound_and_calls_it_good() -> None:
    async def endless(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not writer.transport.is_closing():
            writer.write(b"x" * 4096)
            await writer.drain()

    async def scenario() -> None:
        limits = StatusLimits(body_bytes=100_000)
        async with serving(Site({"/": endless})) as port:
            result = await look(f"http://127.0.0.1:{port}", limits=limits)
        assert result.outcome is Outcome.OK
        assert found(result)["code"] == 200

    asyncio.run(scenario())


def test_it_ignores_the_proxies_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    async def scenario() -> None:
        async with serving(Site()) as port:
            assert (await look(f"http://127.0.0.1:{port}")).outcome is Outcome.OK

    asyncio.run(scenario())
