"""The official client's whole way: challenge, discovery, consent in a browser, tools, the end."""

import asyncio
import threading
from dataclasses import dataclass, field
from queue import Queue
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from mcp.client.auth import OAuthClientProvider, TokenStorage
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)
from playwright.sync_api import Page, expect

from tests.e2e.mcp_people import new_person
from tests.e2e.people import Person
from tests.e2e.server import Server

REDIRECT = "http://127.0.0.1:43117/callback"
PATIENCE = 60


@dataclass
class Memory(TokenStorage):
    """Keeps what the client was given."""

    tokens: OAuthToken | None = None
    info: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        """Return the tokens."""
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        """Keep the tokens."""
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        """Return who the client is."""
        return self.info

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        """Keep who the client is."""
        self.info = client_info


@dataclass
class Screen:
    """Where the client, in a thread of its own, and the person at the browser meet."""

    asked: "Queue[str]" = field(default_factory=Queue)
    answered: "Queue[str]" = field(default_factory=Queue)
    asked_for: list[str] = field(default_factory=list)

    async def open(self, url: str) -> None:
        """Show an address to the person."""
        self.asked_for.append(url)
        self.asked.put(url)

    async def answer(self) -> AuthorizationCodeResult:
        """Wait for where the browser was sent back to."""
        url = await asyncio.to_thread(self.answered.get, timeout=PATIENCE)
        given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        return AuthorizationCodeResult(
            code=given["code"], state=given.get("state"), iss=given.get("iss")
        )


def provider(server: Server, memory: Memory, screen: Screen) -> OAuthClientProvider:
    return OAuthClientProvider(
        server_url=f"{server.base}/mcp",
        client_metadata=OAuthClientMetadata(
            client_name="Official client",
            redirect_uris=[REDIRECT],  # type: ignore[list-item] # read as text
            grant_types=["authorization_code", "refresh_token"],
            token_endpoint_auth_method="none",
        ),
        storage=memory,
        redirect_handler=screen.open,
        callback_handler=screen.answer,
    )


async def visit(server: Server, auth: OAuthClientProvider, done: dict[str, object]) -> None:
    """Use the server as a client does; `done` gets what it saw."""
    async with (
        httpx2.AsyncClient(auth=auth, timeout=30) as http,
        Client(streamable_http_client(f"{server.base}/mcp", http_client=http)) as client,
    ):
        done["tools"] = [tool.name for tool in (await client.list_tools()).tools]
        teams = await client.call_tool("list_teams", {})
        assert teams.structured_content is not None
        team_id = teams.structured_content["data"][0]["id"]
        sites = await client.call_tool("list_sites", {"team_id": team_id})
        done["sites"] = sites.is_error
        done["issues"] = (await client.call_tool("list_issues", {})).is_error


def in_a_thread(work: object) -> threading.Thread:
    thread = threading.Thread(target=lambda: asyncio.run(work), daemon=True)  # type: ignore[arg-type]
    thread.start()
    return thread


@pytest.fixture
def mia(server: Server) -> Person:
    """Somebody with a verified account."""
    person = Person(server=server, name="Mia", email="mia-oauth@example.com")
    new_person(server, person.email)
    return person


def test_it_lets_the_official_client_in_and_out(server: Server, page: Page, mia: Person) -> None:
    """Narrowed consent, step-up, refresh, and revocation in Settings, which counts at once."""
    memory, screen, done = Memory(), Screen(), dict[str, object]()
    auth = provider(server, memory, screen)
    client = in_a_thread(visit(server, auth, done))

    page.route(f"{REDIRECT}**", lambda route: route.fulfill(body="back at the client"))
    mia.sign_in(page)
    page.wait_for_url("**/teams/**")
    page.goto(screen.asked.get(timeout=PATIENCE))
    expect(page.get_by_role("heading", name="Official client")).to_be_visible()
    expect(page.get_by_text("127.0.0.1", exact=True)).to_be_visible()
    page.get_by_label("issues:read").uncheck()
    page.get_by_role("button", name="Connect").click()
    page.wait_for_url(f"{REDIRECT}**")
    screen.answered.put(page.url)

    # It asks for the issues after all: the person is asked once more, for all scopes together.
    page.goto(screen.asked.get(timeout=PATIENCE))
    page.get_by_role("button", name="Connect").click()
    page.wait_for_url(f"{REDIRECT}**")
    screen.answered.put(page.url)
    client.join(PATIENCE)
    assert done.get("issues") is False
    assert (len(done["tools"]), done["sites"]) == (11, False)  # type: ignore[arg-type]
    first = parse_qs(urlsplit(screen.asked_for[0]).query)
    assert first["resource"] == [f"{server.base}/mcp"]
    assert first["code_challenge_method"] == ["S256"]
    assert memory.tokens is not None
    assert "issues:read" in (memory.tokens.scope or "").split()

    page.goto("/settings/mcp")
    mia.prove(page)
    expect(page.get_by_text("Official client").first).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    # One row for each time that somebody consented: the same client may run in two places.
    for _ in screen.asked_for:
        page.get_by_role("button", name="Disconnect").first.click()
        page.wait_for_load_state()
    expect(page.get_by_text("No client is connected.")).to_be_visible()
    assert status(server, memory.tokens.access_token) == 401


def status(server: Server, token: str) -> int:
    reply = httpx2.post(
        f"{server.base}/mcp",
        headers={
            "authorization": f"Bearer {token}",
            "accept": "application/json, text/event-stream",
        },
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}},
    )
    return reply.status_code
