"""Mails to people, from templates."""

import logging
import smtplib
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

log = logging.getLogger(__name__)


def send(template: str, to: str, context: Mapping[str, object], *, language: str) -> None:
    """Send `<template>_subject.txt` and `<template>_message.txt` once the transaction commits.

    `language` is what its reader chose, English where that is empty: whoever causes a mail may
    read another. A mail server that fails is logged and not raised: what was written stays
    written, and whoever waits for the mail can ask for it again.
    """
    with translation.override(language or settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"{template}_subject.txt", dict(context)).split())
        text = render_to_string(f"{template}_message.txt", dict(context)).strip() + "\n"
    message = EmailMessage(subject=subject, body=text, to=[to])
    transaction.on_commit(lambda: _deliver(message))


def _deliver(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail %r was not sent: %s", message.subject, error)
