"""How TOCSIN_EMAIL_URL is read."""

import runpy

import pytest

from tocsin.config import mail_settings

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def _read(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, object]:
    monkeypatch.setenv("TOCSIN_EMAIL_URL", url)
    return runpy.run_path(mail_settings.__file__)


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtp://mail.example.com", 587, False, True),
        ("smtp://mail.example.com:2525", 2525, False, True),
        ("smtp://192.0.2.1", 587, False, True),
        ("smtps://mail.example.com", 465, True, False),
        ("smtp://relay.internal:25", 25, False, False),
        ("smtp://127.0.0.1:1025", 1025, False, False),
        ("smtp://[::1]:1025", 1025, False, False),
    ],
)
def test_it_insists_on_encryption_beyond_the_house(
    monkeypatch: pytest.MonkeyPatch, url: str, port: int, ssl: bool, tls: bool
) -> None:
    read = _read(monkeypatch, url)
    assert read["EMAIL_BACKEND"] == SMTP
    assert (read["EMAIL_PORT"], read["EMAIL_USE_SSL"], read["EMAIL_USE_TLS"]) == (port, ssl, tls)


def test_it_reads_user_and_password(monkeypatch: pytest.MonkeyPatch) -> None:
    read = _read(monkeypatch, "smtp://ann%40example.com:p%40ss:word@mail.example.com")
    assert read["EMAIL_HOST_USER"] == "ann@example.com"
    assert read["EMAIL_HOST_PASSWORD"] == "p@ss:word"
    assert read["EMAIL_HOST"] == "mail.example.com"


def test_it_keeps_mails_where_no_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _read(monkeypatch, "")["EMAIL_BACKEND"] == "tocsin.kit.outbox.OutboxBackend"
