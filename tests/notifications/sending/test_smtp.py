"""Attempts by mail through a real mail server."""

import asyncio
import socket
from collections.abc import Collection, Iterator
from dataclasses import replace
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest

from tests.kit.smtp_server import Postbox, postbox
from tests.notifications.messages_cast import AT, DELIVERY, NASTY, opened, with_text
from tocsin.notifications.channels.contract import Mail, Seal
from tocsin.notifications.channels.email import Email, EmailTarget
from tocsin.notifications.messages import Attempt, AttemptError, Message, Verdict
from tocsin.notifications.sending.mail_form import mark_of
from tocsin.notifications.sending.smtp import Mailer

BOTH = EmailTarget(("ann@example.com", "ben@example.com"))


def mail(message: Message, target: EmailTarget = BOTH) -> Mail:
    return Email().render(message, target, Seal(AT))


def send(one: Mail, *, seconds: float = 5, reached: Collection[str] = ()) -> Attempt:
    mailer = Mailer()
    try:
        return asyncio.run(mailer.send(one, seconds=seconds, reached=reached))
    finally:
        mailer.close()


def read(text: str) -> EmailMessage:
    return cast("EmailMessage", message_from_string(text, policy=policy.default))


@pytest.fixture
def server(settings: Any) -> Iterator[Postbox]:
    with postbox() as running:
        use(settings, running.port)
        yield running


def use(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 1


def test_it_sends_each_address_a_mail_of_its_own(server: Postbox) -> None:
    made = send(mail(opened()))
    assert made.ok
    assert (made.status_code, made.error) == (250, None)
    assert [recipients for recipients, _ in server.mails] == [[each] for each in BOTH.addresses]
    assert set(made.reached) == {mark_of(each) for each in BOTH.addresses}
    first = read(server.mails[0][1])
    assert first["Subject"].startswith("[Down] Shop (shop1.example.com)")
    assert first["To"] == "ann@example.com"
    assert first["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in first.iter_parts()] == ["text/plain", "text/html"]


def test_it_gives_every_attempt_one_message_id_and_every_issue_one_thread(server: Postbox) -> None:
    one = mail(opened())
    send(one)
    send(one)
    send(replace(one, delivery=type(DELIVERY)(int=5)))
    heads = [read(text) for _, text in server.mails]
    assert len({head["Message-ID"] for head in heads}) == 2
    assert str(DELIVERY) in heads[0]["Message-ID"]
    assert {head["References"] for head in heads} == {heads[0]["In-Reply-To"]}


def test_it_leaves_out_who_has_it_already(server: Postbox) -> None:
    made = send(mail(opened()), reached=[mark_of("ann@example.com")])
    assert made.ok
    assert [recipients for recipients, _ in server.mails] == [["ben@example.com"]]
    everybody = [mark_of(each) for each in BOTH.addresses]
    assert send(mail(opened()), reached=everybody).ok
    assert len(server.mails) == 1


def test_it_lets_no_text_write_headers(server: Postbox) -> None:
    assert send(mail(with_text(opened(), NASTY))).ok
    for recipients, text in server.mails:
        assert "mallory@evil.example" not in recipients
        head = read(text)
        assert head["Bcc"] is None
        assert {name.lower() for name in head} <= {
            "content-type", "mime-version", "subject", "from", "to", "date", "message-id",
            "list-id", "auto-submitted", "x-auto-response-suppress", "x-tocsin-delivery",
            "in-reply-to", "references",
        }  # fmt: skip


def test_it_keeps_mails_where_no_server_is_named(settings: Any, tmp_path: Any) -> None:
    from tocsin.kit import outbox

    settings.EMAIL_BACKEND = "tocsin.kit.outbox.OutboxBackend"
    settings.DATA_DIR = tmp_path
    assert send(mail(opened())).ok
    kept = outbox.read()
    assert [each.to for each in kept] == [["ann@example.com"], ["ben@example.com"]]
    assert opened().lead.issue.link in kept[0].links


def test_it_tries_again_where_no_server_answers(settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        use(settings, listening.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.3
        silent = send(mail(opened()), seconds=0.1)
    assert (silent.verdict, silent.error) == (Verdict.RETRY, AttemptError.TIMEOUT)
    gone = send(mail(opened()))
    assert (gone.verdict, gone.error) == (Verdict.RETRY, AttemptError.UNREACHABLE)
    assert gone.detail


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [("550 <ben@example.com> unknown", Verdict.DELIVERED), ("451 later", Verdict.RETRY)],
)
def test_one_address_that_is_refused_keeps_it_from_no_other(
    server: Postbox, reply: str, verdict: Verdict
) -> None:
    server.refusals["ben@example.com"] = reply
    made = send(mail(opened()))
    assert made.verdict is verdict
    assert made.reached == (mark_of("ann@example.com"),)
    assert "be…@example.com" in made.detail
    assert "ben@example.com" not in made.detail


def test_it_gives_up_where_every_address_is_refused_for_good(server: Postbox) -> None:
    server.refusals.update(dict.fromkeys(BOTH.addresses, "550 unknown"))
    made = send(mail(opened()))
    assert (made.verdict, made.error, made.status_code) == (
        Verdict.FINAL, AttemptError.REFUSED, 550,
    )  # fmt: skip
