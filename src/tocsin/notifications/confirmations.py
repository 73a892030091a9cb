"""The link by which an address says that it wants a team's mails: signed, and good for a week."""

from datetime import datetime, timedelta

from django.core import signing
from django.core.signing import BadSignature

from tocsin.kit import clock

LIFETIME = timedelta(days=7)
SALT = "tocsin.notified-address"
_ID, _UNTIL = "id", "until"


def token_of(asked_id: int, now: datetime) -> str:
    """Make the link's token for the address that row `asked_id` keeps; it holds no address."""
    until = int((now + LIFETIME).timestamp())
    return signing.Signer(salt=SALT).sign_object({_ID: asked_id, _UNTIL: until})


def asked_by(token: str) -> int | None:
    """Return the row that a token is for; None for one that is not ours or has expired."""
    try:
        said = signing.Signer(salt=SALT).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return int(said[_ID]) if said[_UNTIL] > clock.timestamp() else None
