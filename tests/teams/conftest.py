"""What the tests of teams share: acting as a person, reading the mailed token."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from tocsin.access.principal import Principal
from tocsin.accounts.queries import session_principal
from tocsin.audit.models import Entry

Acting = Callable[[Any], Principal]
MailedToken = Callable[[], str]
Audited = Callable[[], list[str]]


@pytest.fixture
def acting() -> Acting:
    """Make the principal of a person in a browser session."""
    return session_principal


@pytest.fixture
def mailed_token(monkeypatch: pytest.MonkeyPatch) -> MailedToken:
    """Read the token in the invitation mailed last; mails leave at once instead of on commit."""
    monkeypatch.setattr("tocsin.kit.mail.transaction.on_commit", lambda call: call())

    def read() -> str:
        text = str(mail.outbox[-1].body)
        link = next(line for line in text.splitlines() if "/invitations/" in line)
        return link.rpartition("/")[2]

    return read


@pytest.fixture
def audited() -> Audited:
    """List the recorded actions, oldest first."""

    def read() -> list[str]:
        return list(Entry.objects.order_by("id").values_list("action", flat=True))

    return read
