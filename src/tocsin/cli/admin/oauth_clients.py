"""`tocsin admin oauth-clients`: the programs that people let in, and the operator's own."""

from typing import Annotated

import typer

from tocsin.cli.database import open_database
from tocsin.cli.output import JsonOption, print_fields, print_json, print_table

app = typer.Typer(
    help="List, create and delete OAuth clients.", no_args_is_help=True, add_completion=False
)


@app.command("list")
def list_clients(*, as_json: JsonOption = False) -> None:
    """List all clients, newest first, and how many grants each has."""
    open_database()
    from tocsin.oauth.clients import all_clients  # noqa: PLC0415 - models are loaded only now

    found = all_clients()
    if as_json:
        print_json(found)
        return
    rows = (
        (each.client_id, each.name, each.source, each.created_at, each.grants) for each in found
    )
    print_table(("client", "name", "known by", "since", "grants"), rows)


@app.command()
def create(
    *,
    name: Annotated[str, typer.Option(help="What asks whether tokens count, such as a gateway.")],
    as_json: JsonOption = False,
) -> None:
    """Make a client for introspection and print its secret, once."""
    open_database()
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.oauth.clients import create_confidential  # noqa: PLC0415

    made = create_confidential(SYSTEM, name)
    if as_json:
        print_json(made)
    else:
        fields = [("client_id", made.client_id), ("client_secret", made.client_secret)]
        print_fields("Copy the secret now; it is not shown again.", fields)


@app.command()
def delete(
    *,
    client_id: Annotated[str, typer.Option(help="The client's id.")],
    as_json: JsonOption = False,
) -> None:
    """Delete a client; whatever people granted it ends at once."""
    open_database()
    from tocsin.access.principal import SYSTEM  # noqa: PLC0415 - models are loaded only now
    from tocsin.oauth import clients  # noqa: PLC0415

    ended = clients.delete(SYSTEM, client_id)
    if as_json:
        print_json({"deleted": client_id, "grants": ended})
    else:
        print(f"Deleted the client and {ended} grant{'' if ended == 1 else 's'}.")
