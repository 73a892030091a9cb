"""Tokens do not get into logs."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.access.tokens import TokenKind, generate
from tocsin.kit.redaction import TokenFilter, without_tokens


@pytest.mark.parametrize("kind", TokenKind)
def test_it_keeps_the_kind_and_nothing_else(kind: TokenKind) -> None:
    """Enough to see what somebody did wrong."""
    text = generate(kind)
    assert without_tokens(f"/teams/{text}?x") == f"/teams/{text[:8]}********?x"


@given(st.text(), st.text(), st.integers(1, 3))
def test_it_finds_tokens_in_any_surroundings(before: str, after: str, times: int) -> None:
    """Several in a row too."""
    text = generate(TokenKind.API)
    assert text[8:] not in without_tokens(before + text * times + after)


def test_it_rewrites_records(caplog: pytest.LogCaptureFixture) -> None:
    """The message, its arguments and the request that Django attaches."""
    text = generate(TokenKind.API)
    logger = logging.getLogger("tests.redaction")
    logger.addFilter(TokenFilter())
    logger.warning("Not found: %s", f"/{text}", extra={"request": f"GET /{text}"})
    logger.warning("Plain: %s", "/path")
    assert caplog.messages == ["Not found: /toc_pat_********", "Plain: /path"]
    assert text not in str([vars(record) for record in caplog.records])


def test_it_leaves_what_another_filter_has_rewritten(caplog: pytest.LogCaptureFixture) -> None:
    """Logging is configured again and again in one process, each time with one more filter."""
    logger = logging.getLogger("tests.redaction.again")
    for _ in range(12):
        logger.addFilter(TokenFilter())
    logger.warning("Not found", extra={"request": ["GET '/it\"s'"]})
    assert vars(caplog.records[0])["request"] == repr(["GET '/it\"s'"])
