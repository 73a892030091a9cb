"""The resolvers that the operator named: `udp://host[:port]`, `tls://host[:port]`, `https://…`."""

import ipaddress
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec


class InvalidResolver(ValueError):  # noqa: N818 — it is a verdict, not a mistake
    """The text names no resolver; the message says why in words for people."""


class Transport(StrEnum):
    """How a resolver is spoken to."""

    UDP = "udp"
    TLS = "tls"
    HTTPS = "https"


DEFAULT_PORTS = {Transport.UDP: 53, Transport.TLS: 853, Transport.HTTPS: 443}
DEFAULT_PATH = "/dns-query"
FORMS = "udp://host[:port], tls://host[:port] or https://host/dns-query"


class Resolver(msgspec.Struct, frozen=True):
    """One resolver. `label` is how the operator wrote it, and what results call it."""

    label: str
    transport: Transport
    host: str
    port: int
    path: str = ""

    @property
    def is_literal(self) -> bool:
        """Tell whether the host is an address and not a name."""
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return False
        return True

    @property
    def url(self) -> str:
        """Return the address that DNS over HTTPS posts to."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{host}:{self.port}{self.path}"


def parse_resolver(text: str) -> Resolver:
    """Read one resolver. Raises InvalidResolver."""
    try:
        parts = urlsplit(text)
        transport = Transport(parts.scheme)
        port = parts.port or DEFAULT_PORTS[transport]
    except ValueError:
        raise InvalidResolver(f"{text!r} is not a resolver: write {FORMS}.") from None
    if not parts.hostname or "@" in parts.netloc or any(sign.isspace() for sign in text):
        raise InvalidResolver(f"{text!r} is not a resolver: write {FORMS}.")
    if transport is not Transport.HTTPS:
        if parts.path.strip("/") or parts.query or parts.fragment:
            raise InvalidResolver(f"{text!r} is not a resolver: it needs no path.")
        return Resolver(text, transport, parts.hostname, port)
    path = parts.path if parts.path.strip("/") else DEFAULT_PATH
    return Resolver(text, transport, parts.hostname, port, path)
