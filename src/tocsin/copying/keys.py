"""Tells secret keys apart without telling what they are."""

from tocsin.kit.crypto import derive_key

_MARK_DIGITS = 16


def key_mark(secret_key: str) -> str:
    """Return what a backup remembers of the key that its secrets are encrypted under."""
    return derive_key("backup key mark", secret_key).hex()[:_MARK_DIGITS]
