"""Browsers of the cast, without a browser."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in() -> SignIn:
    """Return a client in which somebody is signed in; `proven`: gave fresh proof just now."""

    def sign_in(user: Any, *, proven: bool = False) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        if proven:
            session = client.session
            record = {"method": "password", "at": time.time(), "reauthenticated": True}
            session["account_authentication_methods"] = [record]
            session["account_authentication_methods_user"] = str(user.pk)
            session.save()
        return client

    return sign_in


@pytest.fixture
def mails(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the mails sent; as if every transaction were committed."""
    monkeypatch.setattr(transaction, "on_commit", lambda call, **_: call())
    return mail.outbox
