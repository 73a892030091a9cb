"""A site with every cause of a dead link once, and every trap that makes a crawler say so wrongly.

`build` returns the routes and what there is to find: dead links by cause, and closed ones.
"""

import asyncio
import gzip
from collections.abc import Mapping
from dataclasses import dataclass

from tests.probes.broken_links.web import Asked, Reply, Route, links, moved, page


@dataclass(frozen=True)
class WholeSite:
    routes: Mapping[str, Route]
    dead: Mapping[str, str]
    closed: Mapping[str, str]


def build(own: int, other: int, closed_port: int, untrusted: int) -> WholeSite:
    """Lay the site out at loopback ports: its own, another site's, a closed one, a TLS server's."""
    here, there = f"http://127.0.0.1:{own}", f"http://127.0.0.1:{other}"
    start = f"""<!doctype html><meta charset=utf-8><title>Start</title>
    <a href="/causes">causes</a> <a href="/elements">elements</a> <a href="/traps">traps</a>
    <a href="/based/page">base</a> <a href="/latin">latin</a> <a href="/packed">packed</a>
    <a rel="nofollow" href="/nofollow">a page that wants no credit</a>
    <a href="/secret/page">not for robots</a>
    <a href="{there}/fine">another site</a> <a href="{there}/away">another site's dead page</a>"""
    routes: dict[str, Route] = {
        "/": page(start),
        "/robots.txt": Reply(200, b"User-agent: *\nDisallow: /secret/\n"),
        "/sitemap.xml": Reply(200, _sitemap(f"{here}/orphan")),
        "/orphan": links("/dead-behind-the-sitemap"),
        "/secret/page": links("/secret/dead"),
        "/nofollow": links("/dead-behind-nofollow"),
        "/based/page": page('<base href="/elsewhere/"><a href="fine">x</a><a href="dead">y</a>'),
        "/elsewhere/fine": links("/"),
        "/latin": page(
            '<meta charset="iso-8859-1"><a href="/caf\xe9-dead">caf\xe9</a>'.encode("latin-1"),
            "text/html",
        ),
        "/packed": Reply(
            200,
            gzip.compress(b'<a href="/dead-in-gzip">packed</a>'),
            {"Content-Type": "text/html", "Content-Encoding": "gzip"},
        ),
        **_causes(here, closed_port, untrusted),
        **_elements(),
        **_traps(there),
    }
    dead = {
        f"{here}/missing": "not_found",
        f"{here}/gone": "gone",
        f"{here}/broken": "server_error",
        "http://nowhere.test/x": "dns",
        f"{here}/hang": "timeout",
        f"http://127.0.0.1:{closed_port}": "connect",
        f"https://127.0.0.1:{untrusted}": "tls",
        f"{here}/teapot": "other",
        f"{here}/circle": "other",
        "http://[no-host": "other",
        f"{there}/away": "not_found",
        f"{here}/dead-behind-the-sitemap": "not_found",
        f"{here}/dead-behind-nofollow": "not_found",
        f"{here}/elsewhere/dead": "not_found",
        f"{here}/caf%C3%A9-dead": "not_found",
        f"{here}/dead-in-gzip": "not_found",
        f"{here}/moved-to-dead": "not_found",
        **{f"{here}/dead-{name}": "not_found" for name in ELEMENTS},
    }
    refused = {
        f"{here}/login": "blocked",
        f"{here}/forbidden": "blocked",
        f"{here}/linkedin": "blocked",
        "http://10.0.0.1/intranet": "blocked",
        f"{here}/busy": "rate_limited",
    }
    return WholeSite(routes, dead, refused)


ELEMENTS = (
    "area", "img", "srcset-1x", "srcset-2x", "source", "source-srcset", "video", "poster", "audio",
    "script", "stylesheet", "iframe", "form",
)  # fmt: skip


def _causes(here: str, closed_port: int, untrusted: int) -> dict[str, Route]:
    async def hang(_: Asked) -> Reply:
        await asyncio.sleep(60)
        return Reply()

    return {
        "/causes": links(
            "/missing", "/gone", "/broken", "http://nowhere.test/x", "/hang", "/teapot", "/circle",
            f"http://127.0.0.1:{closed_port}", f"https://127.0.0.1:{untrusted}/",
            "http://[no-host", "/login", "/forbidden", "/linkedin", "http://10.0.0.1/intranet",
            "/busy", "/moved-to-dead",
        ),
        "/gone": Reply(410),
        "/broken": Reply(500),
        "/hang": hang,
        "/teapot": Reply(418),
        "/circle": moved("/circle-2"),
        "/circle-2": moved("/circle"),
        "/login": Reply(401),
        "/forbidden": Reply(403),
        "/linkedin": Reply(999),
        "/busy": Reply(429),
        "/moved-to-dead": moved(f"{here}/missing", 301),
    }  # fmt: skip


def _elements() -> dict[str, Route]:
    return {
        "/elements": page("""
        <map name=m><area href="/dead-area" alt="a shape"></map> <img src="/dead-img" alt="art">
        <img srcset="/dead-srcset-1x, /dead-srcset-2x 2x" src="data:image/gif;base64,R0lGODdh">
        <picture><source srcset="/dead-source-srcset 100w"></picture>
        <video src="/dead-video" poster="/dead-poster"><source src="/dead-source"></video>
        <audio src="/dead-audio"></audio> <script src="/dead-script"></script>
        <link rel="stylesheet" href="/dead-stylesheet"> <iframe src="/dead-iframe"></iframe>
        <form action="/dead-form"><input name=q></form>""")
    }


def _traps(there: str) -> dict[str, Route]:
    seen: set[str] = set()

    async def head_refused(asked: Asked) -> Reply:
        code = {"/no-head": 405, "/no-such-method": 501, "/head-lies": 404}[asked.path]
        return Reply(code if asked.method == "HEAD" else 200, b"fine")

    async def flaky(asked: Asked) -> Reply:
        # Fails until it is looked at a second time, later.
        key = f"{asked.method} {asked.path}"
        first, _ = key not in seen, seen.add(key)
        return Reply(500 if first else 200, b"fine")

    async def wants_a_cookie(asked: Asked) -> Reply:
        if "seen=1" in asked.headers.get("cookie", ""):
            return page("Welcome back")
        return moved("/cookie-wall", Set_Cookie="seen=1; Path=/")

    async def patient(asked: Asked) -> Reply:
        first, _ = asked.path not in seen, seen.add(asked.path)
        return Reply(429 if first else 200)

    return {
        "/traps": page(f"""
        <a href="mailto:someone@example.com">m</a><a href="tel:+123">t</a>
        <a href="javascript:void(0)">j</a><a href="data:text/plain,x">d</a><a href="#top">f</a>
        <a href="">self</a><a href="  /fine\n ">blanks</a><a href="/fine#part">fragment</a>
        <a href="/FINE/../fine">dots</a><a href="\\fine">backslash</a>
        <a href="//user:secret@127.0.0.1:1/">credentials</a>
        <a href="/caf\xe9">raw</a><a href="/caf%c3%a9">escaped</a><a href="/with space">space</a>
        <a href="http://b\xfccher.known.test:{there.rsplit(":", 1)[1]}/fine">international</a>
        <a href="/no-head">h</a><a href="/soft-404">soft</a><a href="/cookie-wall">cookies</a>
        <img src="/no-head"><img src="/no-such-method"><img src="/head-lies">
        <img src="/flaky"><img src="/patient"><a href="/to-fine">moved</a>
        <!-- <a href="/dead-in-a-comment">c</a> --> <script>"<a href='/dead-in-script'>"</script>
        <template><a href="/dead-in-a-template">t</a></template>
        <p title="<a href='/dead-in-a-title'>">words</p>
        <form method="post" action="/dead-post"></form><link rel="preconnect" href="/dead-hint">
        <link rel="pingback" href="/dead-pingback"><a name="no-href">n</a>
        <img alt="without an address"><a href="/file.pdf">a file</a>"""),
        "/fine": page("Fine"),
        "/to-fine": moved("/fine"),
        "/soft-404": page("<h1>Not found</h1>"),
        "/caf%C3%A9": page("Coffee"),
        "/with%20space": page("Room"),
        "/no-head": head_refused,
        "/no-such-method": head_refused,
        "/head-lies": head_refused,
        "/flaky": flaky,
        "/patient": patient,
        "/cookie-wall": wants_a_cookie,
        "/file.pdf": Reply(200, b"%PDF" * 100, {"Content-Type": "application/pdf"}),
    }


def _sitemap(*urls: str) -> bytes:
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f"<urlset>{entries}</urlset>".encode()
