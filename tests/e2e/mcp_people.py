"""People and tokens for tests of the MCP server, made by the operators' commands."""

import json
import subprocess
import sys
from typing import Any

from tests.e2e.people import PASSWORD
from tests.e2e.server import Server

READS = "teams:read,sites:read,checks:read,issues:read"


def admin(server: Server, *arguments: str) -> Any:
    """Run `tocsin admin …` beside the server; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "tocsin.cli.main", "admin", *arguments, "--json"],
        env=server.environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def new_person(server: Server, email: str) -> dict[str, Any]:
    """Make a verified account; return its `id` and `team_id`."""
    names = ("--email", email, "--name", "Mia", "--password", PASSWORD, "--verified")
    person: dict[str, Any] = admin(server, "create-user", *names)
    return person


def new_token(server: Server, email: str, *, kind: str = "mcp", scopes: str = READS) -> Any:
    """Make a token; return its `id` and `token`."""
    options = ("--email", email, "--name", "test", "--kind", kind, "--scopes", scopes)
    return admin(server, "create-token", *options)
