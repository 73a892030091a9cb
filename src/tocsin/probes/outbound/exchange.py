"""One request over one connection of its own, on a libcurl easy handle."""

import socket
from typing import Any

import msgspec
import pycurl

from tocsin.probes.egress import EgressPolicy, Refusal
from tocsin.probes.outbound.messages import (
    Answer,
    OutboundError,
    OutboundLimits,
    Outgoing,
    refused,
)
from tocsin.probes.status.failures import failure_code
from tocsin.probes.status.handle import RESOLVE_SECONDS, LentSocket

FIRST_FINAL_CODE = 200


class Route(msgspec.Struct, frozen=True):
    """How to get there: the URL as it goes over the wire and what time is left.

    `resolve` is libcurl's HOST:PORT:ADDRESSES, None where the host is an address.
    """

    url: str
    resolve: str | None
    connect_ms: int
    total_ms: int


class Exchange:
    """Holds what libcurl calls back with. Good for one request."""

    def __init__(self, policy: EgressPolicy, limits: OutboundLimits) -> None:
        self.curl = pycurl.Curl()
        self._policy = policy
        self._limits = limits
        self._refusal: Refusal | None = None
        self._headers: dict[str, str] = {}
        self._headers_ended = False
        self._body = bytearray()
        self._read = 0

    def prepare(self, request: Outgoing, route: Route, *, ca_file: str, user_agent: str) -> None:
        """Set the handle up. Raises pycurl.error or UnicodeError when it cannot be sent."""
        options: list[tuple[int, Any]] = [
            (pycurl.URL, route.url),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.PROXY, ""),
            (pycurl.NOSIGNAL, 1),
            # A connection serves one request, so each passes the gate.
            (pycurl.FRESH_CONNECT, 1),
            (pycurl.FORBID_REUSE, 1),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1),
            (pycurl.CAINFO, ca_file),
            (pycurl.USERAGENT, user_agent),
            (pycurl.DNS_CACHE_TIMEOUT, RESOLVE_SECONDS),
            (pycurl.CONNECTTIMEOUT_MS, route.connect_ms),
            (pycurl.TIMEOUT_MS, route.total_ms),
            (pycurl.OPENSOCKETFUNCTION, self._open_socket),
            (pycurl.HEADERFUNCTION, self._take_header),
            (pycurl.WRITEFUNCTION, self._take_body),
            # “Expect:” keeps libcurl from waiting for a “100 Continue” that few receivers send.
            (pycurl.HTTPHEADER, ["Expect:", *(f"{name}: {v}" for name, v in request.headers)]),
        ]
        if request.body is not None:
            options += [(pycurl.POST, 1), (pycurl.POSTFIELDS, request.body)]
        if route.resolve is not None:
            options.append((pycurl.RESOLVE, [route.resolve]))
        for option, value in options:
            self.curl.setopt(option, value)

    def read(self, curl_error: int, message: str) -> Answer:
        """Read what came, once the transfer has ended. Raises OutboundError.

        A receiver whose headers came whole has answered, whatever became of the body.
        """
        code = self.curl.getinfo(pycurl.RESPONSE_CODE)
        address = self.curl.getinfo(pycurl.PRIMARY_IP) or None
        if self._headers_ended and code >= FIRST_FINAL_CODE:
            return Answer(code, self._headers, bytes(self._body), address or "")
        if self._refusal is not None:
            raise refused(self._refusal)
        if curl_error == pycurl.E_OK:
            curl_error, message = pycurl.E_RECV_ERROR, "The answer ended inside its headers."
        os_error = self.curl.getinfo(pycurl.OS_ERRNO)
        words = message or f"The transfer failed (libcurl error {curl_error})."
        raise OutboundError(failure_code(curl_error, os_error), words, address=address)

    def close(self) -> None:
        """Free the handle; it must have left the multi handle."""
        self.curl.close()

    def _open_socket(self, _purpose: int, address: Any) -> socket.socket | int:
        # libcurl connects to exactly this address, so what is judged is what is connected to.
        refusal = self._policy.judge(address.addr[0], address.addr[1])
        if refusal is None:
            return LentSocket(address.family, address.socktype, address.protocol)
        self._refusal = refusal
        return int(pycurl.SOCKET_BAD)

    def _take_header(self, line: bytes) -> None:
        if line.startswith(b"HTTP/"):
            self._headers, self._headers_ended = {}, False
        elif not line.strip():
            self._headers_ended = True
        else:
            name, _, value = line.decode("latin-1").partition(":")
            self._headers[name.strip().lower()] = value.strip()

    def _take_body(self, data: bytes) -> int | None:
        self._read += len(data)
        room = self._limits.kept_bytes - len(self._body)
        if room > 0:
            self._body += data[:room]
        # Fewer bytes than were given end the transfer: more is not read.
        return 0 if self._read >= self._limits.read_bytes else None
