"""Mails kept in the data directory, and mails in general."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import transaction

from tocsin.kit import mail, outbox


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    """Keep mails here."""
    settings.DATA_DIR = tmp_path
    settings.EMAIL_BACKEND = "tocsin.kit.outbox.OutboxBackend"
    return tmp_path


def _send(number: int) -> None:
    text = f"See https://example.com/a?b={number}, and (http://example.org/)."
    EmailMessage(f"Grüße {number}", text, to=["ann@example.com"], bcc=["bo@example.com"]).send()


def test_it_keeps_mails_in_order(data: Path) -> None:
    for number in range(3):
        _send(number)
    kept = outbox.read()
    assert [each.subject for each in kept] == ["Grüße 0", "Grüße 1", "Grüße 2"]
    assert kept[0].to == ["ann@example.com", "bo@example.com"]
    assert kept[0].links == ["https://example.com/a?b=0", "http://example.org/"]
    assert kept[0].sent_at.endswith("+00:00")
    modes = {path.stat().st_mode & 0o777 for path in (data / "outbox").iterdir()}
    assert modes == {0o600}


def test_it_keeps_every_mail_of_many_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(_send, range(40)))
    assert len({each.subject for each in outbox.read()}) == 40


def test_it_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "KEPT", 2)
    for number in range(4):
        _send(number)
    assert [each.subject for each in outbox.read()] == ["Grüße 2", "Grüße 3"]


def test_it_has_nothing_at_first() -> None:
    assert outbox.read() == []


CONTEXT = {"team": "A\nB", "role": "member", "inviter": "", "link": "https://x.example/y"}


@pytest.mark.django_db(transaction=True)
def test_it_sends_when_the_transaction_commits_and_only_then() -> None:
    with transaction.atomic():
        mail.send("teams/email/invitation", "ann@example.com", CONTEXT, language="")
        transaction.set_rollback(True)
    assert outbox.read() == []
    with transaction.atomic():
        mail.send("teams/email/invitation", "ann@example.com", CONTEXT, language="")
        assert outbox.read() == []
    (kept,) = outbox.read()
    assert kept.subject == "You are invited to A B on Tocsin"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("failure", [ConnectionRefusedError(), smtplib.SMTPServerDisconnected()])
def test_it_loses_nothing_else_where_the_mail_server_fails(
    monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(outbox.OutboxBackend, "send_messages", fail)
    mail.send("teams/email/invitation", "ann@example.com", CONTEXT, language="")
