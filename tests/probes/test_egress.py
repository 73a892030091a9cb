"""The egress gate: what it refuses, what it opens, and that it is asked before every connection."""

import asyncio
import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.probes.tls_server import say_nothing, serving
from tocsin.probes.egress import EgressPolicy, EgressRefused, check_url, open_connection, resolve
from tocsin.probes.target import InvalidTarget

POLICY = EgressPolicy()
LOOPBACK = EgressPolicy(["127.0.0.0/8", "::1/128"])


def rule(address: str, policy: EgressPolicy = POLICY) -> str | None:
    refusal = policy.judge(address, 443)
    return None if refusal is None else refusal.rule


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", "loopback"), ("127.255.255.254", "loopback"), ("::1", "loopback"),
        ("0.0.0.0", "unspecified"), ("::", "unspecified"), ("0.1.2.3", "reserved"),
        ("10.0.0.1", "private"), ("172.16.0.1", "private"), ("172.31.255.255", "private"),
        ("192.168.1.1", "private"), ("fc00::1", "private"), ("fdff::1", "private"),
        ("fec0::1", "private"), ("169.254.1.1", "link_local"), ("fe80::1", "link_local"),
        ("fe80::1%eth0", "link_local"), ("100.64.0.1", "cgnat"), ("100.127.255.255", "cgnat"),
        ("224.0.0.1", "multicast"), ("239.255.255.255", "multicast"), ("ff02::1", "multicast"),
        ("255.255.255.255", "broadcast"), ("240.0.0.1", "reserved"), ("192.0.2.1", "reserved"),
        ("198.18.0.1", "reserved"), ("198.51.100.1", "reserved"), ("203.0.113.1", "reserved"),
        ("2001:db8::1", "reserved"), ("3fff::1", "reserved"), ("4000::1", "reserved"),
        ("169.254.169.254", "metadata"), ("169.254.170.2", "metadata"),
        ("100.100.100.200", "metadata"), ("fd00:ec2::254", "metadata"),
        ("168.63.129.16", "metadata"), ("not an address", "not_an_address"),
    ],
)  # fmt: skip
def test_it_refuses_by_a_named_rule(address: str, expected: str) -> None:
    assert rule(address) == expected


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1",
     "192.0.1.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1",
     "64:ff9b::1.1.1.1", "2002:101:101::1"],
)  # fmt: skip
def test_it_opens_public_addresses(address: str) -> None:
    assert rule(address) is None


@pytest.mark.parametrize(
    "carrier",
    ["::ffff:{0}", "::{0}", "::ffff:0:{0}", "64:ff9b::{0}", "2a00::5efe:{0}", "2a00::200:5efe:{0}"],
)
@pytest.mark.parametrize(
    ("address", "expected"),
    [("127.0.0.1", "loopback"), ("10.1.2.3", "private"), ("169.254.169.254", "metadata")],
)
def test_it_sees_through_ipv6_that_carries_ipv4(carrier: str, address: str, expected: str) -> None:
    assert rule(carrier.format(address)) == expected


def test_it_sees_through_6to4_and_teredo() -> None:
    assert rule("2002:7f00:1::1") == "loopback"
    assert rule("2002:a01:203::") == "private"
    assert rule("2001:0:7f00:1::f5ff:fffe") == "loopback"  # the server
    assert rule("2001:0:808:808::f5ff:fffe") == "private"  # the client, 10.0.0.1 inverted


@given(st.ip_addresses(v=4))
def test_it_agrees_with_the_standard_library_on_ipv4(address: ipaddress.IPv4Address) -> None:
    if not address.is_global:
        assert rule(str(address)) is not None


@given(st.ip_addresses(v=4))
def test_it_judges_mapped_addresses_like_their_own(address: ipaddress.IPv4Address) -> None:
    assert rule(f"::ffff:{address}") == rule(str(address))


@given(st.ip_addresses(v=6))
def test_it_opens_no_ipv6_outside_global_unicast(address: ipaddress.IPv6Address) -> None:
    carriers = [ipaddress.ip_network(text) for text in ("::ffff:0:0/96", "64:ff9b::/96")]
    if rule(str(address)) is None:
        assert address in ipaddress.ip_network("2000::/3") or any(
            address in network for network in carriers
        )


def test_it_opens_what_the_operator_allows_and_nothing_beside_it() -> None:
    policy = EgressPolicy(["10.0.0.0/8", "fd12::/16", "192.168.1.7"])
    assert rule("10.200.0.1", policy) is None
    assert rule("::ffff:10.200.0.1", policy) is None
    assert rule("fd12::1", policy) is None
    assert rule("192.168.1.7", policy) is None
    assert rule("192.168.1.8", policy) == "private"
    assert rule("127.0.0.1", policy) == "loopback"


def test_it_refuses_a_range_that_is_none() -> None:
    with pytest.raises(ValueError, match="intranet"):
        EgressPolicy(["intranet"])


@pytest.mark.parametrize("port", [80, 443, 1024, 8080, 65535])
def test_it_opens_the_ports_of_the_web_and_of_users(port: int) -> None:
    assert POLICY.judge("1.1.1.1", port) is None


@pytest.mark.parametrize("port", [-1, 0, 1, 22, 25, 53, 81, 442, 444, 1023, 65536])
def test_it_refuses_other_ports_even_where_the_address_is_allowed(port: int) -> None:
    for policy, address in ((POLICY, "1.1.1.1"), (LOOPBACK, "127.0.0.1")):
        refusal = policy.judge(address, port)
        assert refusal is not None
        assert refusal.rule == "port"


def test_it_says_which_rule_refused_which_address_and_what_would_open_it() -> None:
    with pytest.raises(EgressRefused) as caught:
        POLICY.require("10.1.2.3", 8080)
    message = caught.value.refusal.message
    assert str(caught.value) == message
    for part in ("10.1.2.3", "8080", "private", "TOCSIN_EGRESS_ALLOW"):
        assert part in message
    port_refusal = POLICY.judge("1.1.1.1", 25)
    assert port_refusal is not None
    for part in ("1.1.1.1", "25", "port", "TOCSIN_EGRESS_ALLOW"):
        assert part in port_refusal.message


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://127.1/", "http://0x7f000001/", "http://2130706433/",
            "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0177.0.0.1/"],
)  # fmt: skip
def test_it_refuses_a_url_with_a_refused_address_however_written(url: str) -> None:
    with pytest.raises(EgressRefused) as caught:
        check_url(url, POLICY)
    assert caught.value.refusal.rule == "loopback"


def test_it_refuses_a_url_with_a_refused_port_before_the_name_is_looked_up() -> None:
    with pytest.raises(EgressRefused):
        check_url("https://example.com:22/", POLICY)
    with pytest.raises(InvalidTarget):
        check_url("mailto:a@example.com", POLICY)
    assert check_url("https://example.com/", POLICY).host == "example.com"


def test_it_resolves_only_to_open_addresses() -> None:
    assert asyncio.run(resolve("127.0.0.1", 8080, LOOPBACK)) == ("127.0.0.1",)
    assert "127.0.0.1" in asyncio.run(resolve("localhost", 8080, LOOPBACK))
    for host, port in (("localhost", 8080), ("127.0.0.1", 8080), ("1.1.1.1", 22)):
        with pytest.raises(EgressRefused):
            asyncio.run(resolve(host, port, POLICY))


@pytest.mark.parametrize("host", ["no-such-name.invalid", "a" * 70 + ".invalid"])
def test_it_says_that_a_name_does_not_resolve(host: str) -> None:
    with pytest.raises(socket.gaierror):
        asyncio.run(resolve(host, 443, POLICY))


def test_it_connects_to_the_judged_address() -> None:
    async def scenario() -> None:
        async with serving(say_nothing) as port:
            with await open_connection("127.0.0.1", port, LOOPBACK, timeout=2) as connection:
                assert connection.getpeername() == ("127.0.0.1", port)
                assert connection.gettimeout() == 0
            with pytest.raises(EgressRefused):
                await open_connection("127.0.0.1", port, POLICY, timeout=2)
        with pytest.raises(ConnectionRefusedError):
            await open_connection("127.0.0.1", port, LOOPBACK, timeout=2)

    asyncio.run(scenario())
