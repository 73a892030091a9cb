"""What goes out and what comes back."""

from collections.abc import Mapping

import msgspec

from tocsin.probes.egress import Refusal
from tocsin.probes.status.failures import FailureCode


class Outgoing(msgspec.Struct, frozen=True):
    """A request to send; `body` None makes it a GET."""

    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


class OutboundLimits(msgspec.Struct, frozen=True):
    """Bounds of one request.

    `connect_seconds` covers name lookup, connection and TLS handshake. An answer is read up to
    `read_bytes` and kept up to `kept_bytes`.
    """

    connect_seconds: float = 5.0
    total_seconds: float = 10.0
    read_bytes: int = 64 * 1024
    kept_bytes: int = 1024


class Answer(msgspec.Struct, frozen=True):
    """An answer whose headers came whole, from `address`. Names of headers are lower case."""

    code: int
    headers: Mapping[str, str]
    body: bytes
    address: str


class OutboundError(Exception):
    """No answer came. `address` is the one connected to or refused, None where there was none."""

    def __init__(
        self,
        code: FailureCode,
        message: str,
        *,
        address: str | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.address = address
        self.refusal = refusal


def refused(refusal: Refusal) -> OutboundError:
    """Make the error of a connection that the egress policy does not allow."""
    code = FailureCode.EGRESS_REFUSED
    return OutboundError(code, refusal.message, address=refusal.address, refusal=refusal)
