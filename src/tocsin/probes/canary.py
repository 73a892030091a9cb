"""Canaries: well-known places whose answers show that our own network works."""

import asyncio
import secrets
import socket
import struct
from contextlib import suppress
from urllib.parse import urlsplit

import msgspec

WELL_KNOWN = ("www.cloudflare.com:443", "www.google.com:443", "www.wikipedia.org:443")
_DEFAULT_PORTS = {"udp": 53, "tcp": 443, "tls": 853, "https": 443}
_DNS_HEADER_BYTES = 12
_ONE_QUESTION = (0x0100, 1, 0, 0, 0)
_ROOT_NS = b"\0\0\2\0\1"


class Canary(msgspec.Struct, frozen=True):
    """One place to ask: a name server over UDP, or anything that takes a TCP connection."""

    host: str
    port: int
    is_name_server: bool = False

    @property
    def tells_time(self) -> bool:
        """Tell whether it speaks HTTPS, so far as its port shows, and so says what time it is."""
        return not self.is_name_server and self.port == _DEFAULT_PORTS["https"]

    @property
    def needs_lookup(self) -> bool:
        """Tell whether asking it also asks the system's resolver."""
        for family in (socket.AF_INET, socket.AF_INET6):
            with suppress(OSError):
                socket.inet_pton(family, self.host)
                return False
        return True


def parse_canary(text: str) -> Canary:
    """Read `host:port`, `udp://host[:port]`, `tls://host[:port]` or `https://host/…`.

    Raises ValueError.
    """
    parts = urlsplit(text if "://" in text else f"tcp://{text}")
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{text!r} is not a canary: use host:port or a resolver's address")
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    return Canary(parts.hostname, port, is_name_server=parts.scheme == "udp")


async def answers(canary: Canary, seconds: float) -> bool:
    """Tell whether the canary answers within so many seconds; any answer will do."""
    ask = _ask_name_server if canary.is_name_server else _connect
    try:
        async with asyncio.timeout(seconds):
            await ask(canary)
    except (OSError, UnicodeError):  # TimeoutError is an OSError
        return False
    return True


async def _connect(canary: Canary) -> None:
    _, writer = await asyncio.open_connection(canary.host, canary.port)
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def _ask_name_server(canary: Canary) -> None:
    loop = asyncio.get_running_loop()
    question = _Question(loop.create_future())
    transport, _ = await loop.create_datagram_endpoint(
        lambda: question, remote_addr=(canary.host, canary.port)
    )
    try:
        transport.sendto(question.query)
        await question.answered
    finally:
        transport.close()


class _Question(asyncio.DatagramProtocol):
    """Asks for the root's name servers, which every name server knows or refuses to tell."""

    def __init__(self, answered: "asyncio.Future[None]") -> None:
        self.answered = answered
        self._id = secrets.randbits(16)

    @property
    def query(self) -> bytes:
        return struct.pack("!6H", self._id, *_ONE_QUESTION) + _ROOT_NS

    def datagram_received(self, data: bytes, _addr: object) -> None:
        is_ours = len(data) >= _DNS_HEADER_BYTES and data[:2] == struct.pack("!H", self._id)
        if is_ours and not self.answered.done():
            self.answered.set_result(None)

    def error_received(self, exc: Exception) -> None:
        if not self.answered.done():
            self.answered.set_exception(exc)
