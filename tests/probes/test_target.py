"""Reading a URL strictly: the same host that libcurl would connect to, or a clear refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.probes.target import InvalidTarget, Target, parse_target, wire_url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://example.com", ("http", "example.com", 80)),
        ("HTTPS://EXAMPLE.com/Path", ("https", "example.com", 443)),
        ("https://example.com:8443/?a=b#c", ("https", "example.com", 8443)),
        ("https://bücher.example/", ("https", "xn--bcher-kva.example", 443)),
        ("http://[2001:DB8::1]:8080/", ("http", "2001:db8::1", 8080)),
        ("http://127.1/", ("http", "127.0.0.1", 80)),
        ("http://0x7f.0.0.1/", ("http", "127.0.0.1", 80)),
        ("http://2130706433/", ("http", "127.0.0.1", 80)),
        ("http://a_b.example/", ("http", "a_b.example", 80)),
        ("http://example.com./", ("http", "example.com.", 80)),
    ],
)
def test_it_reads_where_a_url_leads(url: str, expected: tuple[str, str, int]) -> None:
    assert parse_target(url) == Target(*expected)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "full URL"), ("example.com", "full URL"), ("/path", "full URL"),
        ("http:example.com", "full URL"), ("http:\\\\example.com", "full URL"),
        ("ftp://example.com", "http or https"), ("javascript://x/%0aalert(1)", "http or https"),
        ("http://user@example.com", "user name"), ("http://u:p@example.com", "user name"),
        ("http://example.com\\@127.0.0.1/", "user name"), ("http://a b.example", "space"),
        ("http://example.com/\r\nX: y", "control"), ("http://example.com/\0", "control"),
        ("http://exa%6dple.com/", "host name"), ("http://-a.example/", "host name"),
        ("http://a..b/", "host name"), ("http://" + "a" * 64 + ".example/", "host name"),
        ("http://:80/", "no host"), ("http://1.2.3.4.5/", "IPv4"), ("http://1.2.3.256/", "IPv4"),
        ("http://[::1", "URL"), ("http://[fe80::1%25eth0]/", "zone"), ("http://[::g]/", "URL"),
        ("http://example.com:0/", "port"), ("http://example.com:65536/", "port"),
        ("http://example.com:x/", "port"), ("http://example.com/" + "a" * 2048, "2048"),
    ],
)  # fmt: skip
def test_it_says_why_a_url_cannot_be_checked(url: str, words: str) -> None:
    with pytest.raises(InvalidTarget, match=words):
        parse_target(url)


@given(st.text(max_size=60) | st.text(max_size=30).map("http://{}".format))
def test_it_never_fails_in_another_way(text: str) -> None:
    try:
        target = parse_target(text)
    except InvalidTarget:
        return
    assert target.host.isascii()
    assert 0 < target.port < 65536


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://example.com/a?b=c#d", "http://example.com/a?b=c"),
        ("https://bücher.example/ä?ö=%20#x", "https://xn--bcher-kva.example/%C3%A4?%C3%B6=%20"),
        ("https://bücher.example:8443", "https://xn--bcher-kva.example:8443"),
    ],
)
def test_it_writes_the_url_as_it_goes_over_the_wire(url: str, expected: str) -> None:
    assert wire_url(url, parse_target(url)) == expected
