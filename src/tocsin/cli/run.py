"""`tocsin run`: some roles in this process, for those who supervise processes themselves."""

import os
from typing import Annotated

import typer

from tocsin.cli.errors import UsageError
from tocsin.config import environment
from tocsin.runtime import roles as known
from tocsin.runtime.roles import Role


def run(
    roles: Annotated[list[Role], typer.Argument(metavar="ROLE…", help=", ".join(Role))],
    *,
    region: Annotated[
        str | None,
        typer.Option(help="scheduler, prober: the region to feed, or to look from."),
    ] = None,
    host: Annotated[str, typer.Option(help="web: the address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="web: the port.")] = 8000,
) -> None:
    """Run roles in the foreground until SIGTERM. The database must be up to date (`tocsin up`)."""
    if region:
        os.environ["TOCSIN_REGION"] = region
    if known.split(roles) and not environment.load().bus_url:
        together = " ".join(sorted(known.FLOW))
        raise UsageError(
            f"the in-process bus needs {together} together: run them in one process, or set "
            "TOCSIN_BUS_URL"
        )
    raise typer.Exit(_run(roles, host, port))


def _run(roles: list[Role], host: str, port: int) -> int:
    from tocsin.runtime.__main__ import run as run_roles  # noqa: PLC0415 - start quickly

    if known.needs_database(roles):
        from tocsin.cli.database import open_database  # noqa: PLC0415 - loads Django

        open_database(make=True)
    return run_roles(roles, host, port)
