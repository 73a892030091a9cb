"""The sites themselves: one small HTTP and HTTPS server for all names, and their name server."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import trustme

from scripts.demo.catalogue import (
    HTTP_PORT,
    NAME_SERVER_PORT,
    SITES,
    TLS_PORT,
    ZONE,
    DemoSite,
    Profile,
)
from scripts.demo.results import DAYS_LEFT, VALID_DAYS, records

BY_HOST = {site.host: site for site in SITES}
NAME_SERVERS = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
FAILING = frozenset({Profile.DOWN, Profile.ACKNOWLEDGED, Profile.SNOOZED})
SLOW_SECONDS = 0.8
PATIENCE_SECONDS = 30
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width"></head><body><h1>{name}</h1>
<p>One of the demo's sites. It lives on this machine only.</p><ul>{links}</ul></body></html>"""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Path]:
    """Serve everything from a thread of its own; yields the authority's certificate."""
    authority = trustme.CA(organization_name="Demo authority")
    roots = folder / "roots.pem"
    authority.cert_pem.write_to_path(str(roots))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="demo-target", daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(_start(_by_name(authority)), loop).result(PATIENCE_SECONDS)
    try:
        yield roots
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_SECONDS)


def _by_name(authority: trustme.CA) -> ssl.SSLContext:
    """Answer each name with the certificate that it deserves."""
    contexts = {site.host: _context(_certificate(authority, site)) for site in SITES if site.secure}
    default = _context(authority.issue_cert(f"elsewhere.{ZONE}"))

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        connection.context = contexts.get(name or "", default)

    default.sni_callback = choose
    return default


def _certificate(authority: trustme.CA, site: DemoSite) -> trustme.LeafCert:
    name = f"elsewhere.{ZONE}" if site.profile is Profile.MISNAMED else site.host
    days = DAYS_LEFT.get(site.profile.value, VALID_DAYS)
    until = datetime.now(UTC) + timedelta(days=days, hours=1)
    return authority.issue_cert(name, not_before=until - timedelta(days=90), not_after=until)


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


async def _start(context: ssl.SSLContext) -> None:
    await asyncio.start_server(_answer, "127.0.0.1", HTTP_PORT)
    await asyncio.start_server(_answer, "127.0.0.1", TLS_PORT, ssl=context)
    loop = asyncio.get_running_loop()
    for address in NAME_SERVERS:
        await loop.create_datagram_endpoint(_NameServer, local_addr=(address, NAME_SERVER_PORT))


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, path = head.split(" ", 2)[:2]
        fields = (line.partition(":") for line in head.split("\r\n")[1:])
        host = next((value for name, _, value in fields if name.lower() == "host"), "")
        site = BY_HOST.get(host.strip().partition(":")[0])
        if site is not None and site.profile is Profile.SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        status, body = _page(site, path)
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        )
        writer.write(b"" if method == "HEAD" else body)
        await writer.drain()
    writer.close()


def _page(site: DemoSite | None, path: str) -> tuple[str, bytes]:
    if site is None:  # where the demo's webhooks end
        return ("204 No Content" if path == "/ok" else "500 Internal Server Error"), b""
    if site.profile in FAILING:
        return "503 Service Unavailable", b"<h1>Back soon</h1>"
    if path.startswith("/missing"):
        return "404 Not Found", b"<h1>Nothing here</h1>"
    broken = 8 if site.profile is Profile.BROKEN_LINKS and path == "/" else 0
    paths = ("/", "/about", "/contact", *(f"/missing/{number}" for number in range(broken)))
    links = "".join(f'<li><a href="{each}">{each}</a></li>' for each in paths)
    return "200 OK", PAGE.format(name=site.name, links=links).encode()


class _NameServer(asyncio.DatagramProtocol):
    """Says what is true of the demo's names, and that there are no others."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one question."""
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query, recursion_available=True)
        question = query.question[0]
        host = question.name.to_text(omit_final_dot=True).lower()
        site = BY_HOST.get(host)
        if site is None or site.profile is Profile.LOST_NAME:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            kind = dns.rdatatype.to_text(question.rdtype)
            values = records(site).get(kind, [])
            if values:
                found = dns.rrset.from_text(question.name, 60, "IN", kind, *map(_quoted, values))
                answer.answer.append(found)
        self.transport.sendto(answer.to_wire(), addr)  # type: ignore[attr-defined]


def _quoted(value: str) -> str:
    if value.startswith("v="):
        return f'"{value}"'
    return f"{value}." if value.endswith(ZONE) else value
