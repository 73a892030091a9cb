"""`tocsin admin create-user` and `set-user`."""

import sys
from typing import Annotated

import typer

from tocsin.cli.database import open_database
from tocsin.cli.output import JsonOption, print_fields, print_json

EmailOption = Annotated[str, typer.Option(help="The person's address.")]


def create_user(
    *,
    email: EmailOption,
    name: Annotated[str, typer.Option(help="The person's name.")],
    password: Annotated[
        str | None,
        typer.Option(help="At least 12 characters. Asked for on a terminal where it is left out."),
    ] = None,
    verified: Annotated[
        bool, typer.Option("--verified", help="Take the address as verified.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Create a user with the personal team."""
    open_database(make=True)
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.accounts import actions  # noqa: PLC0415
    from tocsin.teams.queries import personal_team_id  # noqa: PLC0415

    if password is None and not as_json:
        password = _ask_password()
    user = actions.create_user(SYSTEM, email=email, name=name, password=password, verified=verified)
    created = {"id": user.pk, "email": user.email, "team_id": personal_team_id(user.pk)}
    if as_json:
        print_json(created)
        return
    print_fields(f"Created {user.name}.", created.items())
    if password is None:
        print("They set a password by “Forgot password” on the sign-in page.")


def _ask_password() -> str | None:
    """Ask twice, without an echo; None where nobody sits at a terminal or nothing is typed."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    question = "Password (at least 12 characters; empty: they choose it by “Forgot password”)"
    typed: str = typer.prompt(
        question, default="", show_default=False, hide_input=True,
        confirmation_prompt="Once more", err=True,
    )  # fmt: skip
    return typed or None


def set_user(
    *,
    email: EmailOption,
    active: Annotated[
        bool | None,
        typer.Option("--active/--inactive", help="Switch the account on or off."),
    ] = None,
    verified: Annotated[
        bool | None,
        typer.Option("--verified/--unverified", help="Take the address as verified, or not."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Switch an account on or off, or its address to verified or not."""
    open_database()
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.accounts import actions, queries  # noqa: PLC0415

    found = queries.user_by_email(email)
    user = queries.view_of(actions.set_user(SYSTEM, found.pk, active=active, verified=verified))
    if as_json:
        print_json(user)
        return
    fields = [("id", user.id), ("email", user.email), ("active", user.is_active)]
    print_fields(user.name, [*fields, ("verified", user.email_verified_at)])
