"""The two doors to the MCP server, as HTTP and as the official client sees them."""

import asyncio
import json
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError

import httpx2
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.e2e.mcp_people import READS, admin, new_person, new_token
from tests.e2e.server import Server

LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
FIRST = "teams:read sites:read checks:read checks:run issues:read"


@dataclass(frozen=True)
class World:
    """Somebody with a site and a token that reads and runs."""

    server: Server
    email: str
    team_id: int
    site_uuid: str
    token: str


@pytest.fixture(scope="module")
def world(server: Server) -> World:
    """Made once; no test of this file changes it but by checks."""
    email = "mia@example.com"
    person = new_person(server, email)
    url = f"http://127.0.0.1:{server.port}/healthz"
    site = admin(server, "add-site", "--team", str(person["team_id"]), "--url", url)
    token = new_token(server, email, scopes=f"{READS},checks:run")["token"]
    return World(server, email, person["team_id"], site["uuid"], token)


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Any
    body: bytes

    def json(self) -> Any:
        """Read the body."""
        return json.loads(self.body)


def post(
    world: World,
    path: str = "/mcp/token",
    message: object = LIST,
    *,
    body: bytes | None = None,
    **headers: str,
) -> Reply:
    """Send one message; a header of value "" is left out."""
    sent = {
        "Authorization": f"Bearer {world.token}",
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2025-11-25",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(
        f"http://127.0.0.1:{world.server.port}{path}",
        data=json.dumps(message).encode() if body is None else body,
        headers={name: value for name, value in sent.items() if value},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())


def call(tool: str, **arguments: object) -> dict[str, object]:
    return LIST | {"method": "tools/call", "params": {"name": tool, "arguments": arguments}}


@pytest.mark.parametrize("credential", ["", "Bearer nonsense", "Basic eDp5", "Bearer toc_oat_x"])
def test_it_leads_clients_to_oauth(world: World, credential: str) -> None:
    """One door says where to authorise, and for what."""
    reply = post(world, "/mcp", Authorization=credential)
    assert reply.status == 401
    challenge = reply.headers["WWW-Authenticate"]
    metadata = f"{world.server.base}/.well-known/oauth-protected-resource/mcp"
    assert challenge.startswith("Bearer ")
    assert f'resource_metadata="{metadata}", scope="{FIRST}"' in challenge
    assert ('error="invalid_token"' in challenge) is bool(credential)


@pytest.mark.parametrize("credential", ["", "Bearer nonsense", "Bearer toc_oat_x"])
def test_it_says_nothing_of_oauth_where_tokens_are_configured(
    world: World, credential: str
) -> None:
    """Some clients would drop their token."""
    reply = post(world, "/mcp/token", Authorization=credential)
    assert reply.status == 401
    challenge = reply.headers["WWW-Authenticate"]
    assert challenge.startswith('Bearer realm="tocsin"')
    assert "resource_metadata" not in challenge
    with pytest.raises(HTTPError, match="404"):
        urllib.request.urlopen(
            f"http://127.0.0.1:{world.server.port}/.well-known/oauth-protected-resource/mcp/token"
        )


@pytest.mark.parametrize("path", ["/mcp", "/mcp/token"])
def test_it_takes_mcp_tokens_at_both_doors(world: World, path: str) -> None:
    """And personal access tokens at none."""
    assert post(world, path).status == 200
    api = new_token(world.server, world.email, kind="api")["token"]
    assert post(world, path, Authorization=f"Bearer {api}").status == 401


def test_it_asks_for_all_scopes_of_the_operation(world: World) -> None:
    """So that one step-up is enough."""
    message = call("acknowledge_issue", issue_uuid=world.site_uuid)
    reply = post(world, "/mcp", message)
    assert (reply.status, reply.json()["error"]) == (403, "insufficient_scope")
    challenge = reply.headers["WWW-Authenticate"]
    assert 'error="insufficient_scope"' in challenge
    assert 'scope="issues:write"' in challenge
    assert "resource_metadata=" in challenge
    reading = new_token(world.server, world.email)["token"]
    waiting = call("run_check", site_uuid=world.site_uuid, wait=True)
    reply = post(world, message=waiting, Authorization=f"Bearer {reading}")
    assert 'scope="checks:read checks:run"' in reply.headers["WWW-Authenticate"]


def test_it_refuses_other_origins_and_hosts(world: World) -> None:
    """Pages of others cannot call, nor reach it under a name of theirs."""
    assert post(world, Origin="https://evil.example").status == 403
    assert post(world, Origin="null").status == 403
    assert post(world, Origin=world.server.base).status == 200
    assert post(world, Host="evil.example").status == 421


def test_it_refuses_what_is_too_large_or_no_message(world: World) -> None:
    """Without a trace of it in the answer."""
    assert post(world, body=b"x" * (1024 * 1024 + 1)).status == 413
    assert post(world, body=b"{").status == 400
    assert post(world, Content_Type="text/plain").status == 400
    assert post(world, body=b"[" * 100_000).status == 400


def test_it_knows_no_other_tools(world: World) -> None:
    """A protocol error, as the specification says."""
    reply = post(world, message=call("delete_everything"))
    assert b'"code":-32602' in reply.body


def test_it_stops_a_revoked_token_at_once(world: World) -> None:
    """The next call is the last word."""
    token = new_token(world.server, world.email)
    header = f"Bearer {token['token']}"
    assert post(world, Authorization=header).status == 200
    admin(world.server, "revoke-token", "--id", str(token["id"]))
    assert post(world, Authorization=header).status == 401


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
def test_it_serves_the_official_client(world: World, mode: str) -> None:
    """Both wires: tools, a resource, a prompt, completion, and a check with its progress."""
    asyncio.run(_use(world, mode))


async def _use(world: World, mode: str) -> None:
    url = f"http://127.0.0.1:{world.server.port}/mcp/token"
    headers = {"Authorization": f"Bearer {world.token}"}
    told: list[str | None] = []

    async def progress(_done: float, _total: float | None, message: str | None) -> None:
        told.append(message)

    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        assert (await client.list_tools()).tools[0].name == "list_teams"
        sites = await client.call_tool("list_sites", {"team_id": world.team_id})
        assert sites.structured_content is not None
        assert [row["uuid"] for row in sites.structured_content["data"]] == [world.site_uuid]
        resource = await client.read_resource(f"tocsin://sites/{world.site_uuid}")
        assert world.site_uuid in resource.contents[0].text  # type: ignore[union-attr]
        prompt = await client.get_prompt("analyse_site_health", {"site_uuid": world.site_uuid})
        assert world.site_uuid in prompt.messages[0].content.text  # type: ignore[union-attr]
        # Each mode has a tool of its own: a manual run is not repeated within a minute.
        tool = {"legacy": "status", "2026-07-28": "dns"}[mode]
        ran = await client.call_tool(
            "run_check",
            {"site_uuid": world.site_uuid, "tools": [tool], "wait": True},
            progress_callback=progress,
        )
        assert ran.structured_content is not None
        (check,) = ran.structured_content["data"]
        assert (check["type"], check["status"] != "pending") == (tool, True)
        assert told[0] == "0 of 1 checks ended"
        assert str(told[-1]).startswith(f"1 of 1 checks ended: {tool}: ")
