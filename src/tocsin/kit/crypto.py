"""Keyed hashes and encryption, each under its own key derived from the secret key.

A purpose label separates the keys: what leaks of one says nothing of another. Old secret keys
(`SECRET_KEY_FALLBACKS`) still decrypt and still match, so that the secret key can be rotated.
"""

import base64
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class UndecryptableError(Exception):
    """The text was not encrypted for this purpose under any secret key we have."""


def derive_key(purpose: str, secret: str) -> bytes:
    """Derive 32 bytes for one purpose from a secret (HKDF-SHA256, RFC 5869)."""
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"tocsin:{purpose}".encode())
    return kdf.derive(secret.encode())


def keyed_hash(purpose: str, text: str) -> str:
    """Hash text under the current secret key; hexadecimal, 64 characters."""
    return _hashed(derive_key(purpose, settings.SECRET_KEY), text)


def keyed_hashes(purpose: str, text: str) -> list[str]:
    """Hash text under every secret key, the current one first: what a look-up must try."""
    return [_hashed(derive_key(purpose, secret), text) for secret in _secrets()]


def encrypt(purpose: str, text: str) -> str:
    """Encrypt and authenticate text (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return _fernet(purpose).encrypt(text.encode()).decode("ascii")


def decrypt(purpose: str, encrypted: str) -> str:
    """Reverse `encrypt`. Raises UndecryptableError."""
    try:
        return _fernet(purpose).decrypt(encrypted.encode()).decode()
    except InvalidToken:
        raise UndecryptableError(purpose) from None


def _fernet(purpose: str) -> MultiFernet:
    keys = (derive_key(purpose, secret) for secret in _secrets())
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])


def _hashed(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode(), "sha256").hex()


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
