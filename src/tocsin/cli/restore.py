"""`tocsin restore`: puts a backup in place of this installation's data."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.database import load_django
from tocsin.cli.output import JsonOption, print_json, print_table
from tocsin.cli.render.counting import counting
from tocsin.config.environment import ConfigurationError


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace data that is there, whatever its key.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Restore a backup into an empty data directory or database, all of it or nothing."""
    from tocsin.copying.archive_reading import opened  # noqa: PLC0415 - loads Django's fields

    # Before anything is made in the data directory.
    with opened(file) as archive:
        load_django()
        from tocsin.config import environment, settings  # noqa: PLC0415 - loaded only now
        from tocsin.copying.restoring import Place, restore  # noqa: PLC0415
        from tocsin.runtime.single import AlreadyRunning, hold  # noqa: PLC0415

        _refuse_while_workers_live()
        given = settings.ENVIRONMENT.secret_key
        place = Place(
            media=settings.MEDIA_ROOT,
            secret_key=settings.SECRET_KEY,
            key_file=None if given else environment.key_file(settings.ENVIRONMENT),
        )
        try:
            with hold(settings.DATA_DIR), counting("Restoring") as on_progress:
                restore(archive, place, on_progress, force=force)
        except AlreadyRunning as error:
            raise ConfigurationError(f"{error} Stop it first.") from None
        manifest = archive.manifest
    rows = [(each.table.name, each.rows, each.hash) for each in manifest.tables]
    if as_json:
        tables = [dict(zip(("table", "rows", "hash"), row, strict=True)) for row in rows]
        restored = {"file": str(file), "created_at": manifest.created_at, "tables": tables}
        print_json({**restored, "secret_key": manifest.has_secret_key and not given})
    else:
        title = f"Restored {file} of {manifest.created_at:%Y-%m-%d %H:%M:%S} UTC"
        shown = [(table, count, digest[:16]) for table, count, digest in rows]
        print_table(("table", "rows", "hash"), shown, title=title)


def _refuse_while_workers_live() -> None:
    """Refuse where workers of other machines share the database."""
    from django.db import connection  # noqa: PLC0415 - models are loaded only now

    from tocsin.checks import heartbeats  # noqa: PLC0415
    from tocsin.copying.schema import SchemaState, state  # noqa: PLC0415

    # A worker on SQLite holds the data directory as long as it lives.
    is_shared = connection.vendor == "postgresql"
    if is_shared and state() is SchemaState.CURRENT and heartbeats.anybody():
        raise ConfigurationError(
            "a worker of Tocsin's has given a sign of life just now; stop every one, and wait "
            f"{heartbeats.FRESH} seconds"
        )
