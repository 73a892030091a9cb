"""Options that several commands take."""

import os
from typing import Annotated

import typer

WebProcesses = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=64,
        help="How many processes serve the web; by default two where there are two cores. "
        "[env: TOCSIN_WEB_PROCESSES]",
    ),
]


def name_web_processes(count: int | None) -> None:
    """Let the option count as the setting of that name does, here and in child processes."""
    if count is not None:
        os.environ["TOCSIN_WEB_PROCESSES"] = str(count)
