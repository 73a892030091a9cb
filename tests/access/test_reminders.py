"""Mails before a token expires."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from tests.access.conftest import make
from tocsin.access import actions
from tocsin.access.lifetime import Reminder, due_reminder
from tocsin.access.principal import SYSTEM
from tocsin.access.reminders import send_expiry_reminders
from tocsin.kit import clock


@pytest.mark.parametrize(
    ("days", "early", "late", "due"),
    [
        (14.1, False, False, None),
        (14, False, False, Reminder.EARLY),
        (13, True, False, None),
        (3.1, True, False, None),
        (3, True, False, Reminder.LATE),
        (2, False, False, Reminder.LATE),
        (1, True, True, None),
        (0, False, False, None),
        (-1, False, False, None),
    ],
)
def test_it_decides_which_mail_is_due(
    days: float, early: bool, late: bool, due: Reminder | None
) -> None:
    """14 and 3 days before, once each; a missed one is not made up for."""
    now = clock.now()
    decided = due_reminder(
        expires_at=now + timedelta(days=days), early_sent=early, late_sent=late, now=now
    )
    assert decided is due


def test_it_sends_each_once(
    alice: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    """However often the housekeeper comes by."""
    token = make(alice)
    ends = token.row.expires_at
    with django_capture_on_commit_callbacks(execute=True):
        sent = [
            send_expiry_reminders(ends - timedelta(days=days))
            for days in (20, 14, 13, 10, 3, 2, 1, -1)
        ]
    assert sent == [0, 1, 0, 0, 1, 0, 0, 0]
    subjects = [message.subject for message in mail.outbox]
    assert subjects == [
        'Your token "deploy" expires in 14 days',
        'Your token "deploy" expires in 3 days',
    ]
    assert {message.to[0] for message in mail.outbox} == {alice.email}
    assert "toc_pat_" in mail.outbox[0].body
    assert token.plaintext not in mail.outbox[0].body


def test_it_says_nothing_of_revoked_tokens_or_disabled_owners(alice: Any, mallory: Any) -> None:
    """They do not work any more."""
    revoked, orphan = make(alice), make(mallory)
    actions.revoke_token(SYSTEM, revoked.row.pk)
    type(mallory).objects.filter(pk=mallory.pk).update(is_active=False)
    assert send_expiry_reminders(orphan.row.expires_at - timedelta(days=3)) == 0
