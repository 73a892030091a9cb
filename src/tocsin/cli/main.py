"""The `tocsin` command: finds the command that is meant, and turns errors into one line.

Commands are loaded when they are called, so that `tocsin check` starts without Django and
`tocsin --help` without anything.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from tocsin.cli import errors

# What Tocsin writes is for its own user, also in a data directory that others may look into.
PRIVATE = 0o077
# Where each command lives: a function, or an app of its own.
COMMANDS = {
    "up": "tocsin.cli.up:up",
    "run": "tocsin.cli.run:run",
    "check": "tocsin.cli.check:check",
    "doctor": "tocsin.cli.doctor:doctor",
    "admin": "tocsin.cli.admin:app",
    "backup": "tocsin.cli.backup:backup",
    "verify-backup": "tocsin.cli.verify_backup:verify_backup",
    "restore": "tocsin.cli.restore:restore",
    "copy-database": "tocsin.cli.copy_database:copy_database",
}


class LazyGroup(TyperGroup):
    """Loads a command when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the commands in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load one command; None where there is none of that name."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        found = getattr(import_module(module), name)
        if isinstance(found, typer.Typer):
            group = typer.main.get_command(found)
            group.name = cmd_name
            return group
        single = typer.Typer(add_completion=False)
        single.command(cmd_name)(found)
        return typer.main.get_command(single)


app = typer.Typer(cls=LazyGroup, no_args_is_help=True, add_completion=False)


def _version(*, wanted: bool) -> None:
    if wanted:
        from tocsin import __version__  # noqa: PLC0415

        print(f"tocsin {__version__}")
        raise typer.Exit


@app.callback()
def root(
    *,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="The data directory; every command takes it. [env: TOCSIN_DATA_DIR]",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version.",
            is_eager=True,
            callback=lambda value: _version(wanted=value),
        ),
    ] = False,
) -> None:
    """Watch websites and account for every check."""


def main() -> NoReturn:
    """Run the command line of this process."""
    os.umask(PRIVATE)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line. Returns the exit code: 0, 1 for an error, 2 for wrong usage."""
    try:
        command = typer.main.get_command(app)
        result = command(take_data(arguments), prog_name="tocsin", standalone_mode=False)
    except Exception as error:
        if os.environ.get("TOCSIN_DEBUG"):
            raise
        return errors.report(error)
    return result if isinstance(result, int) else 0


def take_data(arguments: Sequence[str]) -> list[str]:
    """Take `--data DIR` out of the arguments, wherever it stands, and into the environment.

    It must be known before the first import of the settings, which is before any command.
    """
    rest: list[str] = []
    remaining = iter(arguments)
    for argument in remaining:
        name, equals, value = argument.partition("=")
        if name != "--data":
            rest.append(argument)
            continue
        directory = value if equals else next(remaining, "")
        if not directory:
            raise errors.UsageError("--data needs a directory.")
        os.environ["TOCSIN_DATA_DIR"] = directory
    return rest


if __name__ == "__main__":
    main()
