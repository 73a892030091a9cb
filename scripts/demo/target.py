"""The sites themselves: one small HTTP and HTTPS server for all names, and their name server."""

import asyncio
import contextlib
import random
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import trustme

from scripts.demo import browser, links
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
UNTRUSTED = frozenset({Profile.EXPIRED, Profile.MISNAMED})
PATIENCE_SECONDS = 30
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width"></head><body><h1>{name}</h1>
<p>One of the demo's sites. It lives on this machine only.</p><ul>{links}</ul>{script}
</body></html>"""
# Keeps a slow site's visitors waiting, then moves what they look at.
SLOW_SCRIPT = """<script>setTimeout(() => {
  const end = performance.now() + 600;
  while (performance.now() < end);
  const late = document.createElement("div");
  late.style.height = "70vh";
  document.body.prepend(late);
}, 300)</script>"""


@dataclass(frozen=True, slots=True)
class Served:
    """What the demo's Tocsin needs to trust the sites: roots in PEM, and a browser, if any."""

    roots: Path
    chromium: Path | None


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Serve everything from a thread of its own."""
    authority = trustme.CA(organization_name="Demo authority")
    roots = folder / "roots.pem"
    authority.cert_pem.write_to_path(str(roots))
    certificates = {site: _certificate(authority, site) for site in SITES if site.secure}
    good = (each for site, each in certificates.items() if site.profile not in UNTRUSTED)
    chromium = browser.trusting(folder, (each.cert_chain_pems[0].bytes() for each in good))
    default = _context(authority.issue_cert(f"elsewhere.{ZONE}"))
    context = _by_name(certificates, default)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="demo-target", daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(_start(context), loop).result(PATIENCE_SECONDS)
    try:
        yield Served(roots, chromium)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE_SECONDS)


def _by_name(
    certificates: Mapping[DemoSite, trustme.LeafCert], default: ssl.SSLContext
) -> ssl.SSLContext:
    """Answer each name with the certificate that it deserves."""
    contexts = {site.host: _context(each) for site, each in certificates.items()}

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        connection.context = contexts.get(name or "", default)

    default.sni_callback = choose
    return default


def _certificate(authority: trustme.CA, site: DemoSite) -> trustme.LeafCert:
    name = f"elsewhere.{ZONE}" if site.profile is Profile.MISNAMED else site.host
    days = DAYS_LEFT.get(site.profile.value, VALID_DAYS)
    until = datetime.now(UTC) + timedelta(days=days, hours=1)
    since = until - timedelta(days=90)
    return authority.issue_cert(name, common_name=name, not_before=since, not_after=until)


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
        if site is not None:
            await asyncio.sleep(site.pace_ms * random.lognormvariate(0, 0.25) / 1000)
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
    if path == links.STAFF_PATH:
        return "403 Forbidden", b"<h1>For staff</h1>"
    dead = list(links.dead_now(site))
    status = next((links.STATUS[each.cause] for each in dead if each.target == path), None)
    if status is not None:
        return f"{status} {HTTPStatus(status).phrase}", b"<h1>Nothing here</h1>"
    if path not in links.pages(site):
        return "404 Not Found", b"<h1>Nothing here</h1>"
    listed = [(each, each.strip("/") or "Home") for each in links.pages(site)]
    listed += [(each.target, each.text) for each in dead if each.page == path]
    items = "".join(f'<li><a href="{target}">{text}</a></li>' for target, text in listed)
    script = SLOW_SCRIPT if site.profile is Profile.SLOW else ""
    return "200 OK", PAGE.format(name=site.name, links=items, script=script).encode()


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
