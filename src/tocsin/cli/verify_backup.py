"""`tocsin verify-backup`: reads a whole backup, and counts and hashes it again."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.output import JsonOption, print_json, print_table
from tocsin.cli.render.counting import counting


def verify_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    *,
    as_json: JsonOption = False,
) -> None:
    """Say whether a backup is whole, and which table is not. Exit 1 where one is not."""
    from tocsin.copying.archive_reading import opened  # noqa: PLC0415 - loads Django's fields

    with opened(file) as archive, counting("Reading") as on_progress:
        manifest = archive.manifest
        found = archive.verify(on_progress)
    is_whole = all(each.ok for each in found)
    if as_json:
        print_json(
            {
                "file": str(file),
                "ok": is_whole,
                "version": manifest.version,
                "created_at": manifest.created_at,
                "secret_key": manifest.has_secret_key,
                "tables": found,
            }
        )
    else:
        rows = [
            ("ok" if each.ok else "DIFFERS", each.table, each.found_rows, each.found_hash[:16])
            for each in found
        ]
        print_table(("", "table", "rows", "hash"), rows, title=f"{file} of {manifest.created_at}")
    if not is_whole:
        names = ", ".join(each.table for each in found if not each.ok)
        typer.echo(f"tocsin: {file} is damaged: {names} differs from its manifest.", err=True)
        raise typer.Exit(1)
