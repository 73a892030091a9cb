"""Read tokens."""

from collections.abc import Sequence

from tocsin.access.credentials import failure_of, principal_of, with_owner
from tocsin.access.failures import Failure
from tocsin.access.models import Token
from tocsin.access.principal import Principal
from tocsin.access.tokens import TokenKind
from tocsin.kit import clock
from tocsin.kit.errors import NotFound


def tokens_of(principal: Principal, kind: TokenKind) -> Sequence[Token]:
    """Return the principal's own live tokens of a kind, newest first."""
    live = Token.objects.owned_by(principal).live(clock.now())
    return list(live.filter(kind=kind).order_by("-id"))


def own_token(principal: Principal) -> Token:
    """Return the token that the principal acts by. Raises NotFound for other credentials."""
    acting = principal.token_id
    token = None if acting is None else Token.objects.filter(pk=acting).first()
    if token is None:
        raise NotFound("This credential is not a token.")
    return token


def principal_of_token(token_id: int) -> Principal | Failure:
    """Return the principal that a token acts as, or why the token does not count; to explain.

    Raises NotFound.
    """
    row = with_owner(Token.objects.filter(pk=token_id)).first()
    if row is None:
        raise NotFound("There is no such token.")
    return failure_of(row, clock.now()) or principal_of(row)
