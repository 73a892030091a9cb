"""Who is acting, resolved once at the door."""

from dataclasses import dataclass
from enum import StrEnum

from tocsin.access.scopes import Scope


class PrincipalKind(StrEnum):
    """Through which credential a principal acts."""

    SESSION = "session"
    PERSONAL_TOKEN = "personal_token"  # noqa: S105 - a word, not a secret
    MCP_TOKEN = "mcp_token"  # noqa: S105
    OAUTH_GRANT = "oauth_grant"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Principal:
    """A user through one credential, or the system itself.

    `scopes` is None where the credential carries none and the role alone decides (sessions and
    the system). `user_id` is None for the system only.
    """

    kind: PrincipalKind
    user_id: int | None = None
    scopes: frozenset[Scope] | None = None
    token_id: int | None = None
    active: bool = True
    email_verified: bool = True
    has_two_factor: bool = False


SYSTEM = Principal(kind=PrincipalKind.SYSTEM)
