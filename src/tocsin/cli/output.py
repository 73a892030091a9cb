"""What commands print: for people on a terminal, or one JSON document for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import typer

JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]


def print_json(document: object) -> None:
    """Print a document of structs, dataclasses and plain values.

    Moments are ISO 8601 in UTC, whole seconds, as everywhere in the contract.
    """
    plain = msgspec.to_builtins(document, builtin_types=(datetime,))
    json.dump(plain, sys.stdout, default=_moment, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def print_fields(title: str, fields: Iterable[tuple[str, object]]) -> None:
    """Print a title and what belongs to it, a line each."""
    print_table(("", ""), fields, title=title, header=False)


def print_table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    header: bool = True,
) -> None:
    """Print rows under column names."""
    from rich import box  # noqa: PLC0415 - slow to load, and programs never need it
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(
        title=None if title is None else Text(title),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD if header else None,
        show_header=header,
    )
    for number, column in enumerate(columns):
        table.add_column(column, style="dim" if number == 0 and not header else None)
    for row in rows:
        # As Text, so that square brackets in names are not taken for markup.
        table.add_row(*(Text(shown(cell)) for cell in row))
    Console().print(table)


def shown(value: object) -> str:
    """Turn a value into what a person reads."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        case _:
            return str(value)


def _moment(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    raise TypeError(f"{type(value).__name__} has no JSON form")
