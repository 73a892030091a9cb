"""`tocsin up`: everything on this machine, from one command."""

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated
from urllib.request import urlopen

import typer

from tocsin.cli.apart import apart
from tocsin.cli.options import WebProcesses, name_web_processes
from tocsin.cli.ports import require_free
from tocsin.config import environment
from tocsin.config.environment import ConfigurationError, Environment
from tocsin.runtime import logs, web_children
from tocsin.runtime.supervisor import Child, supervise

READY_SECONDS = 60
LOOK_SECONDS = 0.1
WELCOME = """\
Tocsin is ready at {address}
  the first account:  {command} admin create-user --email you@example.com --name You --verified
  stop with Ctrl-C\
"""


def up(
    *,
    host: Annotated[str, typer.Option(help="The address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on.")] = 8000,
    web_processes: WebProcesses = None,
) -> None:
    """Serve the dashboard and watch the sites until Ctrl-C."""
    name_web_processes(web_processes)
    address = f"http://{_bracketed(host)}:{port}"
    require_free(host, port)
    os.environ.setdefault("TOCSIN_BASE_URL", address)
    loaded = environment.load()
    apart(_prepare)
    logs.configure(loaded.log_format)
    asyncio.run(_run(host, port, address, loaded))


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _prepare() -> None:
    """Make the data directory ready, with nobody else at work on it."""
    from tocsin.cli.database import bring_up_to_date, load_django  # noqa: PLC0415 - start quickly
    from tocsin.runtime import setup, single  # noqa: PLC0415

    load_django()
    loaded = setup.django()
    try:
        single.hold(loaded.data_dir).close()
    except single.AlreadyRunning as error:
        raise ConfigurationError(str(error)) from None
    except OSError as error:
        raise ConfigurationError(
            f"TOCSIN_DATA_DIR: {loaded.data_dir} cannot be written ({error.strerror}); "
            "name a directory that this user can write"
        ) from None
    bring_up_to_date()


async def _run(host: str, port: int, address: str, loaded: Environment) -> None:
    children = (
        *web_children.children(host, port, web_children.how_many(loaded)),
        Child("worker", ("-m", "tocsin.runtime", "worker")),
    )
    stop = asyncio.Event()
    welcome = asyncio.create_task(_welcome(host, port, address))
    await supervise(children, stop)
    welcome.cancel()


async def _welcome(host: str, port: int, address: str) -> None:
    """Say where Tocsin is once it answers there."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, _bracketed(host))  # noqa: S104
    for _ in range(int(READY_SECONDS / LOOK_SECONDS)):
        if await asyncio.to_thread(_answers, f"http://{reached}:{port}/healthz"):
            print(WELCOME.format(address=address, command=_command()), flush=True)
            return
        await asyncio.sleep(LOOK_SECONDS)


def _command() -> str:
    """Return how this very command is called from here, for people to copy."""
    started_as = sys.argv[0]
    found = shutil.which("tocsin")
    on_path = found is not None and Path(found).resolve() == Path(started_as).resolve()
    return "tocsin" if on_path else os.path.relpath(started_as)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1) as answer:  # noqa: S310 — our own address
            return bool(answer.status == 200)  # noqa: PLR2004
    except OSError:
        return False
