"""Who calls: OAuth tokens and MCP tokens, chosen by prefix. Personal access tokens do not count."""

from tocsin.access import credentials
from tocsin.access.failures import Failure
from tocsin.access.principal import Principal
from tocsin.access.tokens import TokenKind
from tocsin.kit import clock
from tocsin.mcp.doors import Door
from tocsin.oauth import bearer
from tocsin.oauth.token_text import ACCESS_PREFIX


def resolve(header: str | None, door: Door) -> Principal | Failure:
    """Find out who sends an Authorization header through a door, or why it does not count."""
    _, _, text = (header or "").partition(" ")
    if door.takes_oauth and text.strip().startswith(ACCESS_PREFIX):
        found = bearer.resolve(text.strip(), now=clock.now())
        return found if isinstance(found, Failure) else found.principal
    return credentials.resolve(header, audience=TokenKind.MCP)
