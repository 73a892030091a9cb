"""Connecting a client that waits on this machine for the browser, as its person does it."""

import json
import queue
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import faults
from tests.e2e.people import PASSWORD, Person, sign_out
from tests.e2e.server import Server
from tests.oauth.program import CHALLENGE, VERIFIER

SECONDS = 10


@dataclass
class LocalClient:
    """A program that registers, opens the browser and listens for what comes back."""

    base: str
    callback: str
    returned: "queue.Queue[dict[str, str]]"
    client_id: str = ""

    def register(self) -> None:
        said = {"client_name": "Local assistant", "redirect_uris": ["http://127.0.0.1/callback"]}
        self.client_id = self._post("register", json.dumps(said), "application/json")["client_id"]

    def authorize_url(self) -> str:
        """Return what it opens in the browser."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.callback,
            "scope": "teams:read sites:read checks:run",
            "state": "xyz",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
            "resource": f"{self.base}/mcp",
        }
        return f"{self.base}/oauth/authorize?{urlencode(asked)}"

    def swap(self, code: str) -> Any:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback,
            "client_id": self.client_id,
            "code_verifier": VERIFIER,
        }
        return self._post("token", urlencode(form), "application/x-www-form-urlencoded")

    def status_at_mcp(self, token: str) -> int:
        """Return how the MCP endpoint answers a token."""
        request = urllib.request.Request(
            f"{self.base}/mcp",
            data=b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}',
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Accept": "application/json, text/event-stream",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code

    def _post(self, name: str, body: str, content_type: str) -> Any:
        request = urllib.request.Request(
            f"{self.base}/oauth/{name}", body.encode(), {"Content-Type": content_type}
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer)


@pytest.fixture
def client(server: Server) -> Iterator[LocalClient]:
    returned: queue.Queue[dict[str, str]] = queue.Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/callback":
                returned.put(dict(parse_qsl(parts.query)))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Done</title><link rel=icon href=data:,>You can close this.")

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        callback = f"http://127.0.0.1:{listening.server_port}/callback"
        client = LocalClient(server.base, callback, returned)
        client.register()
        yield client
        listening.shutdown()
        thread.join()


def test_it_connects_a_client_with_less_than_it_asked_for_and_disconnects_it(
    page: Page, person: Person, client: LocalClient
) -> None:
    person.register(page)
    person.verify(page)
    sign_out(page)

    page.goto(client.authorize_url())
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Connect “Local assistant”?")).to_be_visible()
    expect(page.get_by_text("any other program can pose as it")).to_be_visible()
    expect(page.get_by_text("127.0.0.1")).to_be_visible()
    page.get_by_role("checkbox", name="checks:run").uncheck()
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_text("You can close this.")).to_be_visible()

    told = client.returned.get(timeout=SECONDS)
    assert (told["state"], told["iss"]) == ("xyz", client.base)
    tokens = client.swap(told["code"])
    assert tokens["scope"] == "teams:read sites:read"
    assert client.status_at_mcp(tokens["access_token"]) == 200

    page.goto(f"{client.base}/settings/mcp")
    person.prove(page)
    row = page.get_by_role("listitem").filter(has_text="Local assistant")
    expect(row).to_contain_text("sites:read")
    page.on("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("The client is disconnected")).to_be_visible()
    assert client.status_at_mcp(tokens["access_token"]) == 401


def test_it_declines_after_giving_proof_anew(
    page: Page, person: Person, client: LocalClient
) -> None:
    person.register(page)
    person.verify(page)
    page.goto(client.authorize_url())
    person.prove(page)
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("You can close this.")).to_be_visible()
    told = client.returned.get(timeout=SECONDS)
    assert told == {"error": "access_denied", "state": "xyz", "iss": client.base}


def test_it_has_no_fault_that_a_machine_can_find_and_fits_a_phone(
    page: Page, person: Person, client: LocalClient
) -> None:
    person.register(page)
    person.verify(page)
    page.goto(client.authorize_url())
    person.prove(page)
    expect(page.get_by_role("heading", name="Connect")).to_be_visible()
    assert faults(page) == []
