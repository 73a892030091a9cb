"""The keys of token digests, and their rotation."""

from typing import Any

import pytest

from tests.access.conftest import make
from tocsin.access import peppers
from tocsin.access.credentials import resolve
from tocsin.access.failures import INVALID
from tocsin.access.models import Token
from tocsin.access.principal import Principal
from tocsin.access.tokens import TokenKind

NEW = (2, "a second pepper of the operator, long enough")


def resolved(text: str) -> Any:
    return resolve(f"Bearer {text}", audience=TokenKind.API)


def test_it_keeps_a_keyed_hash_only(alice: Any) -> None:
    """Neither the text nor a plain hash of it is anywhere in the row."""
    token = make(alice)
    row = Token.objects.filter(pk=token.row.pk).values().get()
    secret = token.plaintext[len("toc_pat_") + 4 :]
    assert not any(secret in str(value) for value in row.values())
    assert row["digest"] == peppers.current_digest(token.plaintext)[1]
    assert len(row["digest"]) == 64


def test_it_makes_another_digest_under_another_secret(settings: Any) -> None:
    """The secret key matters."""
    before = peppers.current_digest("text")
    settings.SECRET_KEY = "another"
    assert peppers.current_digest("text") != before


def test_it_rotates(alice: Any, settings: Any, django_assert_num_queries: Any) -> None:
    """Old tokens work on, new ones are made under the new pepper, one query each."""
    old = make(alice)
    settings.TOKEN_PEPPERS = [NEW]
    new = make(alice)
    assert (old.row.pepper, new.row.pepper) == (1, 2)
    for token in (old, new):
        with django_assert_num_queries(1):
            assert isinstance(resolved(token.plaintext), Principal)
    settings.TOKEN_PEPPERS = []
    assert resolved(new.plaintext) is INVALID
    assert isinstance(resolved(old.plaintext), Principal)


def test_it_reads_under_an_old_secret_key(alice: Any, settings: Any) -> None:
    """The secret key can rotate: its fallbacks are tried."""
    token = make(alice)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the next one", [settings.SECRET_KEY]
    assert isinstance(resolved(token.plaintext), Principal)
    settings.SECRET_KEY_FALLBACKS = []
    assert resolved(token.plaintext) is INVALID


@pytest.mark.parametrize("value", ["1:" + "x" * 40, "two:" + "x" * 40, "2:short", "2"])
def test_it_refuses_peppers_that_cannot_be_used(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The start stops, and names the variable without repeating the secret."""
    from tocsin.config import environment

    monkeypatch.setenv("TOCSIN_TOKEN_PEPPERS", value)
    with pytest.raises(environment.ConfigurationError, match="TOCSIN_TOKEN_PEPPERS") as caught:
        environment.load()
    assert "xxxx" not in str(caught.value)
