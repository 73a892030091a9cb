"""The URL rules of contract section 3."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.probes.target import parse_target
from tocsin.sites.errors import InvalidUrl
from tocsin.sites.urls import canonical_url, domain_of


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://example.com", "https://example.com"),
        ("https://example.com/", "https://example.com"),
        ("  https://example.com/ ", "https://example.com"),
        ("HTTPS://Example.COM/Path", "https://example.com/Path"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:80", "http://example.com"),
        ("http://example.com:443", "http://example.com:443"),
        ("https://example.com:8443/", "https://example.com:8443"),
        ("https://example.com/a/", "https://example.com/a/"),
        ("https://example.com/a/../b", "https://example.com/a/../b"),
        ("https://example.com/#top", "https://example.com"),
        ("https://example.com/a#top", "https://example.com/a"),
        ("https://example.com/?q=1", "https://example.com?q=1"),
        ("https://example.com?q=/", "https://example.com?q=/"),
        ("https://example.com/a?", "https://example.com/a?"),
        ("https://münchen.example/ä", "https://xn--mnchen-3ya.example/ä"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://[0:0::1]/", "http://[::1]"),
        ("http://127.1/", "http://127.0.0.1"),
    ],
)
def test_it_keeps_one_spelling(written: str, kept: str) -> None:
    assert canonical_url(written) == kept


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("", "full URL"),
        ("example.com", "full URL"),
        ("ftp://example.com", "http or https"),
        ("javascript:alert(1)", "full URL"),
        ("https://user:secret@example.com", "user name"),
        ("https://@example.com", "user name"),
        ("https://exa mple.com", "space"),
        ("https://example.com/\x00", "control"),
        ("https://example.com:0", "port"),
        ("https://example.com:99999", "port"),
        ("https://-a.com", "host name"),
        ("https://example.com/" + "a" * 2048, "2048"),
        ("https://[::1", "URL"),
    ],
)
def test_it_says_what_is_wrong(written: str, word: str) -> None:
    with pytest.raises(InvalidUrl, match=word) as caught:
        canonical_url(written)
    assert list(caught.value.errors) == ["url"]


_hosts = st.sampled_from(
    ["example.com", "EXAMPLE.com", "bücher.example", "10.0.0.1", "[2001:db8::1]"]
)
_rests = st.text(st.sampled_from("abcÄ/?#&=.%20:@"), max_size=30)
_urls = st.builds(
    lambda scheme, host, port, rest: f"{scheme}://{host}{port}{rest}",
    st.sampled_from(["http", "HTTPS"]),
    _hosts,
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.one_of(
        st.just(""), _rests.map(lambda rest: "/" + rest), _rests.map(lambda rest: "?" + rest)
    ),
)


@given(_urls)
def test_it_changes_nothing_the_second_time(written: str) -> None:
    once = canonical_url(written)
    assert canonical_url(once) == once
    assert parse_target(once) == parse_target(written)
    assert "#" not in once


@given(st.text(max_size=60))
def test_it_never_fails_in_another_way(written: str) -> None:
    with suppress(InvalidUrl):
        canonical_url(written)


def test_it_names_the_domain_without_port() -> None:
    assert domain_of("https://example.com:8443/a") == "example.com"
