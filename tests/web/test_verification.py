"""Before the address is verified."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

NEWCOMER = {
    "name": "Nina",
    "email": "nina@example.com",
    "password1": "seven quiet herons at dusk",
}


@pytest.fixture
def client(db: None, mails: list[Any]) -> Client:
    cache.clear()  # how often an address is mailed is counted there
    client = Client()
    client.post("/accounts/signup/", NEWCOMER)
    return client


def _link(mails: list[Any]) -> str:
    found = re.search(r"/accounts/confirm-email/\S+", str(mails[-1].body))
    assert found is not None
    return found[0]


def test_it_keeps_newcomers_to_the_verification_page_and_the_profile(client: Client) -> None:
    assert client.get("/")["Location"] == "/verify-email"
    assert "nina@example.com" in client.get("/verify-email").content.decode()
    page = client.get("/settings/profile").content.decode()
    assert "not verified yet" in page
    assert client.get("/settings/tokens")["Location"] == "/verify-email"


def test_it_lets_them_in_by_the_mailed_link(client: Client, mails: list[Any]) -> None:
    link = _link(mails)
    assert "Is <strong>nina@example.com</strong> your address?" in client.get(link).content.decode()
    client.post(link)
    page = client.get("/", follow=True).content.decode()
    assert "No sites yet" in page
    assert client.get("/verify-email")["Location"] == "/"
    assert "no longer works" in Client().get(link).content.decode()


def test_it_sends_the_link_again_but_not_at_any_rate(client: Client, mails: list[Any]) -> None:
    cache.clear()  # as if the mail of the registration were long ago
    mails.clear()
    for _ in range(5):
        assert client.post("/verify-email")["Location"] == "/verify-email"
    assert len(mails) == 1


def test_it_refuses_a_password_that_is_short_common_or_absurd(db: None, mails: list[Any]) -> None:
    for password in ("short", "password1234", "x" * 1_000_000):
        answer = Client().post("/accounts/signup/", NEWCOMER | {"password1": password})
        assert answer.status_code == 200
        assert 'id="id_password1_error"' in answer.content.decode()
    assert not mails
