"""The keys under which token digests are made, numbered so that they can rotate.

Pepper 1 comes from the secret key, and from its fallbacks for reading. `TOCSIN_TOKEN_PEPPERS`
(`number:secret`, comma separated) adds others; the highest number makes new digests, all of them
are tried when a token comes in. A pepper can be dropped once the tokens made under it have
expired, six months later at the latest.
"""

import hmac
from functools import lru_cache

from django.conf import settings

from tocsin.kit.crypto import derive_key

DERIVED_NUMBER = 1


def current_digest(text: str) -> tuple[int, str]:
    """Return the number of the pepper in use and the digest of a token under it."""
    number, key = max(_keys(), key=lambda pepper: pepper[0])
    return number, _digest(key, text)


def candidate_digests(text: str) -> list[str]:
    """Return the digests of a token under every pepper: one of them is what was stored."""
    return [_digest(key, text) for _, key in _keys()]


def _digest(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()


def _keys() -> tuple[tuple[int, bytes], ...]:
    return _derived(
        (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS), tuple(settings.TOKEN_PEPPERS)
    )


@lru_cache(maxsize=8)
def _derived(
    secrets: tuple[str, ...], configured: tuple[tuple[int, str], ...]
) -> tuple[tuple[int, bytes], ...]:
    from_secrets = [(DERIVED_NUMBER, _key(DERIVED_NUMBER, secret)) for secret in secrets]
    return (*from_secrets, *((number, _key(number, secret)) for number, secret in configured))


def _key(number: int, secret: str) -> bytes:
    return derive_key(f"token-pepper:{number}", secret)
