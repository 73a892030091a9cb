"""Signing in by another service, where the operator has configured one."""

from typing import Any

import pytest
from django.test import Client

GITHUB = {"github": {"APPS": [{"client_id": "id", "secret": "secret", "key": ""}]}}


@pytest.fixture
def client(settings: Any, db: None) -> Client:
    settings.SOCIALACCOUNT_PROVIDERS = GITHUB
    return Client()


def test_it_offers_the_service_at_sign_in_and_registration(client: Client) -> None:
    for page in ("login", "signup"):
        text = client.get(f"/accounts/{page}/").content.decode()
        assert "Continue with GitHub" in text


def test_it_asks_before_it_leaves_and_lets_the_form_leave(client: Client) -> None:
    asked = client.get("/accounts/github/login/")
    assert asked.status_code == 200
    assert "form-action 'self' https:" in asked["Content-Security-Policy"]
    left = client.post("/accounts/github/login/")
    assert left["Location"].startswith("https://github.com/login/oauth/authorize")


def test_it_offers_nothing_where_none_is_configured(db: None) -> None:
    assert "Continue with" not in Client().get("/accounts/login/").content.decode()
