"""Why a credential does not count: what the first gate answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """`presented` is False where no credential was sent at all."""

    code: str
    description: str
    presented: bool = True


NOTHING_SENT = Failure(
    "unauthenticated", "Send a token in the Authorization header.", presented=False
)
INVALID = Failure("invalid_token", "The token is not valid.")
EXPIRED = Failure("token_expired", "The token has expired.")
REVOKED = Failure("token_revoked", "The token was revoked.")
DISABLED = Failure("invalid_token", "The account of this token is disabled.")
