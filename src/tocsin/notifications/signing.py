"""Standard Webhooks signatures: HMAC-SHA256 of id, moment and content, under a secret of its own.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32
FEWEST_SECRET_BYTES = 24


def new_secret() -> str:
    """Make a secret: “whsec_” and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def signature_headers(
    message_id: str, at: datetime, content: bytes, keys: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """Return the headers that sign `content`; one signature a key, so that keys can be rotated.

    Without a key nothing is signed, and `webhook-signature` is left out. Raises ValueError for
    what is no secret.
    """
    timestamp = str(int(at.timestamp()))
    signed = b".".join((message_id.encode("ascii"), timestamp.encode("ascii"), content))
    signatures = [f"v1,{_signature(key, signed)}" for key in keys]
    headers = (("webhook-id", message_id), ("webhook-timestamp", timestamp))
    if not signatures:
        return headers
    return (*headers, ("webhook-signature", " ".join(signatures)))


def _signature(secret: str, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(_key(secret), signed, "sha256")).decode("ascii")


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("not a signing secret") from None
    if len(key) < FEWEST_SECRET_BYTES:
        raise ValueError("not a signing secret: too short")
    return key
