"""Secrets stay out of the logs."""

import logging
from collections.abc import Iterator

import pytest

from tocsin.access.tokens import TokenKind, generate
from tocsin.runtime.logs import HIDDEN, configure, hide_secrets


@pytest.fixture
def root_logger() -> Iterator[logging.Logger]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield root
    root.handlers[:] = handlers
    root.setLevel(level)


def test_it_hides_what_is_named_like_a_secret() -> None:
    event = {"event": "signed in", "user": 7, "Authorization": "Bearer x", "api_token": "toc_pat_x"}
    assert hide_secrets(None, "info", event) == {
        "event": "signed in", "user": 7, "Authorization": HIDDEN, "api_token": HIDDEN,
    }  # fmt: skip


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_it_writes_tracebacks_without_values_or_tokens(
    root_logger: logging.Logger, capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    token, phrase = generate(TokenKind.API), "-".join(["correct", "horse"])
    configure(log_format)
    try:
        _fail_with(phrase, token)
    except ValueError:
        root_logger.exception("it failed for %s", token)
    written = capsys.readouterr().err
    assert "_fail_with" in written
    assert "ValueError: cannot use toc_pat_********" in written
    assert phrase not in written
    assert token not in written


def _fail_with(phrase: str, token: str) -> None:
    assert phrase
    raise ValueError(f"cannot use {token}")
