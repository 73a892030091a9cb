"""The status probe and names: lookups, the gate, IPv4 after IPv6, headers that stay home."""

import asyncio
import socket
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
import trustme

from tests.probes.looking import QUICK, code_of, found, look
from tests.probes.servers.http import Site, redirect, response
from tests.probes.tls_server import server_context, serving, write_roots
from tocsin.probes.contract import Outcome
from tocsin.probes.lookup import Lookup

TOKEN = (("X-Token", "s3cret"),)


def names(table: dict[str, Sequence[str]]) -> Lookup:
    """Answer from a table, by family; other names do not exist."""

    def lookup(host: str, family: socket.AddressFamily) -> Sequence[str]:
        if host not in table:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        wanted = [one for one in table[host] if family != socket.AF_INET or ":" not in one]
        if not wanted:
            raise socket.gaierror(socket.EAI_NONAME, "No address of this family")
        return wanted

    return lookup


def test_it_times_the_lookup_of_a_name() -> None:
    async def scenario() -> None:
        async with serving(Site()) as port:
            result = await look(
                f"http://shop.test:{port}/", lookup=names({"shop.test": ["127.0.0.1"]})
            )
        assert result.outcome is Outcome.OK
        assert found(result)["timings"]["dns"] > 0
        assert found(result)["ip"] == "127.0.0.1"

    asyncio.run(scenario())


def test_it_asks_the_system_for_names() -> None:
    async def scenario() -> None:
        async with serving(Site()) as port:
            assert (await look(f"http://localhost:{port}/")).outcome is Outcome.OK

    asyncio.run(scenario())


def test_it_says_that_a_name_does_not_resolve() -> None:
    result = asyncio.run(look("http://gone.test/", lookup=names({})))
    assert code_of(result) == "dns"
    assert result.error is not None
    assert result.error.data == {"stage": "lookup"}
    assert "gone.test" in found(result)["error"]


def test_it_gives_up_name_servers_that_do_not_answer() -> None:
    released = threading.Event()

    def never(_host: str, _family: socket.AddressFamily) -> Sequence[str]:
        released.wait(10)
        return ["127.0.0.1"]

    try:
        result = asyncio.run(look("http://slow.test/", lookup=never, limits=QUICK))
    finally:
        released.set()
    assert code_of(result) == "dns"
    assert found(result)["response_time"] < 1500


def test_it_outlives_a_lookup_that_breaks_down() -> None:
    def broken(_host: str, _family: socket.AddressFamily) -> Sequence[str]:
        raise ZeroDivisionError

    assert code_of(asyncio.run(look("http://odd.test/", lookup=broken))) == "dns"


def test_it_falls_back_to_ipv4_where_ipv6_is_dead() -> None:
    async def scenario() -> None:
        async with serving(Site()) as port:
            both = await look(
                f"http://shop.test:{port}/",
                lookup=names({"shop.test": ["::1", "127.0.0.1"]}),
            )
        assert both.outcome is Outcome.OK
        assert found(both)["ip"] == "127.0.0.1"

    asyncio.run(scenario())


def test_it_asks_for_ipv4_alone_where_the_whole_lookup_fails() -> None:
    asked: list[socket.AddressFamily] = []

    def fails_for_ipv6(_host: str, family: socket.AddressFamily) -> Sequence[str]:
        asked.append(family)
        if family == socket.AF_INET:
            return ["127.0.0.1"]
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    async def scenario() -> None:
        async with serving(Site()) as port:
            result = await look(f"http://shop.test:{port}/", lookup=fails_for_ipv6)
        assert result.outcome is Outcome.OK
        assert asked == [socket.AF_UNSPEC, socket.AF_INET]

    asyncio.run(scenario())


def test_it_tries_no_third_time() -> None:
    asked: list[socket.AddressFamily] = []

    def lookup(_host: str, family: socket.AddressFamily) -> Sequence[str]:
        asked.append(family)
        return ["127.0.0.1"]

    async def scenario() -> None:
        async with serving(Site()) as port:
            pass
        result = await look(f"http://shop.test:{port}/", lookup=lookup)
        assert code_of(result) == "connect_refused"
        assert asked == [socket.AF_UNSPEC, socket.AF_INET]

    asyncio.run(scenario())


def test_it_never_connects_to_a_refused_address_of_a_name() -> None:
    async def scenario() -> None:
        site = Site()
        async with serving(site) as port:
            result = await look(
                f"http://inside.test:{port}/",
                allow=(),
                lookup=names({"inside.test": ["127.0.0.1"]}),
            )
        assert code_of(result) == "egress_refused"
        assert result.error is not None
        assert result.error.data == {
            "rule": "loopback", "address": "127.0.0.1", "port": port, "redirected": False,
        }  # fmt: skip
        assert site.heads == []

    asyncio.run(scenario())


def test_it_uses_the_open_addresses_of_a_name_and_leaves_the_refused_ones() -> None:
    async def scenario() -> None:
        async with serving(Site()) as port:
            result = await look(
                f"http://mixed.test:{port}/",
                allow=("127.0.0.1/32",),
                lookup=names({"mixed.test": ["10.0.0.1", "127.0.0.1"]}),
            )
        assert result.outcome is Outcome.OK
        assert found(result)["ip"] == "127.0.0.1"

    asyncio.run(scenario())


def test_it_connects_to_what_it_judged_when_the_name_changes_its_address() -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])

    def rebinding(_host: str, _family: socket.AddressFamily) -> Sequence[str]:
        return next(answers)

    async def scenario() -> None:
        site = Site({"/": redirect("/again"), "/again": response()})
        async with serving(site) as port:
            result = await look(
                f"http://rebind.test:{port}/", allow=("127.0.0.0/8",), lookup=rebinding
            )
        assert code_of(result) == "egress_refused"
        assert len(site.heads) == 1

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "location", ["http://10.0.0.1/", "http://169.254.169.254/latest/", "http://[::ffff:10.0.0.1]/",
                 "http://inside.test/", "http://127.0.0.1:22/"],
)  # fmt: skip
def test_it_judges_every_redirect(location: str) -> None:
    async def scenario() -> None:
        async with serving(Site({"/": redirect(location)})) as port:
            result = await look(
                f"http://127.0.0.1:{port}/", lookup=names({"inside.test": ["192.168.0.1"]})
            )
        assert code_of(result) == "egress_refused"
        assert result.error is not None
        assert result.error.data["redirected"] is True
        assert found(result)["redirects"] == [{"url": f"http://127.0.0.1:{port}/", "code": 302}]

    asyncio.run(scenario())


def test_it_sends_the_header_to_the_sites_own_host_only() -> None:
    async def scenario() -> None:
        home, abroad = Site(), Site()
        table = names({"home.test": ["127.0.0.1"], "abroad.test": ["127.0.0.1"]})
        async with serving(home) as port, serving(abroad) as other:
            home.routes = {
                "/": redirect("/next"),
                "/next": redirect(f"http://abroad.test:{other}/"),
                "/back": response(),
            }
            abroad.routes = {"/": redirect(f"http://home.test:{port}/back")}
            result = await look(f"http://home.test:{port}/", headers=TOKEN, lookup=table)
        assert result.outcome is Outcome.OK
        assert all("X-Token: s3cret\r\n" in head for head in home.heads)
        assert len(home.heads) == 3
        assert len(abroad.heads) == 1
        assert "s3cret" not in abroad.heads[0]

    asyncio.run(scenario())


def test_it_sends_no_header_in_clear_after_https(tmp_path: Path) -> None:
    async def scenario() -> None:
        authority = trustme.CA()
        context = server_context(authority.issue_cert("127.0.0.1"))
        secure, clear = Site(), Site()
        async with serving(secure, context) as port, serving(clear) as other:
            secure.routes = {"/": redirect(f"http://127.0.0.1:{other}/")}
            await look(
                f"https://127.0.0.1:{port}/",
                headers=TOKEN,
                roots=write_roots(authority, tmp_path),
            )
        assert "s3cret" in secure.heads[0]
        assert "s3cret" not in clear.heads[0]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "header", [("X-A", "b\r\nX-Evil: 1"), ("X A", "b"), ("", "b"), ("X-A:", "b"), ("X-A", "b\0")]
)
def test_it_refuses_a_header_that_would_break_the_request(header: tuple[str, str]) -> None:
    async def scenario() -> None:
        site = Site()
        async with serving(site) as port:
            result = await look(f"http://127.0.0.1:{port}/", headers=(header,))
        assert code_of(result) == "invalid_header"
        assert site.heads == []

    asyncio.run(scenario())


def test_it_sends_a_header_without_a_value_and_one_beyond_ascii() -> None:
    async def scenario() -> None:
        site = Site()
        async with serving(site) as port:
            await look(f"http://127.0.0.1:{port}/", headers=(("X-Empty", ""), ("X-Name", "é")))
        assert "X-Empty:\r\n" in site.heads[0]
        assert "X-Name: é".encode().decode("latin-1") in site.heads[0]

    asyncio.run(scenario())
