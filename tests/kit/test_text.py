"""Text that people type."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.kit.text import clean_email, clean_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann  ", "Ann"),
        ("e\u0301", "é"),
        ("x" * 255, "x" * 255),
        ("עברית", "עברית"),
        ("👩‍👩‍👧 family", "👩‍👩‍👧 family"),
        ("نام\u200cها", "نام\u200cها"),
    ],
)
def test_it_keeps_a_line(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", " \t ", "x" * 256, "x" * 10_000_000, "a\nb", "a\rb", "a\x00b", "a\x85b", "a\u2028b"]
    + ["a\ud800b", "a\ue000b", "\u200b", "\u2800", "\u3164", "\u0301"]
    + [f"a{control}b" for control in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069"],
)
def test_it_refuses(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        clean_line(typed)


@given(st.text(max_size=300))
def test_it_keeps_nothing_that_controls_the_display(typed: str) -> None:
    try:
        line = clean_line(typed)
    except ValueError:
        return
    assert 1 <= len(line) <= 255
    assert clean_line(line) == line
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cs", "Zl", "Zp"}
    line.encode()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Ann+ops@Example.COM ", "ann+ops@example.com"),
        ("ann@exämple.com", "ann@xn--exmple-cua.com"),
        ("ann@ＥＸＡＭＰＬＥ.com", "ann@example.com"),
        ("ann@localhost", "ann@localhost"),
        ("o'neill@example.com", "o'neill@example.com"),
    ],
)
def test_it_stores_an_address_in_one_form(typed: str, kept: str) -> None:
    assert clean_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "@example.com",
        "ann@",
        "ann@@example.com",
        "a b@example.com",
        "ünï@example.com",
        "ann@exa_mple..com",
        "ann@-example.com",
        "ann@example.com\nto:x",
        "x" * 250 + "@a.bc",
        "ann@\u202eexample.com",
        "<ann@example.com>",
        "ann@example.com,bo@example.com",
    ],
)
def test_it_refuses_what_is_no_address(typed: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        clean_email(typed)


@given(st.emails())
def test_it_changes_an_address_once_only(typed: str) -> None:
    try:
        kept = clean_email(typed)
    except ValueError:
        return
    assert clean_email(kept) == kept
