"""What to give to AI clients, ready to be copied."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

PLACE = "toc_mcp_…"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text, whom it is for, and where it goes."""

    client: str
    where: object
    text: str


def snippets(mcp_url: str) -> list[Snippet]:
    """Return what the clients that people use take; the last two need a token."""
    token = {"Authorization": f"Bearer {PLACE}"}
    with_token = {"type": "http", "url": f"{mcp_url}/token", "headers": token}
    return [
        Snippet("Claude Code", _("in a terminal"), _claude(mcp_url)),
        Snippet("VS Code", ".vscode/mcp.json", _json("servers", {"type": "http", "url": mcp_url})),
        Snippet("Cursor", "~/.cursor/mcp.json", _json("mcpServers", {"url": mcp_url})),
        Snippet("Codex", "~/.codex/config.toml", f'[mcp_servers.tocsin]\nurl = "{mcp_url}"'),
        Snippet(
            "Claude Code",
            _("in a terminal, with a token"),
            f'{_claude(mcp_url)}/token --header "Authorization: Bearer {PLACE}"',
        ),
        Snippet("JSON", _("most other clients, with a token"), _json("mcpServers", with_token)),
    ]


def _claude(url: str) -> str:
    return f"claude mcp add --transport http tocsin {url}"


def _json(key: str, server: Mapping[str, object]) -> str:
    return json.dumps({key: {"tocsin": server}}, indent=2, ensure_ascii=False)
