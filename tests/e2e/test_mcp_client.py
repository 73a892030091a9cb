"""The official client's whole way: challenge, discovery, consent in a browser, tools, the end."""

import asyncio
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from queue import Queue
from typing import Any
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

from tests.e2e.mcp_people import admin, new_person
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


@dataclass
class World:
    """What the client found."""

    team_id: int
    tools: list[str] = field(default_factory=list)
    first_token: str = ""
    last_token: str = ""
    trouble: BaseException | None = None


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


async def visit(server: Server, auth: OAuthClientProvider, world: World) -> None:
    """Use the server as a client does: every tool once; then go on with a token that ran out."""
    async with (
        httpx2.AsyncClient(auth=auth, timeout=30) as http,
        Client(streamable_http_client(f"{server.base}/mcp", http_client=http)) as client,
    ):
        world.tools = [tool.name for tool in (await client.list_tools()).tools]
        assert len(await data(client, "list_teams")) == 1
        (site,) = await data(client, "list_sites", team_id=world.team_id)
        assert (await data(client, "get_site", **named(site)))["uuid"] == site["uuid"]
        (check,) = await data(client, "run_check", tools=["status"], wait=True, **named(site))
        assert check["status"] != "pending"
        listed = await data(client, "list_checks", **named(site))
        assert check["uuid"] in [each["uuid"] for each in listed]
        assert (await data(client, "get_check", check_uuid=check["uuid"]))["automatic"] is False
        assert len((await data(client, "get_uptime_report", **named(site)))["days"]) == 90
        assert len((await data(client, "get_performance_report", **named(site)))["days"]) == 30
        assert await data(client, "list_issues") == []
        for tool in ("get_issue", "acknowledge_issue"):
            absent = await client.call_tool(tool, {"issue_uuid": site["uuid"]})
            assert absent.is_error
            assert "not_found" in absent.content[0].text  # type: ignore[union-attr]
        world.first_token = await token(auth)
        auth.context.token_expiry_time = 1.0
        await data(client, "list_teams")
        world.last_token = await token(auth)


def named(site: dict[str, Any]) -> dict[str, object]:
    return {"site_uuid": site["uuid"]}


async def data(client: Client, tool: str, **arguments: object) -> Any:
    """Call a tool that answers."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content["data"]


async def token(auth: OAuthClientProvider) -> str:
    tokens = await auth.context.storage.get_tokens()
    assert tokens is not None
    return tokens.access_token


def in_a_thread(work: Coroutine[Any, Any, None], world: World) -> threading.Thread:
    def run() -> None:
        try:
            asyncio.run(work)
        except BaseException as error:  # noqa: BLE001 - the test tells it
            world.trouble = error

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


@pytest.fixture
def mia(server: Server) -> Person:
    """Somebody with a verified account."""
    return Person(server=server, name="Mia", email="mia-oauth@example.com")


def test_it_lets_the_official_client_in_and_out(server: Server, page: Page, mia: Person) -> None:
    """Narrowed consent, step-up, refresh, and revocation in Settings, which counts at once."""
    world = World(new_person(server, mia.email)["team_id"])
    url = f"http://127.0.0.1:{server.port}/healthz"
    admin(server, "add-site", "--team", str(world.team_id), "--url", url)
    memory, screen = Memory(), Screen()
    auth = provider(server, memory, screen)
    client = in_a_thread(visit(server, auth, world), world)

    page.route(f"{REDIRECT}**", lambda route: route.fulfill(body="back at the client"))
    mia.sign_in(page)
    page.wait_for_url("**/teams/**")
    page.goto(screen.asked.get(timeout=PATIENCE))
    expect(page.get_by_role("heading", name="Official client")).to_be_visible()
    expect(page.get_by_text("127.0.0.1", exact=True)).to_be_visible()
    page.get_by_label("issues:read").uncheck()
    connect(page, screen)
    # It asks for issues after all, then to acknowledge one: each time for all scopes together.
    for _ in range(2):
        page.goto(screen.asked.get(timeout=PATIENCE))
        connect(page, screen)
    client.join(PATIENCE)
    assert world.trouble is None, world.trouble
    assert len(world.tools) == 11
    first, *_, last = [parse_qs(urlsplit(url).query) for url in screen.asked_for]
    assert first["resource"] == [f"{server.base}/mcp"]
    assert first["code_challenge_method"] == ["S256"]
    assert {"issues:read", "issues:write"} <= set(last["scope"][0].split())
    assert world.first_token != world.last_token

    page.goto("/settings/mcp")
    mia.prove(page)
    page.on("dialog", lambda dialog: dialog.accept())
    # One row, however often somebody consented: what it holds ends together.
    expect(page.get_by_text(f"{len(screen.asked_for)} connections")).to_be_visible()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("No client is connected.")).to_be_visible()
    assert status(server, world.last_token) == 401


def connect(page: Page, screen: Screen) -> None:
    page.get_by_role("button", name="Connect").click()
    page.wait_for_url(f"{REDIRECT}**")
    screen.answered.put(page.url)


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
