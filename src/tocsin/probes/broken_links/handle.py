"""One libcurl easy handle of a crawl: kept, with its connections, for many requests."""

import logging
import socket
from typing import Any

import msgspec
import pycurl

from tocsin.probes.egress import EgressPolicy, Refusal
from tocsin.probes.status.handle import LentSocket
from tocsin.probes.target import Target

log = logging.getLogger(__name__)

# Entries handed over by RESOLVE live just long enough to be used by their own transfer.
RESOLVE_SECONDS = 1
# A body that nobody wants is let through up to here: a new connection would cost more.
DRAINED_BYTES = 64 * 1024
HTML_TYPES = ("text/html", "application/xhtml+xml")


class HandleOptions(msgspec.Struct, frozen=True):
    """What is the same for every request of a crawl."""

    ca_file: str
    user_agent: str
    connect_ms: int
    total_ms: int


class Fetch(msgspec.Struct, frozen=True):
    """One request to make, redirects not followed.

    With `max_bytes` the body is read, decoded, up to there; with `html_only` only where it is HTML.
    `cookies` (libcurl's lines) makes this a step of a walk that keeps cookies.
    """

    url: str
    target: Target
    is_head: bool = False
    max_bytes: int = 0
    html_only: bool = False
    headers: tuple[str, ...] = ()
    cookies: tuple[str, ...] | None = None


class Answered(msgspec.Struct, frozen=True):
    """What came back; `code` 0 where no response did. `body` is None where it was not read."""

    code: int = 0
    curl_error: int = 0
    os_error: int = 0
    message: str = ""
    connected: bool = False
    redirect_url: str | None = None
    content_type: str = ""
    retry_after: int = 0
    body: bytes | None = None
    refusal: Refusal | None = None
    cookies: tuple[str, ...] = ()
    ours: bool = False

    @property
    def is_html(self) -> bool:
        """Tell whether the response says that it is HTML."""
        return is_html(self.content_type)


def is_html(content_type: str) -> bool:
    """Tell whether a Content-Type names HTML."""
    return content_type.partition(";")[0].strip().lower() in HTML_TYPES


class Handle:
    """A pooled easy handle. One that `reads` keeps bodies; the others let go of them."""

    def __init__(self, options: HandleOptions, policy: EgressPolicy, *, reads: bool) -> None:
        self.curl = pycurl.Curl()
        self.reads = reads
        self._options = options
        self._policy = policy
        self._fetch: Fetch | None = None
        self._tailored = False
        self._forget()
        self._set_constants()

    def prepare(self, fetch: Fetch, addresses: tuple[str, ...]) -> None:
        """Set up a request; UnicodeError or pycurl.error when it cannot be sent."""
        self._fetch = fetch
        self._forget()
        setopt = self.curl.setopt
        setopt(pycurl.URL, fetch.url)
        if fetch.is_head:
            setopt(pycurl.NOBODY, 1)
        else:
            setopt(pycurl.HTTPGET, 1)
        if addresses:
            self._tailored = True
            joined = ",".join(f"[{each}]" if ":" in each else each for each in addresses)
            setopt(pycurl.RESOLVE, [f"+{fetch.target.host}:{fetch.target.port}:{joined}"])
        if fetch.headers:
            self._tailored = True
            setopt(pycurl.HTTPHEADER, [line.encode() for line in fetch.headers])
        if fetch.cookies is not None:
            self._tailored = True
            setopt(pycurl.COOKIEFILE, "")
            for line in fetch.cookies:
                setopt(pycurl.COOKIELIST, line)

    def read(self, curl_error: int, message: str) -> Answered:
        """Read what came; call it once the transfer has left the multi handle."""
        info = self.curl.getinfo
        fetch = self._fetch
        if curl_error == pycurl.E_WRITE_ERROR and self._stopped:
            curl_error, message = pycurl.E_OK, ""
        failed = curl_error != pycurl.E_OK
        code = 0 if failed else info(pycurl.RESPONSE_CODE)
        return Answered(
            code=code,
            curl_error=curl_error,
            os_error=info(pycurl.OS_ERRNO) if failed else 0,
            message=message,
            connected=not failed or info(pycurl.CONNECT_TIME_T) > 0,
            redirect_url=self._text(pycurl.REDIRECT_URL) if 300 <= code < 400 else None,  # noqa: PLR2004
            content_type=self._text(pycurl.CONTENT_TYPE) or "",
            retry_after=info(pycurl.RETRY_AFTER) if code in {429, 503} else 0,
            body=b"".join(self._body) if self.reads and not self._unwanted else None,
            refusal=self._refusal,
            cookies=tuple(info(pycurl.INFO_COOKIELIST))
            if fetch and fetch.cookies is not None
            else (),
            ours=failed and self._without_socket,
        )

    def release(self) -> None:
        """Wipe what one request set: neither header nor cookie must reach another site."""
        self._forget()
        if self._tailored:
            self.curl.setopt(pycurl.COOKIELIST, "ALL")
            self.curl.reset()
            self._tailored = False
            self._set_constants()

    def close(self) -> None:
        """Free the handle; it must have left the multi handle."""
        self.curl.close()

    def _forget(self) -> None:
        self._body: list[bytes] = []
        self._size = 0
        self._content_type = ""
        self._stopped = self._unwanted = self._without_socket = False
        self._refusal: Refusal | None = None

    def _text(self, field: int) -> str | None:
        raw = self.curl.getinfo_raw(field)
        return raw.decode("utf-8", "replace") if raw else None

    def _set_constants(self) -> None:
        options = self._options
        for option, value in (
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.PROXY, ""),
            (pycurl.NOSIGNAL, 1),
            (pycurl.CAINFO, options.ca_file),
            (pycurl.USERAGENT, options.user_agent),
            (pycurl.CONNECTTIMEOUT_MS, options.connect_ms),
            (pycurl.TIMEOUT_MS, options.total_ms),
            (pycurl.DNS_CACHE_TIMEOUT, RESOLVE_SECONDS),
            (pycurl.OPENSOCKETFUNCTION, self._open_socket),
            (pycurl.WRITEFUNCTION, self._keep if self.reads else self._drain),
        ):
            self.curl.setopt(option, value)
        if self.reads:
            # libcurl unfolds as it reads, and stops when we do: no bomb unfolds beyond the bound.
            self.curl.setopt(pycurl.ACCEPT_ENCODING, "gzip, deflate, br")
            self.curl.setopt(pycurl.HEADERFUNCTION, self._note_header)

    def _open_socket(self, _purpose: int, address: Any) -> socket.socket | int:
        # libcurl connects to exactly this address, so what is judged is what is connected to. A
        # connection that is kept leads where it was judged to lead.
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

    def _note_header(self, line: bytes) -> None:
        if line[:13].lower() == b"content-type:":
            self._content_type = line[13:].decode("latin-1").strip()

    def _drain(self, data: bytes) -> int | None:
        self._size += len(data)
        self._stopped = self._size > DRAINED_BYTES
        return 0 if self._stopped else None

    def _keep(self, data: bytes) -> int | None:
        fetch = self._fetch
        if fetch is None or (fetch.html_only and not is_html(self._content_type)):
            self._unwanted = True
            return self._drain(data)
        self._body.append(data[: fetch.max_bytes - self._size])
        self._size += len(data)
        self._stopped = self._size >= fetch.max_bytes
        return 0 if self._stopped else None
