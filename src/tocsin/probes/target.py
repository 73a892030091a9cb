"""What a URL points at, read strictly: scheme, host, port."""

import re
import socket
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

import idna
import msgspec

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_URL_LENGTH = 2048
MAX_PORT = 65535
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f]")
_KEPT = "".join(map(chr, range(0x21, 0x7F)))
_NUMERIC_LABEL = re.compile(r"(0x[0-9a-f]*|[0-9]+)\Z", re.IGNORECASE)
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.|\Z))+\Z")


class InvalidTarget(ValueError):  # noqa: N818 — it is a verdict, not a mistake
    """The URL cannot be checked; the message says why in words for people."""


class Target(msgspec.Struct, frozen=True):
    """Where a URL leads. `host` is lower case ASCII, without brackets for IPv6."""

    scheme: str
    host: str
    port: int

    @property
    def is_literal(self) -> bool:
        """Tell whether the host is an address and not a name."""
        return ":" in self.host or _NUMERIC_LABEL.match(self.host.rsplit(".", 1)[-1]) is not None


def parse_target(url: str) -> Target:
    """Read scheme, host and port of an absolute http or https URL.

    Raises InvalidTarget with words for people.
    """
    if len(url) > MAX_URL_LENGTH:
        raise InvalidTarget(f"The URL is longer than {MAX_URL_LENGTH} characters.")
    if _FORBIDDEN.search(url):
        raise InvalidTarget("The URL contains a space or a control character.")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InvalidTarget(f"Not a URL: {error}.") from error
    scheme = _scheme(parts)
    if "@" in parts.netloc:
        raise InvalidTarget("The URL must not carry a user name or password.")
    return Target(scheme, _host(parts), _port(parts, scheme))


def wire_url(url: str, target: Target) -> str:
    """Write the URL as it goes over the wire: ASCII only, without fragment."""
    if url.isascii():
        return url.partition("#")[0]
    parts = urlsplit(url)
    port = "" if target.port == DEFAULT_PORTS[target.scheme] else f":{target.port}"
    path, query = (quote(part, safe=_KEPT) for part in (parts.path, parts.query))
    return urlunsplit((target.scheme, target.host + port, path, query, ""))


def _scheme(parts: SplitResult) -> str:
    if not parts.scheme or not parts.netloc:
        raise InvalidTarget("Not a full URL: it must look like https://example.com.")
    if parts.scheme not in DEFAULT_PORTS:
        raise InvalidTarget(f"The scheme must be http or https, not {parts.scheme}.")
    return parts.scheme


def _port(parts: SplitResult, scheme: str) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise InvalidTarget(f"The port must be a number from 1 to {MAX_PORT}.") from error
    if port == 0:
        raise InvalidTarget(f"The port must be a number from 1 to {MAX_PORT}.")
    return port or DEFAULT_PORTS[scheme]


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not host:
        raise InvalidTarget("The URL names no host.")
    if ":" in host:
        return _ipv6(host)
    ascii_host = _ascii(host)
    if _NUMERIC_LABEL.match(ascii_host.rstrip(".").rsplit(".", 1)[-1]):
        return _ipv4(ascii_host.rstrip("."))
    if not _HOST_NAME.match(ascii_host):
        raise InvalidTarget(f"{host!r} is not a host name.")
    return ascii_host


def _ascii(host: str) -> str:
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise InvalidTarget(f"{host!r} is not a host name: {error}.") from error


def _ipv4(host: str) -> str:
    # Browsers and libcurl read 127.1, 0x7f.1 and 2130706433 as addresses, so they are judged so.
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError as error:
        raise InvalidTarget(f"{host!r} is not an IPv4 address.") from error


def _ipv6(host: str) -> str:
    if "%" in host:
        raise InvalidTarget("An address with a zone cannot be checked.")
    try:
        return str(IPv6Address(host))
    except ValueError as error:
        raise InvalidTarget(f"{host!r} is not an IPv6 address.") from error
