"""When a token was last used, without a write for each request."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError

from tests.access.conftest import make
from tocsin.access.last_used import COARSENESS, UseBuffer, is_due, write

NOON = datetime(2026, 11, 24, 12, 0, 30, tzinfo=UTC)


def test_it_notes_the_first_use_and_then_coarsely() -> None:
    """Every five minutes at most."""
    assert is_due(None, NOON)
    assert not is_due(NOON, NOON + COARSENESS - timedelta(seconds=1))
    assert is_due(NOON, NOON + COARSENESS)


def test_it_writes_the_latest_use_of_each_token_once() -> None:
    """A batch, then nothing until something new."""
    written: list[Mapping[int, datetime]] = []
    buffer = UseBuffer(written.append)
    buffer.note(1, None, NOON)
    buffer.note(1, None, NOON + timedelta(seconds=5))
    buffer.note(2, None, NOON)
    buffer.note(3, NOON, NOON + timedelta(seconds=5))
    assert buffer.flush() == 2
    assert buffer.flush() == 0
    assert written == [{1: NOON + timedelta(seconds=5), 2: NOON}]


def test_it_writes_what_is_left_when_the_process_ends() -> None:
    """By the thread that it starts."""
    written: list[Mapping[int, datetime]] = []
    writers: list[str] = []

    def note_writer(noted: Mapping[int, datetime]) -> None:
        written.append(noted)
        writers.append(threading.current_thread().name)

    buffer = UseBuffer(note_writer)
    buffer.start()
    buffer.start()
    buffer.note(1, None, NOON)
    buffer.stop()
    assert written == [{1: NOON}]
    assert writers == ["token-last-used"]


def test_it_survives_a_database_that_is_away(caplog: pytest.LogCaptureFixture) -> None:
    """The use is lost, the process is not."""

    def fail(_: Mapping[int, datetime]) -> None:
        raise OperationalError("away")

    buffer = UseBuffer(fail)
    buffer.note(1, None, NOON)
    assert buffer.flush() == 1
    assert "not written" in caplog.text


def test_it_stores_minutes_and_never_goes_back(alice: Any) -> None:
    """Two processes may write in any order."""
    token = make(alice).row
    write({token.pk: NOON})
    write({token.pk: NOON - timedelta(hours=1)})
    token.refresh_from_db()
    assert token.last_used_at == NOON.replace(second=0)
