"""What destinations may be given, what is refused when they are saved, and what is shown."""

from typing import Any

import pytest

from tests.notifications.private_urls import PRIVATE_URLS
from tocsin.kit.errors import InvalidInput
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.channels.registry import CHANNELS
from tocsin.probes.egress import EgressPolicy

HOOKS = ("slack", "microsoft_teams", "discord", "webhook")
SLACK_URL = "https://hooks.slack.com/services/T000/B000/abcdWXYZ"
DISCORD_URL = "https://discord.com/api/webhooks/123/abc-DEF_ghi"
TEAMS_URL = "https://prod-1.westeurope.logic.azure.com/workflows/abc/triggers/manual?sig=x"


def parse(kind: str, config: dict[str, Any], *allow: str) -> Any:
    return CHANNELS[ChannelKind(kind)].parse(config, EgressPolicy(allow))


@pytest.mark.parametrize(
    ("kind", "url"),
    [("slack", SLACK_URL), ("discord", DISCORD_URL), ("microsoft_teams", TEAMS_URL)],
)
def test_it_takes_the_addresses_of_chat_systems(kind: str, url: str) -> None:
    assert parse(kind, {"url": f" {url} "}).url == url
    assert parse(kind, {"url": "https://chat.example/hooks/abc"}).url
    assert parse(kind, {"url": "http://127.0.0.1:9000/hook"}, "127.0.0.0/8").url


@pytest.mark.parametrize(
    ("kind", "url", "words"),
    [
        ("slack", DISCORD_URL, "an address of Discord"),
        ("discord", SLACK_URL, "an address of Slack"),
        ("slack", SLACK_URL.replace("https", "http"), "https only"),
        ("slack", "https://hooks.slack.com/about", "Not an incoming webhook"),
        ("discord", "https://discord.com/channels/1/2", "Not an incoming webhook"),
    ],
)
def test_it_says_what_is_wrong_with_an_address(kind: str, url: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        parse(kind, {"url": url})


@pytest.mark.parametrize("kind", HOOKS)
@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "",
        "not a url",
        "ftp://example.com/",
        "https://user:secret@example.com/",
        "https://example.com/\r\nX-Evil: 1",
        "https://example.com/\x00",
        "https://example.com/\ud800",
        "https://example.com/" + "x" * 2029,
        "https://example.com:65536/",
        "https:/example.com/",
        "https://",
        "//example.com/hook",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_SET",
        "https://example.com\\@127.0.0.1/",
        "https://exam\u202eple.com/",
        "https://[fe80::1%25eth0]/",
        "https://example.com/ hook",
        *PRIVATE_URLS,
    ],
)
def test_it_refuses_when_saved_what_it_may_not_or_cannot_reach(kind: str, url: Any) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(kind, {"url": url})
    assert set(refused.value.errors) == {"url"}


def test_a_url_may_have_2048_characters() -> None:
    url = "https://example.com/".ljust(2048, "x")
    assert parse("webhook", {"url": url}).url == url


def test_a_webhook_is_called_by_post_or_get() -> None:
    url = "https://example.com/hook"
    assert parse("webhook", {"url": url}).method == "post"
    assert parse("webhook", {"url": url, "method": "GET"}).method == "get"
    with pytest.raises(InvalidInput, match="post or get"):
        parse("webhook", {"url": url, "method": "put"})


def test_an_email_destination_has_1_to_20_addresses() -> None:
    twenty = [f"a{number}@example.com" for number in range(20)]
    assert parse("email", {"addresses": twenty}).addresses == tuple(twenty)
    assert parse("email", {"addresses": "Ann@Example.com, ann@example.com"}).addresses == (
        "ann@example.com",
    )
    for bad in ([*twenty, "b@example.com"], [], "", None, [" "], ["x"], ["a@b.c\nBcc: x@y.zz"]):
        with pytest.raises(InvalidInput) as refused:
            parse("email", {"addresses": bad})
        assert set(refused.value.errors) == {"addresses"}


@pytest.mark.parametrize(
    ("kind", "config", "shown"),
    [
        ("slack", {"url": SLACK_URL}, "https://hooks.slack.com/…WXYZ"),
        ("webhook", {"url": "https://example.com/hook"}, "https://example.com/…"),
        ("email", {"addresses": ["alice@example.com", "b@example.com"]},
         "al…@example.com, …@example.com"),
    ],
)  # fmt: skip
def test_it_masks_what_it_shows(kind: str, config: dict[str, Any], shown: str) -> None:
    target = parse(kind, config)
    assert CHANNELS[ChannelKind(kind)].masked(target) == shown
    assert "WXYZ" not in repr(target)
