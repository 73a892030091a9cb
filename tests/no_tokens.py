"""Fails any test of the suite that makes Tocsin log a real token."""

import re
from collections.abc import Iterator

import pytest

from tocsin.access.tokens import is_made

LOOKS_LIKE_ONE = re.compile(r"(toc_[a-z]{3}_)[0-9A-Za-z]{46}")


@pytest.fixture(autouse=True)
def _no_token_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Look through what was logged, messages and what is attached to them."""
    yield
    logged = "".join(
        f"{record.getMessage()} {vars(record)}"
        for when in ("setup", "call")
        for record in caplog.get_records(when)
    )
    found = [each for each in LOOKS_LIKE_ONE.finditer(logged) if is_made(each[0], each[1])]
    assert not found, "a token was logged"
