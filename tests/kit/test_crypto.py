"""Keyed hashes and encryption, apart by purpose, through rotations of the secret key."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.kit import crypto


@given(st.text())
def test_it_decrypts_what_it_encrypted(text: str) -> None:
    kept = crypto.encrypt("totp", text)
    assert crypto.decrypt("totp", kept) == text
    assert crypto.encrypt("totp", text) != kept


def test_it_keeps_purposes_apart() -> None:
    kept = crypto.encrypt("totp", "secret")
    with pytest.raises(crypto.UndecryptableError):
        crypto.decrypt("destination", kept)
    assert crypto.keyed_hash("a", "x") != crypto.keyed_hash("b", "x")


@pytest.mark.parametrize("kept", ["", "x", "gAAAA", "é"])
def test_it_refuses_what_it_did_not_encrypt(kept: str) -> None:
    with pytest.raises(crypto.UndecryptableError):
        crypto.decrypt("totp", kept)


def test_it_reads_what_older_keys_wrote_and_writes_with_the_newest(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "first", []
    kept, hashed = crypto.encrypt("totp", "secret"), crypto.keyed_hash("a", "x")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "second", ["first"]
    assert crypto.decrypt("totp", kept) == "secret"
    assert hashed in crypto.keyed_hashes("a", "x")
    assert crypto.keyed_hash("a", "x") == crypto.keyed_hashes("a", "x")[0] != hashed
    newer = crypto.encrypt("totp", "secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "first", []
    with pytest.raises(crypto.UndecryptableError):
        crypto.decrypt("totp", newer)


def test_it_derives_as_the_standard_says() -> None:
    # RFC 5869 with SHA-256, no salt, computed by hand with the extract and expand steps.
    import hashlib
    import hmac

    extracted = hmac.digest(bytes(32), b"secret", hashlib.sha256)
    expanded = hmac.digest(extracted, b"tocsin:totp\x01", hashlib.sha256)
    assert crypto.derive_key("totp", "secret") == expanded
