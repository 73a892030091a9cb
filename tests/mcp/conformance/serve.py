"""A server for the suite: our application, signed in as one user, for as long as it is wanted.

    python -m tests.mcp.conformance.serve PORT own|fixtures

The suite cannot send a token, so the one for the data directory's user is put into each request
on its way to the gate.
"""

import asyncio
import contextlib
import os
import sys
from typing import Any

import django


async def serve(port: int, application: Any) -> None:
    """Serve until ended."""
    from granian.constants import Interfaces
    from granian.server.embed import Server

    server = Server(application, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    await server.serve()


def _application(port: int, kind: str) -> Any:
    from tocsin.mcp.app import McpApplication
    from tocsin.mcp.server import build_server

    if kind == "fixtures":
        from tests.mcp.conformance.fixtures import fixtures

        wanted: Any = fixtures()
    else:
        wanted = build_server()
    name = f"127.0.0.1:{port}"
    mcp = McpApplication(base_url=f"http://{name}", hosts=[name], server=wanted)
    token = f"Bearer {_token()}".encode()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            async with mcp.running():
                while (await receive())["type"] != "lifespan.shutdown":
                    await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        headers = [*scope["headers"], (b"authorization", token)]
        await mcp({**scope, "headers": headers}, receive, send)

    return application


def _token() -> str:
    from django.core.management import call_command

    from tocsin.access.actions import create_token
    from tocsin.access.principal import SYSTEM
    from tocsin.access.scopes import Scope
    from tocsin.access.tokens import TokenKind
    from tocsin.accounts.models import User
    from tocsin.kit import clock
    from tocsin.mcp import gate

    call_command("migrate", verbosity=0)
    user = User.objects.create_user("mcp@example.com", name="Mia", email_verified_at=clock.now())
    # The suite is not a user: it asks hundreds of times within seconds.
    gate.requests_a_token.limit = sys.maxsize
    scopes = [scope for scope in Scope if scope.endswith(":read")]
    return create_token(
        SYSTEM, user=user, kind=TokenKind.MCP, name="conformance", scopes=scopes
    ).plaintext


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")
    django.setup()
    with contextlib.suppress(KeyboardInterrupt):
        number = int(sys.argv[1])
        asyncio.run(serve(number, _application(number, sys.argv[2])))
