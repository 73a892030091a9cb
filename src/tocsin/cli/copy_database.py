"""`tocsin copy-database`: moves an installation to another database, with all its history."""

from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.cli.database import open_database
from tocsin.cli.errors import UsageError
from tocsin.cli.output import JsonOption, print_json, print_table
from tocsin.cli.render.counting import counting
from tocsin.config.databases import database_settings

ALIAS = "target"
STILL_RUNNING = (
    "Tocsin was at work meanwhile: the copy is of the moment at which it began. To move for good, "
    "stop Tocsin, empty the target and copy once more."
)


def copy_database(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="postgres://user:password@host/name or sqlite:///…")
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Copy every row into an empty database, then count and hash both sides."""
    target_settings = _settings(url)
    open_database()
    from tocsin.checks import heartbeats  # noqa: PLC0415 - models are loaded only now
    from tocsin.copying import connecting, copy  # noqa: PLC0415
    from tocsin.copying.tables import all_tables  # noqa: PLC0415

    connecting.add(ALIAS, target_settings)
    _make_tables()
    with (
        closing(connecting.connect()) as source,
        closing(connecting.connect(ALIAS)) as target,
        counting("Copying") as on_progress,
    ):
        try:
            copied = copy.copy(source, target, all_tables(), on_progress)
        except copy.Differs as error:
            _show(error.copied, was_running=False, as_json=as_json)
            raise
    _show(copied, was_running=heartbeats.anybody(), as_json=as_json)


def _settings(url: str) -> dict[str, Any]:
    if "://" not in url:
        raise UsageError("URL must be postgres://user:password@host/name or sqlite:///file.")
    try:
        return database_settings(url, Path())
    except ValueError as error:
        raise UsageError(f"URL: {error}.") from None


def _make_tables() -> None:
    """Make the tables of the target. Raises CopyError where it is not empty."""
    from tocsin.copying import schema  # noqa: PLC0415 - models are loaded only now
    from tocsin.copying.emptiness import first_with_rows  # noqa: PLC0415
    from tocsin.copying.errors import CopyError  # noqa: PLC0415

    found = first_with_rows(ALIAS)
    if found is not None:
        raise CopyError(f"The target is not empty (there are rows in {found}); name another.")
    schema.migrate(ALIAS)


def _show(copied: Any, *, was_running: bool, as_json: bool) -> None:
    if as_json:
        same = all(each.ok for each in copied)
        print_json({"ok": same, "was_running": was_running, "tables": copied})
        return
    rows = [
        ("ok" if each.ok else "DIFFERS", each.table, each.rows, each.target_rows, each.hash[:16])
        for each in copied
    ]
    print_table(("", "table", "rows", "arrived", "hash"), rows)
    if was_running:
        typer.echo(STILL_RUNNING, err=True)
