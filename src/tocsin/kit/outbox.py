"""Mails kept as files in the data directory, for installations without a mail server."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from tocsin.kit import clock, ids

KEPT = 1000
_LINK = re.compile(r"https?://[^\s<>\"']+")


class KeptMail(msgspec.Struct, frozen=True):
    """One mail as it would have left; `sent_at` is ISO 8601 in UTC."""

    to: list[str]
    subject: str
    sent_at: str
    text: str
    links: list[str]


class OutboxBackend(BaseEmailBackend):
    """Keeps mails instead of sending them; Django's backend where no mail server is configured."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep each mail once, whatever the number of its recipients. Returns how many."""
        for message in email_messages:
            _keep(message)
        _forget_oldest()
        return len(email_messages)


def read() -> list[KeptMail]:
    """Return the kept mails, oldest first."""
    mails = []
    for path in _files():
        try:
            mails.append(msgspec.json.decode(path.read_bytes(), type=KeptMail))
        except FileNotFoundError:  # forgotten by a mail that came in meanwhile
            continue
    return mails


def _directory() -> Path:
    return Path(settings.DATA_DIR) / "outbox"


def _files() -> list[Path]:
    # Version-7 UUIDs sort by time.
    return sorted(_directory().glob("*.json"))


def _keep(message: EmailMessage) -> None:
    directory = _directory()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = str(message.body)
    mail = KeptMail(
        to=message.recipients(),
        subject=str(message.subject),
        sent_at=clock.now().isoformat(timespec="seconds"),
        text=text,
        links=list(_links(text)),
    )
    name = ids.new_uuid().hex
    aside = directory / f".{name}"
    # Written aside and renamed into place, so that a reader never sees half a mail.
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(mail), indent=1))
    aside.rename(directory / f"{name}.json")


def _links(text: str) -> Iterator[str]:
    for link in _LINK.findall(text):
        yield link.rstrip(".,;:!?)")


def _forget_oldest() -> None:
    for path in _files()[:-KEPT]:
        path.unlink(missing_ok=True)
