"""Where clients may have people sent: https or one's own machine, exactly as registered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.oauth import redirects

FINE = [
    "https://client.example/callback",
    "https://client.example",
    "https://client.example:8443/a/b?c=d",
    "http://127.0.0.1/callback",
    "http://127.0.0.1:43117/callback",
    "http://[::1]:43117/callback",
    "http://localhost:6274/oauth/callback/debug",
]


@pytest.mark.parametrize("uri", FINE)
def test_it_allows_https_and_the_machine_itself(uri: str) -> None:
    assert redirects.problem_of(uri) is None


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "callback",
        "/callback",
        "//client.example/callback",
        "javascript:alert(1)",
        "javascript://client.example/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "cursor://anysphere.cursor-retrieval/oauth",
        "http://client.example/callback",
        "http://10.0.0.1/callback",
        "http://127.0.0.2/callback",
        "http://localhost.evil.example/callback",
        "http://127.0.0.1@evil.example/callback",
        "https://user:pass@client.example/",
        "https://client.example/callback#",
        "https://client.example/callback#fragment",
        "https://client.example\\@evil.example/",
        "https://client.example/a b",
        "https://client.example/a\nb",
        "https://client.example/\u202e",
        "https://:443/",
        "https://client.example;sandbox/",
        "https://client.example,evil.example/",
        "https://client.example'*'/",
        "http://127.1/callback",
        "http://2130706433/callback",
        "https://client.example:0/",
        "https://client.example:99999/",
        "https://client.example:x/",
        "https://[::1/",
        "https://client.example/" + "a" * 1024,
    ],
)
def test_it_refuses_everything_else(uri: str) -> None:
    assert redirects.problem_of(uri) is not None


@pytest.mark.parametrize(
    ("asked", "registered"),
    [
        ("http://127.0.0.1:50123/cb", "http://127.0.0.1:43117/cb"),
        ("http://127.0.0.1:50123/cb", "http://127.0.0.1/cb"),
        ("http://127.0.0.1/cb", "http://127.0.0.1:43117/cb"),
        ("http://[::1]:1024/cb", "http://[::1]/cb"),
        ("http://localhost:1024/cb?a=b", "http://localhost/cb?a=b"),
    ],
)
def test_the_port_of_the_machine_itself_is_free(asked: str, registered: str) -> None:
    assert redirects.matches(asked, registered)


@pytest.mark.parametrize(
    ("asked", "registered"),
    [
        ("https://client.example:444/callback", "https://client.example/callback"),
        ("https://client.example/callback/", "https://client.example/callback"),
        ("https://client.example/Callback", "https://client.example/callback"),
        ("https://CLIENT.example/callback", "https://client.example/callback"),
        ("https://client.example/callback?", "https://client.example/callback"),
        ("https://client.example/callback?a=b", "https://client.example/callback"),
        ("https://client.example/callback;a", "https://client.example/callback"),
        ("https://client.example/callback#", "https://client.example/callback"),
        ("https://localhost:2/cb", "https://localhost:1/cb"),
        ("http://127.0.0.1:50123/cb2", "http://127.0.0.1/cb"),
        ("http://localhost:50123/cb", "http://127.0.0.1:50123/cb"),
        ("http://[::1]:50123/cb", "http://127.0.0.1:50123/cb"),
        ("http://127.0.0.1:50123@evil.example/cb", "http://127.0.0.1/cb"),
        ("http://evil@127.0.0.1:50123/cb", "http://127.0.0.1/cb"),
        ("http://127.0.0.1:0/cb", "http://127.0.0.1/cb"),
        ("http://127.0.0.1:x/cb", "http://127.0.0.1/cb"),
    ],
)
def test_nothing_else_is(asked: str, registered: str) -> None:
    assert not redirects.matches(asked, registered)


@given(st.sampled_from(FINE), st.data())
def test_one_changed_character_is_another_address(registered: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(registered) - 1))
    character = data.draw(st.sampled_from("aZ/.:@?#%&-_~0"))
    asked = registered[:place] + character + registered[place + 1 :]
    if redirects.matches(asked, registered):
        assert asked == registered or redirects.is_loopback(registered)
        assert redirects.host_of(asked) == redirects.host_of(registered)


@given(st.text(max_size=60))
def test_it_reads_whatever_it_is_given(text: str) -> None:
    redirects.problem_of(text)
    assert redirects.matches(text, FINE[0]) == (text == FINE[0])


@pytest.mark.parametrize(
    ("uri", "source"),
    [
        ("https://client.example:8443/a?b", "https://client.example:8443"),
        ("http://127.0.0.1:43117/callback", "http://127.0.0.1:43117"),
        ("http://[::1]:43117/callback", "http:"),
    ],
)
def test_it_names_where_a_form_may_end(uri: str, source: str) -> None:
    assert redirects.form_target(uri) == source
