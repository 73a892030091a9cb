"""One libcurl easy handle: set up once, used for many checks, one connection each."""

import logging
import socket
from typing import Any

import msgspec
import pycurl

from tocsin.probes.egress import EgressPolicy, Refusal

log = logging.getLogger(__name__)

# The post-quantum key share costs a fifth of a handshake; who needs it is asked a second time.
FAST_CURVES = "X25519:P-256"
# Entries handed over by RESOLVE live just long enough to be used by their own transfer.
RESOLVE_SECONDS = 1
BODILESS_CODES = frozenset({204, 304})
_HTTP_VERSIONS = {
    pycurl.CURL_HTTP_VERSION_1_0: "1.0",
    pycurl.CURL_HTTP_VERSION_1_1: "1.1",
    pycurl.CURL_HTTP_VERSION_2_0: "2",
    pycurl.CURL_HTTP_VERSION_3: "3",
}


class LentSocket(socket.socket):
    """A socket of which pycurl takes a duplicate: the original goes as soon as it is let go of."""

    __slots__ = ()

    def __del__(self) -> None:
        self.close()


class HandleOptions(msgspec.Struct, frozen=True):
    """What is the same for every check: trust store, agent and the body's bound in bytes."""

    ca_file: str
    user_agent: str
    body_bytes: int


class Attempt(msgspec.Struct, frozen=True):
    """One connection to make.

    `resolve` is libcurl's HOST:PORT:ADDRESS list, None for literals. `careful` watches the headers
    to the last line: libcurl takes a response that ends inside them for a whole one.
    """

    url: str
    connect_ms: int
    total_ms: int
    resolve: str | None = None
    headers: tuple[str, ...] = ()
    fast_curves: bool = True
    careful: bool = False

    @property
    def is_tailored(self) -> bool:
        """Tell whether it needs more than a plain check of a literal address."""
        special = self.careful or not self.fast_curves
        return special or self.resolve is not None or bool(self.headers)


class Answered(msgspec.Struct, frozen=True):
    """What an attempt brought; times in microseconds from its start, `code` 0 without response."""

    code: int
    curl_error: int
    os_error: int
    message: str
    connected_us: int
    secured_us: int
    first_byte_us: int
    total_us: int
    ip: str
    http_version: str | None
    redirect_url: str | None
    refusal: Refusal | None
    maybe_cut_short: bool = False
    without_socket: bool = False


class Handle:
    """A pooled easy handle. Plain checks find every option as it was set when it was made."""

    def __init__(self, options: HandleOptions, policy: EgressPolicy) -> None:
        self.curl = pycurl.Curl()
        self._options = options
        self._policy = policy
        self._body = 0
        self._refusal: Refusal | None = None
        self._tailored = False
        self._last_header: bytes | None = None
        self._without_socket = False
        self._set_constants()

    def prepare(self, attempt: Attempt) -> None:
        """Set what this attempt needs; UnicodeError or pycurl.error when it cannot be sent."""
        self._body = 0
        self._refusal = None
        self._last_header = None
        self._without_socket = False
        setopt = self.curl.setopt
        setopt(pycurl.URL, attempt.url)
        setopt(pycurl.CONNECTTIMEOUT_MS, attempt.connect_ms)
        setopt(pycurl.TIMEOUT_MS, attempt.total_ms)
        if not attempt.is_tailored:
            return
        self._tailored = True
        if attempt.resolve is not None:
            setopt(pycurl.RESOLVE, [attempt.resolve])
        if attempt.headers:
            setopt(pycurl.HTTPHEADER, [line.encode() for line in attempt.headers])
        if not attempt.fast_curves:
            self.curl.unsetopt(pycurl.SSL_EC_CURVES)
        if attempt.careful:
            setopt(pycurl.HEADERFUNCTION, self._keep_header)

    def read(self, curl_error: int, message: str) -> Answered:
        """Read what came; call it once the transfer has left the multi handle."""
        info = self.curl.getinfo
        full = curl_error == pycurl.E_WRITE_ERROR and self._body >= self._options.body_bytes
        if full:
            curl_error, message = pycurl.E_OK, ""
        elif self._ended_inside_headers():
            curl_error, message = pycurl.E_RECV_ERROR, "The response ended inside its headers"
        failed = curl_error != pycurl.E_OK
        code = info(pycurl.RESPONSE_CODE)
        return Answered(
            code=code,
            curl_error=curl_error,
            os_error=info(pycurl.OS_ERRNO) if failed else 0,
            message=message,
            connected_us=info(pycurl.CONNECT_TIME_T),
            secured_us=info(pycurl.APPCONNECT_TIME_T),
            first_byte_us=info(pycurl.STARTTRANSFER_TIME_T),
            total_us=info(pycurl.TOTAL_TIME_T),
            ip=info(pycurl.PRIMARY_IP),
            http_version=_HTTP_VERSIONS.get(info(pycurl.INFO_HTTP_VERSION)),
            redirect_url=self._redirect_url() if 300 <= code < 400 else None,  # noqa: PLR2004
            refusal=self._refusal,
            without_socket=failed and self._without_socket,
            maybe_cut_short=not failed and self._maybe_cut_short(code),
        )

    def release(self) -> None:
        """Wipe what an attempt set beyond the constants: a header must never reach another site."""
        if self._tailored:
            self.curl.reset()
            self._tailored = False
            self._set_constants()

    def close(self) -> None:
        """Free the handle; it must have left the multi handle."""
        self.curl.close()

    def _maybe_cut_short(self, code: int) -> bool:
        if self._body or self._last_header is not None or code in BODILESS_CODES:
            return False
        if self.curl.getinfo_raw(pycurl.REDIRECT_URL):
            return False  # it said where to go: that is the answer
        return bool(self.curl.getinfo(pycurl.CONTENT_LENGTH_DOWNLOAD_T) < 0)

    def _ended_inside_headers(self) -> bool:
        return self._last_header is not None and not self._body and self._last_header.strip() != b""

    def _redirect_url(self) -> str | None:
        raw = self.curl.getinfo_raw(pycurl.REDIRECT_URL)
        return raw.decode("utf-8", "replace") if raw else None

    def _set_constants(self) -> None:
        for option, value in (
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.PROXY, ""),
            (pycurl.NOSIGNAL, 1),
            (pycurl.FRESH_CONNECT, 1),
            (pycurl.FORBID_REUSE, 1),
            (pycurl.SSL_SESSIONID_CACHE, 0),
            (pycurl.SSL_EC_CURVES, FAST_CURVES),
            (pycurl.CAINFO, self._options.ca_file),
            (pycurl.USERAGENT, self._options.user_agent),
            (pycurl.DNS_CACHE_TIMEOUT, RESOLVE_SECONDS),
            (pycurl.OPENSOCKETFUNCTION, self._open_socket),
            (pycurl.WRITEFUNCTION, self._write),
        ):
            self.curl.setopt(option, value)

    def _open_socket(self, _purpose: int, address: Any) -> socket.socket | int:
        # libcurl connects to exactly this address, so what is judged is what is connected to.
        try:
            refusal = self._policy.judge(address.addr[0], address.addr[1])
            if refusal is None:
                return LentSocket(address.family, address.socktype, address.protocol)
            self._refusal = refusal
        except Exception:
            # No descriptors or no memory: our want, and not the site's.
            self._without_socket = True
            log.exception("A socket could not be opened")
        return int(pycurl.SOCKET_BAD)

    def _keep_header(self, line: bytes) -> None:
        self._last_header = line

    def _write(self, data: bytes) -> int | None:
        # The body is counted as it came over the wire and never decoded: no bomb can unfold.
        self._body += len(data)
        return 0 if self._body >= self._options.body_bytes else None
