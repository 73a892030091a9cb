"""What a page wrote, and the address that it means."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.probes.broken_links.charset import decode
from tocsin.probes.broken_links.findings import finding_id
from tocsin.probes.broken_links.globs import matches
from tocsin.probes.broken_links.srcset import candidates
from tocsin.probes.broken_links.urls import canonical, resolve_link
from tocsin.probes.target import MAX_URL_LENGTH, InvalidTarget

BASE = "https://example.com/shop/page?x=1"


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("", "https://example.com/shop/page?x=1"),
        ("#part", "https://example.com/shop/page?x=1"),
        ("next", "https://example.com/shop/next"),
        ("../up", "https://example.com/up"),
        ("/", "https://example.com"),
        ("?y=2", "https://example.com/shop/page?y=2"),
        ("//other.example/a", "https://other.example/a"),
        ("HTTPS://EXAMPLE.com:443/A#b", "https://example.com/A"),
        ("http://example.com:443/", "http://example.com:443"),
        ("  /blank\n ", "https://example.com/blank"),
        ("/in\nside", "https://example.com/inside"),
        ("\\back\\slash?a\\b", "https://example.com/back/slash?a\\b"),
        ("/café?q=ü", "https://example.com/caf%C3%A9?q=%C3%BC"),
        ("/caf%c3%a9", "https://example.com/caf%C3%A9"),
        ("/a b", "https://example.com/a%20b"),
        ("http://bücher.example/", "http://xn--bcher-kva.example"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("mailto:a@example.com", None),
        ("javascript:void(0)", None),
        ("https://user:secret@example.com/", None),
        (f"/{'x' * MAX_URL_LENGTH}", None),
    ],
)
def test_it_resolves_as_browsers_do(written: str, url: str | None) -> None:
    assert resolve_link(BASE, written) == url


@pytest.mark.parametrize("written", ["http://[no-host", "http://a.example:99999/", "http://"])
def test_it_knows_what_no_browser_could_follow(written: str) -> None:
    with pytest.raises(InvalidTarget):
        resolve_link(BASE, written)


@given(st.text(max_size=60))
def test_it_comes_to_one_spelling_whatever_a_page_wrote(written: str) -> None:
    try:
        url = resolve_link(BASE, written)
    except InvalidTarget:
        return
    if url is None:
        return
    assert canonical(url) == url
    assert resolve_link("https://elsewhere.example/", url) == url
    assert re.fullmatch(r"[\x21-\x7e]+", url)
    parts = urlsplit(url)
    assert parts.scheme in {"http", "https"}
    assert parts.fragment == ""
    assert "@" not in parts.netloc


@given(st.text(max_size=30))
def test_it_knows_a_finding_by_its_address_alone(url: str) -> None:
    assert finding_id(url) == finding_id(url)
    assert re.fullmatch(r"[0-9a-f]{16}", finding_id(url))


words = st.text(alphabet="ab/*", max_size=12)


@given(words, st.text(alphabet="ab/", max_size=16))
def test_it_matches_patterns_as_a_regular_expression_would(pattern: str, text: str) -> None:
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    assert matches(pattern, text) is (re.fullmatch(expression, text, re.DOTALL) is not None)


def test_it_matches_hostile_patterns_in_linear_time() -> None:
    assert not matches("*a" * 100 + "*b", "a" * 2000)


@pytest.mark.parametrize(
    ("written", "urls"),
    [
        ("a.png", ["a.png"]),
        ("a.png 1x, b.png 2x", ["a.png", "b.png"]),
        ("  a.png,b.png 2x ", ["a.png,b.png"]),
        ("a.png 100w,\n b.png 200w", ["a.png", "b.png"]),
        ("data:image/png;base64,AA== 1x, b.png 2x", ["data:image/png;base64,AA==", "b.png"]),
        ("", []),
        (" , ,", []),
    ],
)
def test_it_reads_a_srcset(written: str, urls: list[str]) -> None:
    assert list(candidates(written)) == urls


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", "text/html; charset=latin1", "café"),
        (b"caf\xe9", 'text/html; charset="ISO-8859-1"', "café"),
        (b"<meta charset=windows-1252>caf\xe9", "text/html", "<meta charset=windows-1252>café"),
        (b"<meta charset=utf-16>\xc3\xa9", "text/html", "<meta charset=utf-16>é"),
        (b"caf\xc3\xa9", "text/html; charset=no-such-charset", "café"),
        (b"caf\xe9", "text/html", "caf\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_it_reads_the_encoding_that_a_browser_would(
    body: bytes, content_type: str, text: str
) -> None:
    assert decode(body, content_type) == text


@given(st.binary(max_size=200), st.text(max_size=40))
def test_it_decodes_whatever_comes(body: bytes, content_type: str) -> None:
    assert isinstance(decode(body, content_type), str)
