"""The token in an invitation's link: random, mailed once, kept as a keyed hash."""

import secrets

from tocsin.kit import crypto

PURPOSE = "invitation"


def new_token() -> str:
    """Make a token of 256 random bits."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Hash a token for keeping."""
    return crypto.keyed_hash(PURPOSE, token)


def token_hashes(token: str) -> list[str]:
    """Hash a token under every secret key, for looking it up."""
    return crypto.keyed_hashes(PURPOSE, token)
