"""`tocsin admin create-token`, `revoke-token`, `revoke-leaked` and `explain-access`."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from tocsin.cli.database import open_database
from tocsin.cli.errors import UsageError
from tocsin.cli.output import JsonOption, print_fields, print_json


def create_token(
    *,
    email: Annotated[str, typer.Option(help="The address of whom the token acts as.")],
    name: Annotated[str, typer.Option(help="What the token is for.")],
    scopes: Annotated[str, typer.Option(help="Comma separated, such as sites:read,checks:run.")],
    kind: Annotated[str, typer.Option(help="api or mcp.")] = "api",
    expires: Annotated[
        str | None,
        typer.Option(help="A date or time (ISO 8601; UTC unless it says). Default: six months."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token and print it, once."""
    open_database()
    from tocsin.access import actions  # noqa: PLC0415 - models are loaded only now
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415
    from tocsin.access.tokens import TokenKind  # noqa: PLC0415
    from tocsin.accounts.queries import user_by_email  # noqa: PLC0415

    if kind not in list(TokenKind):
        raise UsageError(f"--kind is api or mcp, not {kind!r}.")
    made = actions.create_token(
        SYSTEM,
        user=user_by_email(email),
        kind=TokenKind(kind),
        name=name,
        scopes=[scope.strip() for scope in scopes.split(",") if scope.strip()],
        expires_at=None if expires is None else _moment(expires),
    )
    token = {"id": made.row.pk, "token": made.plaintext, "expires_at": made.row.expires_at}
    if as_json:
        print_json(token)
    else:
        print_fields("Copy the token now; it is not shown again.", token.items())


def revoke_token(
    *,
    id: Annotated[int, typer.Option("--id", help="The token's id.")],  # noqa: A002 - the option
    as_json: JsonOption = False,
) -> None:
    """Revoke one token, at once."""
    open_database()
    from tocsin.access import actions  # noqa: PLC0415 - models are loaded only now
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415

    _print_revoked(int(actions.revoke_token(SYSTEM, id)), as_json=as_json)


def revoke_leaked(*, as_json: JsonOption = False) -> None:
    """Revoke the tokens that stand on standard input, and tell their owners.

    Of a connected client, all that it holds is revoked with one of its tokens.
    """
    open_database()
    from tocsin.access import actions  # noqa: PLC0415 - models are loaded only now
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415
    from tocsin.oauth import actions as oauth  # noqa: PLC0415

    texts = sys.stdin.buffer.read().decode(errors="replace").split()
    revoked = actions.revoke_leaked(texts) + oauth.revoke_leaked(SYSTEM, texts)
    _print_revoked(revoked, as_json=as_json)


def explain_access(
    *,
    token_id: Annotated[int, typer.Option(help="The token's id.")],
    permission: Annotated[str, typer.Option(help="Such as createSite.")],
    team: Annotated[int, typer.Option(help="The team's id.")],
    as_json: JsonOption = False,
) -> None:
    """Say whether a token may do something in a team, and if not which gate says no."""
    open_database()
    from tocsin.access.explain import Explanation, explain  # noqa: PLC0415 - models, as above
    from tocsin.access.failures import Failure  # noqa: PLC0415
    from tocsin.access.gates import Gate  # noqa: PLC0415
    from tocsin.access.permissions import Permission  # noqa: PLC0415
    from tocsin.access.queries import principal_of_token  # noqa: PLC0415
    from tocsin.teams.queries import standing_of  # noqa: PLC0415

    if permission not in list(Permission):
        raise UsageError(f"--permission is one of {', '.join(Permission)}.")
    principal = principal_of_token(token_id)
    if isinstance(principal, Failure):
        answer = Explanation(allowed=False, gate=Gate.CREDENTIAL, reason=principal.description)
    else:
        answer = explain(principal, Permission(permission), standing_of(principal, team))
    if as_json:
        print_json(answer)
    else:
        verdict = "Allowed." if answer.allowed else f"Refused by gate {answer.gate}."
        print_fields(verdict, [("reason", answer.reason)])


def _print_revoked(number: int, *, as_json: bool) -> None:
    if as_json:
        print_json({"revoked": number})
    else:
        print(f"Revoked {number} token{'' if number == 1 else 's'}.")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--expires is a date or time such as 2027-01-31, not {text!r}.") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
