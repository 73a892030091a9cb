"""The client against the API within this process, and against a server that follows a script."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest
from django.test import Client

from tests.api.conftest import MakeToken, _fresh_limits, make_token
from tocsin_client import Tocsin

__all__ = ["_fresh_limits", "make_token"]

TOKEN = "toc_pat_secret"

ClientOf = Callable[[Any], Tocsin]


class Recorder(httpx2.BaseTransport):
    """Hands requests to the API and remembers which were made."""

    def __init__(self) -> None:
        self.requests: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        headers = dict(request.headers)
        answer = Client().generic(
            request.method,
            request.url.raw_path.decode(),
            request.read(),
            content_type=headers.pop("content-type", ""),
            headers=headers,
        )
        return httpx2.Response(
            answer.status_code, headers=dict(answer.headers), content=answer.content
        )


@pytest.fixture
def recorder() -> Recorder:
    """What the clients of a test sent."""
    return Recorder()


@pytest.fixture
def client_of(make_token: MakeToken, recorder: Recorder) -> ClientOf:
    """Return a client that acts as somebody."""

    def make(user: Any) -> Tocsin:
        return Tocsin("http://testserver", make_token(user).plaintext, transport=recorder)

    return make


@dataclass(frozen=True)
class Answer:
    """What to say to one request."""

    status: int
    body: bytes = b'{"data": []}'
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Script:
    """Answers, in the order in which they are given; the last one again and again."""

    answers: list[Answer] = field(default_factory=list)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def script() -> Iterator[Script]:
    """A real server on loopback that follows a script."""
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            script.requests.append((self.command, self.path, dict(self.headers)))
            answer = script.next()
            if not answer.status:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - the server's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield script
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the client slept each time; it does not really."""
    pauses: list[float] = []
    monkeypatch.setattr("tocsin_client.transport.time.sleep", pauses.append)
    return pauses


@pytest.fixture
def scripted(script: Script) -> Iterator[Tocsin]:
    """A client of the script."""
    with Tocsin(script.url, TOKEN, timeout=5) as tocsin:
        yield tocsin
