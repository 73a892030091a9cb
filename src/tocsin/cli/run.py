"""`tocsin run`: some roles in this process, for those who supervise processes themselves."""

import os
from typing import Annotated

import typer

from tocsin.cli.apart import apart
from tocsin.cli.errors import UsageError
from tocsin.cli.options import WebProcesses, name_web_processes
from tocsin.cli.ports import require_free
from tocsin.config import environment
from tocsin.runtime import roles as known
from tocsin.runtime import web_children
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
    web_processes: WebProcesses = None,
) -> None:
    """Run roles in the foreground until SIGTERM. The database must be up to date (`tocsin up`)."""
    if region:
        os.environ["TOCSIN_REGION"] = region
    name_web_processes(web_processes)
    loaded = environment.load()
    if known.split(roles) and not loaded.bus_url:
        together = " ".join(sorted(known.FLOW))
        raise UsageError(
            f"the in-process bus needs {together} together: run them in one process, or set "
            "TOCSIN_BUS_URL"
        )
    if set(roles) == {Role.WEB} and web_children.how_many(loaded) > 1:
        require_free(host, port)
        apart(_make_ready)
        raise typer.Exit(web_children.keep(host, port, loaded))
    if Role.WEB in roles and loaded.web_processes > 1:
        raise UsageError("several web processes have no other role: run web by itself")
    raise typer.Exit(_run(roles, host, port))


def _run(roles: list[Role], host: str, port: int) -> int:
    if known.needs_database(roles):
        _make_ready()
    from tocsin.runtime.__main__ import run as run_roles  # noqa: PLC0415 - start quickly

    return run_roles(roles, host, port)


def _make_ready() -> None:
    from tocsin.cli.database import open_database  # noqa: PLC0415 - loads Django

    open_database(make=True)
