"""The demo's own sites answer as their parts in the story say."""

import socket

import pytest

from scripts.demo.catalogue import SITES, Profile
from scripts.demo.target import _page
from tocsin.probes.lookup import system_lookup


@pytest.mark.parametrize(
    ("profile", "path", "status"),
    [
        (Profile.HEALTHY, "/", "200"),
        (Profile.DOWN, "/", "503"),
        (Profile.BROKEN_LINKS, "/api/v1/orders", "404"),
        (Profile.BROKEN_LINKS, "/guides/webhooks-1", "410"),
        (Profile.EXPIRED, "/", "200"),
    ],
)
def test_it_answers_by_profile(profile: Profile, path: str, status: str) -> None:
    site = next(each for each in SITES if each.profile is profile)
    assert _page(site, path)[0].startswith(status)


def test_only_slow_sites_keep_their_visitors_waiting() -> None:
    slow = {site.label for site in SITES if b"<script>" in _page(site, "/")[1]}
    assert slow == {site.label for site in SITES if site.profile is Profile.SLOW}


def test_it_takes_and_refuses_webhooks() -> None:
    assert _page(None, "/ok")[0].startswith("204")
    assert _page(None, "/broken")[0].startswith("500")


def test_it_finds_all_names_on_this_machine() -> None:
    for name in (SITES[0].host, "deep.below.localhost", "UPPER.LocalHost."):
        assert system_lookup(name, socket.AF_INET) == ("127.0.0.1",)
    with pytest.raises(OSError):  # noqa: PT011 - whichever the system's resolver raises
        system_lookup("localhost.invalid", socket.AF_INET)
