"""What a status check may take."""

import msgspec


class StatusLimits(msgspec.Struct, frozen=True):
    """Bounds of one status check: seconds, bytes, hops.

    `connect_seconds` covers one attempt's name lookup, connection and TLS handshake;
    `total_seconds` covers the whole check, redirects and second attempts included.
    """

    connect_seconds: float = 5.0
    total_seconds: float = 10.0
    body_bytes: int = 1024 * 1024
    redirects: int = 10
