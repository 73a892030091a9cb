"""`tocsin run`: some roles in this process, for those who supervise processes themselves."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from tocsin.cli.errors import UsageError


class RunRole(StrEnum):
    """What a process does; the contract's roles."""

    WEB = "web"
    SCHEDULER = "scheduler"
    PROBER = "prober"
    INTAKE = "intake"
    HOUSEKEEPER = "housekeeper"


WORKER = frozenset(RunRole) - {RunRole.WEB}


def run(
    roles: Annotated[list[RunRole], typer.Argument(metavar="ROLE…", help="web, or the others.")],
    *,
    region: Annotated[str | None, typer.Option(help="Where this prober looks from.")] = None,
    host: Annotated[str, typer.Option(help="web: the address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="web: the port.")] = 8000,
) -> None:
    """Run roles in the foreground until SIGTERM. The database must be up to date (`tocsin up`)."""
    wanted = frozenset(roles)
    if region:
        os.environ["TOCSIN_VANTAGE"] = region
    if wanted not in (frozenset({RunRole.WEB}), WORKER):
        names = " ".join(sorted(WORKER))
        raise UsageError(
            f"the in-process bus needs its roles together: run `web` alone, or all of {names}"
        )
    raise typer.Exit(_run(["web", host, str(port)] if RunRole.WEB in wanted else ["worker"]))


def _run(arguments: list[str]) -> int:
    from tocsin.cli.database import open_database  # noqa: PLC0415 - start quickly
    from tocsin.runtime.__main__ import main  # noqa: PLC0415

    open_database()
    return main(arguments)
