"""What is known of the request under way."""

import threading

import pytest

from tocsin.kit import context
from tocsin.kit.context import RequestContext, client_address


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "10.0.0.1"),
        ("203.0.113.9", 0, "10.0.0.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9"),
        ("203.0.113.9", 2, "10.0.0.1"),
        ("", 1, "10.0.0.1"),
    ],
)
def test_it_believes_only_the_trusted_proxies(forwarded: str, proxies: int, address: str) -> None:
    """What a client claims of itself stands further left and does not count."""
    meta = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(meta, trusted_proxies=proxies) == address


def test_it_ends_with_its_block_and_stays_in_its_thread() -> None:
    """Requests at the same time do not see each other."""
    elsewhere: list[RequestContext] = []
    with context.entered(RequestContext("a", "1")):
        thread = threading.Thread(target=lambda: elsewhere.append(context.current()))
        thread.start()
        thread.join()
        assert context.current() == RequestContext("a", "1")
    assert elsewhere == [RequestContext()]
    assert context.current() == RequestContext()
