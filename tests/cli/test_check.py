"""`tocsin check` as people and programs run it: the real command against real local servers."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple

import dns.rcode
import pytest
import trustme

from tests.probes.dns_server import Answerer, Records, failing, udp_server, zone
from tests.probes.tls_server import (
    days_from_now,
    say_nothing,
    server_context,
    serving,
    talk_garbage,
    write_roots,
)
from tocsin.cli import main

RECORDS: Records = {
    ("localhost.", "A"): ["127.0.0.1"],
    ("localhost.", "TXT"): ['"\\027[31mred [bold]bold[/bold]"'],
}
# A check is over within 10 s, whatever a site does; the rest is for a busy machine to start it.
PATIENCE_SECONDS = 30
Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter


class Outcome(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def tools(self) -> dict[str, Any]:
        tools: dict[str, Any] = json.loads(self.out)["tools"]
        return tools


async def start(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME"}}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tocsin.cli.main", "check", *arguments,
        env=inherited | environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def finish(process: asyncio.subprocess.Process) -> Outcome:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    outcome = Outcome(process.returncode or 0, out.decode(), err.decode())
    assert "Traceback" not in outcome.out + outcome.err
    return outcome


def run(*arguments: str, **environment: str) -> Outcome:
    async def once() -> Outcome:
        return await finish(await start(*arguments, **environment))

    return asyncio.run(once())


OPEN = {"TOCSIN_EGRESS_ALLOW": "127.0.0.0/8,::1/128"}


@contextlib.asynccontextmanager
async def resolving(answerer: Answerer) -> AsyncIterator[dict[str, str]]:
    async with udp_server(answerer) as resolver:
        yield OPEN | {"TOCSIN_DNS_RESOLVERS": resolver}


def check_server(
    handler: Callable[[Reader, Writer], Awaitable[None]],
    *arguments: str,
    scheme: str = "http",
    **environment: str,
) -> Outcome:
    """Run the command against a server on loopback."""

    async def once() -> Outcome:
        async with serving(handler) as port, resolving(zone(RECORDS)) as opened:
            url = f"{scheme}://localhost:{port}/"
            return await finish(await start(url, *arguments, **opened, **environment))

    return asyncio.run(once())


async def read_request(reader: Reader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


async def answer_ok(reader: Reader, writer: Writer) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    await writer.drain()


async def answer_half_a_header(reader: Reader, writer: Writer) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Le")
    await writer.drain()
    await say_nothing(reader, writer)


async def answer_without_end(reader: Reader, writer: Writer) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()


async def redirect_for_ever(reader: Reader, writer: Writer) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


async def redirect_inside(reader: Reader, writer: Writer) -> None:
    await read_request(reader)
    writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()


BAD_INPUT = [
    (["example"], "https://example.com"),
    (["ftp://example.com"], "http or https"),
    (["https://me:secret@example.com"], "user name or password"),
    (["http://localhost:8000"], "127.0.0.1"),
    (["http://192.0.2.1", "--tool", "nope"], "'nope'"),
    (["http://192.0.2.1", "--header", "X: a\r\nY: b"], "line break"),
    ([], "URL"),
]
MORE_BAD_INPUT = [
    ([""], "https://example.com"),
    (["http://exa mple.com"], "space"),
    (["http://127.0.0.1:70000"], "port"),
    (["http://127.0.0.1"], "loopback"),
    (["http://127.0.0.1"], "TOCSIN_EGRESS_ALLOW"),
    (["http://169.254.169.254"], "metadata"),
    (["http://[::ffff:10.0.0.1]"], "private"),
    (["http://2130706433"], "loopback"),
    (["http://example.com:22"], "Port 22"),
    (["http://example.com/\udcff"], "not text"),
    (["http://192.0.2.1", "--header", "no colon"], "is not a header"),
    (["http://192.0.2.1", "--header", "X Y: b"], "is not a header"),
    (["http://192.0.2.1", "--resolver", "1.1.1.1"], "is not a resolver"),
    (["http://192.0.2.1", "--nonsense"], "--nonsense"),
]


@pytest.mark.parametrize(("arguments", "words"), BAD_INPUT)
def test_it_refuses_wrong_usage_in_one_line(arguments: list[str], words: str) -> None:
    expect_wrong_usage(run(*arguments), words)


@pytest.mark.parametrize(("arguments", "words"), MORE_BAD_INPUT)
def test_it_refuses_all_kinds_of_wrong_usage(
    arguments: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in OPEN:
        monkeypatch.delenv(name, raising=False)
    code = main.run(["check", *arguments])
    expect_wrong_usage(Outcome(code, *capsys.readouterr()), words)


def expect_wrong_usage(outcome: Outcome, words: str) -> None:
    assert outcome.code == 2
    assert outcome.out == ""
    assert words in outcome.err
    assert outcome.err.count("\n") == 1


def test_it_stops_at_a_setting_that_cannot_be_used() -> None:
    outcome = run("http://192.0.2.1", TOCSIN_EXTRA_CA_FILE="/no/such/file")
    assert outcome.code == 1
    assert "TOCSIN_EXTRA_CA_FILE" in outcome.err


def test_it_prints_the_contracts_document_and_nothing_else(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = server_context(authority.issue_cert("localhost", not_after=days_from_now(90)))
    roots = write_roots(authority, tmp_path)

    async def once() -> Outcome:
        async with serving(answer_ok, context) as port, resolving(zone(RECORDS)) as environment:
            url = f"https://localhost:{port}"
            environment["TOCSIN_EXTRA_CA_FILE"] = roots
            return await finish(await start(url, "--json", **environment))

    outcome = asyncio.run(once())
    assert (outcome.code, outcome.err) == (0, "")
    document = json.loads(outcome.out)
    assert set(document) == {"url", "tools"}
    assert document["url"].startswith("https://localhost:")
    assert list(document["tools"]) == ["status", "ssl", "dns"]
    for entry in document["tools"].values():
        assert set(entry) == {"status", "outcome", "result", "error"}
        assert (entry["status"], entry["outcome"], entry["error"]) == ("completed", "ok", None)
    assert document["tools"]["status"]["result"]["code"] == 200
    assert document["tools"]["ssl"]["result"]["days_left"] == 89
    assert document["tools"]["dns"]["result"]["records"]["A"] == ["127.0.0.1"]


def test_it_shows_people_a_report_without_what_could_hurt_a_terminal() -> None:
    outcome = check_server(answer_ok)
    assert outcome.code == 0
    assert "\x1b" not in outcome.out
    assert "red [bold]bold[/bold]" in outcome.out
    assert "200 OK" in outcome.out
    assert "Skipped: The site is plain http" in outcome.out
    assert "2 ok, 1 skipped" in outcome.out
    assert all(line == line.rstrip() for line in outcome.out.splitlines())
    assert outcome.err == ""


def test_it_sends_the_header_it_was_given() -> None:
    seen: list[bytes] = []

    async def remember(reader: Reader, writer: Writer) -> None:
        seen.append(await read_request(reader))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()

    outcome = check_server(remember, "--tool", "status", "--header", "X-Probe: one:two")
    assert outcome.code == 0
    assert b"X-Probe: one:two\r\n" in seen[0]


def test_it_tells_a_name_that_does_not_resolve_as_a_result() -> None:
    async def once() -> Outcome:
        async with resolving(failing(dns.rcode.NXDOMAIN)) as environment:
            return await finish(await start("https://no-such.invalid", "--json", **environment))

    outcome = asyncio.run(once())
    assert outcome.code == 1
    assert outcome.tools["status"]["error"]["code"] == "dns"
    assert outcome.tools["ssl"]["error"]["code"] == "dns"
    assert outcome.tools["dns"]["status"] == "completed"
    assert outcome.tools["dns"]["outcome"] == "failing"


def test_it_asks_the_resolver_it_was_given() -> None:
    async def once() -> Outcome:
        async with udp_server(zone(RECORDS)) as resolver:
            arguments = ("--tool", "dns", "--resolver", resolver, "--json")
            url = "http://localhost"
            return await finish(await start(url, *arguments, **OPEN))

    outcome = asyncio.run(once())
    assert outcome.code == 0
    assert len(outcome.tools["dns"]["result"]["resolver_observations"]) == 1


def test_it_says_what_mends_it_where_the_browser_is_missing(tmp_path: Path) -> None:
    outcome = check_server(
        answer_ok, "--tool", "status", "--tool", "performance", "--json", PATH=str(tmp_path)
    )
    assert outcome.code == 0
    performance = outcome.tools["performance"]
    assert (performance["status"], performance["error"]["code"]) == ("skipped", "browser_missing")
    assert "apt-get install chromium" in performance["error"]["message"]


@pytest.mark.parametrize(
    ("handler", "code"),
    [
        (talk_garbage, None),
        (answer_half_a_header, "timeout"),
        (redirect_for_ever, "too_many_redirects"),
        (redirect_inside, "egress_refused"),
    ],
)
def test_it_comes_to_a_result_whatever_a_server_does(
    handler: Callable[[Reader, Writer], Awaitable[None]], code: str | None
) -> None:
    outcome = check_server(handler, "--tool", "status", "--json")
    assert outcome.code == 1
    status = outcome.tools["status"]
    assert status["status"] == "failed"
    assert status["outcome"] == "failing"
    assert status["result"]["up"] is False
    assert code in {None, status["error"]["code"]}


def test_it_reads_no_body_to_its_end_that_has_none() -> None:
    outcome = check_server(answer_without_end, "--tool", "status", "--json")
    assert outcome.code == 0
    assert outcome.tools["status"]["result"]["code"] == 200


def test_it_gives_up_on_a_hung_tls_handshake() -> None:
    outcome = check_server(
        say_nothing, "--tool", "status", "--tool", "ssl", "--json", scheme="https"
    )
    assert outcome.code == 1
    assert outcome.tools["status"]["error"]["code"] == "timeout"
    assert outcome.tools["ssl"]["error"]["code"] == "timeout"


def test_it_stops_quietly_at_ctrl_c() -> None:
    async def once() -> Outcome:
        connected = asyncio.Event()

        async def hang(reader: Reader, writer: Writer) -> None:
            connected.set()
            await say_nothing(reader, writer)

        async with serving(hang) as port:
            process = await start(f"http://127.0.0.1:{port}", "--tool", "status", **OPEN)
            await connected.wait()
            process.send_signal(signal.SIGINT)
            return await finish(process)

    outcome = asyncio.run(once())
    assert outcome.code == 130
    assert outcome.out == ""
    assert outcome.err.strip() == ""


def test_it_starts_without_django() -> None:
    async def once() -> int:
        code = "import sys, tocsin.cli.check as c; assert 'django' not in sys.modules"
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
        return await process.wait()

    assert asyncio.run(once()) == 0
