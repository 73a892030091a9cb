"""The text of a token: how it is made and what can be told from it without a database.

Prefix + 40 random base62 characters + 6 check characters (CRC32 of all before them), so that a
secret scanner can tell a real token from a look-alike offline. Contract, sections 1 and 12.
"""

import re
import secrets
import zlib
from enum import StrEnum

from tocsin.kit import base62

RANDOM_LENGTH = 40
CHECK_LENGTH = 6
DISPLAY_LENGTH = 12


class TokenKind(StrEnum):
    """Which door a token opens; each door refuses the other's."""

    API = "api"
    MCP = "mcp"


PREFIXES: dict[TokenKind, str] = {TokenKind.API: "toc_pat_", TokenKind.MCP: "toc_mcp_"}

_SHAPE = re.compile(
    rf"(toc_pat_|toc_mcp_)[0-9A-Za-z]{{{RANDOM_LENGTH}}}[0-9A-Za-z]{{{CHECK_LENGTH}}}", re.ASCII
)
_RANDOM = re.compile(rf"[0-9A-Za-z]{{{RANDOM_LENGTH}}}", re.ASCII)
_KIND_OF_PREFIX = {prefix: kind for kind, prefix in PREFIXES.items()}


def generate(kind: TokenKind) -> str:
    """Make a new token text of a kind."""
    return make(PREFIXES[kind])


def make(prefix: str) -> str:
    """Make a new token text under a prefix, with about 238 random bits."""
    random = "".join(secrets.choice(base62.ALPHABET) for _ in range(RANDOM_LENGTH))
    body = prefix + random
    return body + check_digits(body)


def is_made(text: str, prefix: str) -> bool:
    """Say whether `make` could have made a text under this prefix."""
    body, check = text[:-CHECK_LENGTH], text[-CHECK_LENGTH:]
    random = body.removeprefix(prefix)
    return (
        text.startswith(prefix)
        and _RANDOM.fullmatch(random) is not None
        and check_digits(body) == check
    )


def check_digits(body: str) -> str:
    """Return the six characters that end a token which begins with `body`."""
    return base62.encode(zlib.crc32(body.encode("ascii")), CHECK_LENGTH)


def well_formed(text: str) -> TokenKind | None:
    """Return the kind of a token whose shape and check characters are right, else None."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    body, check = text[:-CHECK_LENGTH], text[-CHECK_LENGTH:]
    return _KIND_OF_PREFIX[match[1]] if check_digits(body) == check else None


def display_prefix(text: str) -> str:
    """Return the part of a token that may be shown again, to tell it from others."""
    return text[:DISPLAY_LENGTH]
