"""How operators name resolvers."""

import pytest

from tocsin.probes.dns.resolvers import InvalidResolver, Resolver, Transport, parse_resolver


@pytest.mark.parametrize(
    ("text", "transport", "host", "port", "path"),
    [
        ("udp://1.1.1.1", Transport.UDP, "1.1.1.1", 53, ""),
        ("udp://127.0.0.1:5353", Transport.UDP, "127.0.0.1", 5353, ""),
        ("udp://[2606:4700::1111]:53", Transport.UDP, "2606:4700::1111", 53, ""),
        ("tls://dns.example", Transport.TLS, "dns.example", 853, ""),
        ("https://dns.example", Transport.HTTPS, "dns.example", 443, "/dns-query"),
        ("https://dns.example:8443/q", Transport.HTTPS, "dns.example", 8443, "/q"),
    ],
)
def test_it_reads_a_resolver(
    text: str, transport: Transport, host: str, port: int, path: str
) -> None:
    assert parse_resolver(text) == Resolver(text, transport, host, port, path)


@pytest.mark.parametrize(
    "text",
    ["", "1.1.1.1", "udp://", "tcp://1.1.1.1", "http://dns.example/dns-query", "udp://1.1.1.1:x",
     "udp://1.1.1.1:99999", "udp://me@1.1.1.1", "udp://1.1.1.1/path", "udp://1.1 .1", "udp://[::1"],
)  # fmt: skip
def test_it_refuses_what_is_no_resolver(text: str) -> None:
    with pytest.raises(InvalidResolver):
        parse_resolver(text)


def test_it_writes_the_address_of_an_https_resolver() -> None:
    assert parse_resolver("https://[::1]:8443").url == "https://[::1]:8443/dns-query"
