"""Settings → API tokens and Settings → MCP."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tocsin.web.mcp_snippets import snippets

PAGES = {"/settings/tokens": "toc_pat_", "/settings/mcp": "toc_mcp_"}


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice, proven=True)


def _create(client: Client, page: str, **fields: Any) -> Any:
    return client.post(page, {"name": "CI", "scopes": ["sites:read"]} | fields)


@pytest.mark.parametrize("page", PAGES)
def test_it_shows_a_new_token_once_and_never_again(client: Client, page: str) -> None:
    made = _create(client, page)
    assert made.status_code == 201
    assert "no-store" in made["Cache-Control"]
    token = re.search(PAGES[page] + r"[0-9A-Za-z]{46}", made.content.decode())
    assert token is not None
    again = client.get(page).content.decode()
    assert token[0] not in again
    assert token[0][:12] in again


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"name": "x" * 256}, "at most 255 characters"),
        ({"name": "a\u202eb"}, "direction of the text"),
        ({"scopes": []}, "This field is required"),
        ({"scopes": ["sites:everything"]}, "Select a valid choice"),
    ],
)
def test_it_says_beside_the_field_what_is_wrong(
    client: Client, fields: dict[str, Any], words: str
) -> None:
    answer = _create(client, "/settings/tokens", **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "No tokens yet" in answer.content.decode()


def test_it_offers_mcp_tokens_only_what_their_tools_use(client: Client) -> None:
    assert "sites:delete" not in client.get("/settings/mcp").content.decode()
    assert _create(client, "/settings/mcp", scopes=["sites:delete"]).status_code == 422


def test_it_revokes(client: Client) -> None:
    made = _create(client, "/settings/tokens")
    token_id = made.context["tokens"][0].id
    client.post(f"/settings/tokens/{token_id}/revoke")
    assert "No tokens yet" in client.get("/settings/tokens").content.decode()


def test_it_keeps_the_tokens_of_others_out_of_reach(
    client: Client, sign_in: SignIn, mallory: Any
) -> None:
    token_id = _create(client, "/settings/tokens").context["tokens"][0].id
    other = sign_in(mallory, proven=True)
    assert other.post(f"/settings/tokens/{token_id}/revoke").status_code == 404
    assert "CI" in client.get("/settings/tokens").content.decode()


def test_it_revokes_all_of_both_kinds(client: Client) -> None:
    for page in PAGES:
        _create(client, page)
    client.post("/settings/tokens/revoke-all")
    for page in PAGES:
        assert "No tokens yet" in client.get(page).content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_it_asks_for_fresh_proof_first(sign_in: SignIn, alice: Any, page: str) -> None:
    client = sign_in(alice)
    for answer in (client.get(page), _create(client, page)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_it_has_snippets_that_lead_here(client: Client) -> None:
    """Each client's own format, with this installation's address and no token in it."""
    for snippet in snippets("https://tocsin.example.com/mcp"):
        assert "https://tocsin.example.com/mcp" in snippet.text
        if snippet.text.startswith("{"):
            (servers,) = json.loads(snippet.text).values()
            assert servers["tocsin"]["url"].startswith("https://tocsin.example.com/mcp")
    page = client.get("/settings/mcp").content.decode()
    assert "claude mcp add --transport http tocsin http" in page
    assert "toc_mcp_…" in page
    assert "claude mcp add" not in client.get("/settings/tokens").content.decode()
