"""`tocsin admin add-destination`."""

from typing import Annotated

import typer

from tocsin.cli.database import open_database
from tocsin.cli.output import JsonOption, print_fields, print_json


def add_destination(
    *,
    team: Annotated[int, typer.Option(help="The team's id.")],
    channel: Annotated[
        str, typer.Option(help="email, slack, microsoft_teams, discord or webhook.")
    ],
    to: Annotated[str, typer.Option(help="An address to post to, or mail addresses.")],
    events: Annotated[str, typer.Option(help="Comma separated.")] = "open,resolve",
    tools: Annotated[str | None, typer.Option(help="Comma separated. Default: all.")] = None,
    method: Annotated[str, typer.Option(help="webhook: post or get.")] = "post",
    as_json: JsonOption = False,
) -> None:
    """Send a team's notifications to one more place, and print the secret that signs them, once."""
    open_database()
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.notifications.actions import destinations  # noqa: PLC0415

    typed = {"addresses": to} if channel == "email" else {"url": to, "method": method}
    added = destinations.add(
        SYSTEM,
        team,
        channel=channel,
        config=typed,
        events=_parts(events),
        tools=None if tools is None else _parts(tools),
    )
    facts = {"id": added.destination.pk, "secret": added.secret}
    if as_json:
        print_json(facts)
    else:
        print_fields(f"Sending to {added.destination.masked}.", facts.items())


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]
