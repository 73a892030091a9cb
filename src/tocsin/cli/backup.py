"""`tocsin backup`: everything of this installation in one file, while it runs."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.database import open_database
from tocsin.cli.output import JsonOption, print_json, print_table
from tocsin.cli.render.counting import counting

WITH_KEY = "Whoever has this file can act as this installation: it holds the secret key."
WITHOUT_KEY = (
    "The secret key is not in this file. Keep it elsewhere: without it, tokens, second factors and "
    "destinations of this backup are lost."
)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")],
    *,
    secret_key: Annotated[
        bool,
        typer.Option(
            help="Put the secret key in, where Tocsin made it. One that you gave by "
            "TOCSIN_SECRET_KEY stays yours to keep."
        ),
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Write a backup of this moment: all rows, uploaded files and the secret key."""
    open_database()
    from django.conf import settings  # noqa: PLC0415 - loaded only now

    from tocsin.config.settings import ENVIRONMENT  # noqa: PLC0415
    from tocsin.copying import archive_writing, connecting, schema  # noqa: PLC0415
    from tocsin.copying.keys import key_mark  # noqa: PLC0415
    from tocsin.copying.tables import all_tables  # noqa: PLC0415

    is_ours = not ENVIRONMENT.secret_key
    contents = archive_writing.Contents(
        migrations=schema.applied(),
        media=Path(settings.MEDIA_ROOT),
        key_mark=key_mark(settings.SECRET_KEY),
        secret_key=settings.SECRET_KEY if is_ours and secret_key else None,
    )
    with closing(connecting.connect()) as source, counting("Saving") as on_progress:
        manifest = archive_writing.write(file, source, all_tables(), contents, on_progress)
    written = {
        "file": str(file),
        "bytes": file.stat().st_size,
        "version": manifest.version,
        "created_at": manifest.created_at,
        "secret_key": manifest.has_secret_key,
        "media": len(manifest.media),
        "tables": [
            {"table": entry.table.name, "rows": entry.rows, "hash": entry.hash}
            for entry in manifest.tables
        ],
    }
    if as_json:
        print_json(written)
        return
    rows = [(entry.table.name, entry.rows, entry.hash[:16]) for entry in manifest.tables]
    print_table(("table", "rows", "hash"), rows, title=f"{file}: {file.stat().st_size:,} bytes")
    typer.echo(WITH_KEY if manifest.has_secret_key else WITHOUT_KEY, err=True)
