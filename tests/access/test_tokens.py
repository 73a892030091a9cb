"""The text of tokens."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.access import tokens
from tocsin.access.tokens import TokenKind
from tocsin.kit import base62

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("kind", "prefix"), [(TokenKind.API, "toc_pat_"), (TokenKind.MCP, "toc_mcp_")]
)
def test_it_makes_tokens_of_the_published_format(kind: TokenKind, prefix: str) -> None:
    """Prefix, 40 random characters, 6 check characters; told apart by prefix."""
    text = tokens.generate(kind)
    assert text.startswith(prefix)
    assert len(text) == len(prefix) + 46
    assert set(text.removeprefix(prefix)) <= set(DIGITS)
    assert tokens.well_formed(text) is kind
    assert tokens.display_prefix(text) == text[:12]


def test_it_makes_check_characters_that_a_scanner_can_make_offline() -> None:
    """CRC32 of prefix and random part, written in base 62 with the most significant digit first."""
    body = "toc_pat_" + "0123456789" * 4
    number = zlib.crc32(body.encode())
    value = 0
    for character in tokens.check_digits(body):
        value = value * 62 + DIGITS.index(character)
    assert value == number
    assert len(tokens.check_digits(body)) == 6
    assert tokens.check_digits("toc_pat_" + "0" * 40) == "3Vstuu"


def test_it_never_makes_the_same_token_twice() -> None:
    """Forty random characters do not repeat in a thousand."""
    assert len({tokens.generate(TokenKind.API) for _ in range(1000)}) == 1000


@given(position=st.integers(0, 53), character=st.sampled_from(DIGITS + "_-é "))
def test_it_refuses_a_token_with_any_character_changed(position: int, character: str) -> None:
    """Every single change is noticed without a database."""
    text = "toc_pat_" + "aB3" * 13 + "z"
    text += tokens.check_digits(text)
    changed = text[:position] + character + text[position + 1 :]
    expected = TokenKind.API if changed == text else None
    assert tokens.well_formed(changed) is expected


@given(st.text())
def test_it_never_fails_on_any_text(text: str) -> None:
    """Whatever comes in a header is judged, not choked on."""
    assert tokens.well_formed(text) is None


@pytest.mark.parametrize("tail", ["\n", " ", "0"])
def test_it_refuses_anything_behind_a_token(tail: str) -> None:
    """The whole text counts."""
    assert tokens.well_formed(tokens.generate(TokenKind.API) + tail) is None


@given(st.integers(min_value=0, max_value=2**40), st.integers(1, 8))
def test_it_writes_numbers_that_read_back(number: int, width: int) -> None:
    """Base 62, padded with zeros, never cut."""
    text = base62.encode(number, width)
    value = 0
    for character in text:
        value = value * 62 + DIGITS.index(character)
    assert value == number
    assert len(text) >= width
