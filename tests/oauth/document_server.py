"""Serves clients' documents over real TLS on loopback, well and badly."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

from tests.probes.tls_server import server_context, write_roots

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Documents:
    """What stands under which path, and which paths were asked for; `roots` proves who serves."""

    base: str
    roots: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def publish(self, path: str, *, age: str = "", **said: Any) -> str:
        """Serve a document that names itself; return its address."""
        url = self.base + path
        document = {"client_id": url, "client_name": "Published", **said}
        body = json.dumps({name: value for name, value in document.items() if value is not None})
        return self.answer(path, plain(body.encode(), cache_control=age))

    def answer(self, path: str, answer: Answer) -> str:
        """Answer requests for a path in some way; return the address."""
        self.answers[path] = answer
        return self.base + path


def plain(
    body: bytes,
    *,
    status: int = 200,
    content_type: str = "application/json",
    location: str = "",
    cache_control: str = "",
) -> Answer:
    """Answer with a body."""

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(body)))
        if location:
            handler.send_header("Location", location)
        if cache_control:
            handler.send_header("Cache-Control", cache_control)
        handler.end_headers()
        handler.wfile.write(body)

    return respond


@contextmanager
def serving(folder: Path) -> Iterator[Documents]:
    """Serve until the end of the block."""
    authority = trustme.CA()
    documents = Documents("", write_roots(authority, folder))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            documents.asked.append(self.path)
            documents.answers.get(self.path, plain(b"", status=404))(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context: ssl.SSLContext = server_context(authority.issue_cert("127.0.0.1"))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    documents.base = f"https://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield documents
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
