"""The texts of the tokens that clients get, in the shape of all our tokens.

At rest there is only their SHA-256: they are random, so nothing slower is needed.
"""

import hashlib
from typing import Any

from tocsin.access import tokens

ACCESS_PREFIX = "toc_oat_"
REFRESH_PREFIX = "toc_ort_"


def new_access_token(_request: Any) -> str:
    """Make an access token; oauthlib calls this."""
    return tokens.make(ACCESS_PREFIX)


def new_refresh_token(_request: Any) -> str:
    """Make a refresh token; oauthlib calls this."""
    return tokens.make(REFRESH_PREFIX)


def is_access_token(text: str) -> bool:
    """Say whether shape and check characters are those of an access token."""
    return tokens.is_made(text, ACCESS_PREFIX)


def is_token(text: str) -> bool:
    """Say whether a text could be an access or a refresh token of ours."""
    return is_access_token(text) or tokens.is_made(text, REFRESH_PREFIX)


def digest(text: str) -> str:
    """Return what is stored of a token or code: 64 hexadecimal characters."""
    return hashlib.sha256(text.encode()).hexdigest()
