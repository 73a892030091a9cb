"""A small OpenID provider on loopback, as far as the code flow needs one."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt

CLIENT = "tocsin:a secret"


@dataclass
class Provider:
    """What the provider says of whoever signs in, and what it was asked."""

    address: str
    claims: dict[str, Any] = field(default_factory=dict)
    exchanges: list[dict[str, list[str]]] = field(default_factory=list)


@contextmanager
def openid_provider() -> Iterator[Provider]:
    """Run a provider on a free port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.provider  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self) -> None:
        provider: Provider = self.server.provider
        if self.path == "/userinfo":
            self._answer(provider.claims)
            return
        self._answer(
            {
                "issuer": provider.address,
                "authorization_endpoint": f"{provider.address}/authorize",
                "token_endpoint": f"{provider.address}/token",
                "userinfo_endpoint": f"{provider.address}/userinfo",
                "jwks_uri": f"{provider.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        )

    def do_POST(self) -> None:
        provider: Provider = self.server.provider
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        provider.exchanges.append(parse_qs(body))
        identity = {
            "iss": provider.address,
            "aud": "tocsin",
            "iat": 0,
            "exp": 2**33,
            **provider.claims,
        }
        token = jwt.encode(identity, "a key of thirty-two bytes or more", algorithm="HS256")
        self._answer({"access_token": "opaque", "token_type": "Bearer", "id_token": token})

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _answer(self, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
