"""What is done once an hour."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connections

from tocsin.access.actions import create_token
from tocsin.access.models import Token
from tocsin.access.principal import SYSTEM
from tocsin.access.tokens import TokenKind
from tocsin.accounts.models import User
from tocsin.kit import clock
from tocsin.runtime import chores


def _due(alice: Any, bob: Any) -> None:
    now = clock.now()
    create_token(
        SYSTEM,
        user=alice,
        kind=TokenKind.API,
        name="ci",
        scopes=["sites:read"],
        expires_at=now + timedelta(days=2),
    )
    User.objects.filter(pk=bob.pk).update(
        is_active=False, deletion_requested_at=now - timedelta(days=30)
    )
    for key, moment in (("ended", now - timedelta(1)), ("live", now + timedelta(1))):
        Session.objects.create(session_key=key, session_data="", expire_date=moment)


def _nothing_is_due(bob: Any) -> bool:
    reminded = not Token.objects.filter(reminded_late_at=None).exists()
    purged = not User.objects.filter(pk=bob.pk).exists()
    return reminded and purged and [each.pk for each in Session.objects.all()] == ["live"]


def test_it_does_what_is_due(alice: Any, bob: Any) -> None:
    _due(alice, bob)
    chores.do_all()
    assert _nothing_is_due(bob)


def test_it_goes_on_after_a_chore_that_fails(
    alice: Any, bob: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> int:
        raise RuntimeError

    _due(alice, bob)
    monkeypatch.setattr(chores, "CHORES", {"fail": fail, **chores.CHORES})
    chores.do_all()
    assert _nothing_is_due(bob)


@pytest.mark.django_db(transaction=True)
def test_it_runs_until_it_is_stopped(
    transactional_db: None, alice: Any, bob: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _due(alice, bob)
    stop = asyncio.Event()

    def last(_: object) -> int:
        loop.call_soon_threadsafe(stop.set)
        return 0

    monkeypatch.setattr(chores, "CHORES", {**chores.CHORES, "stop": last})

    async def run() -> None:
        async with asyncio.timeout(20):
            await chores.run(stop)

    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(run())
    finally:
        loop.close()
    connections.close_all()
    assert _nothing_is_due(bob)
