"""Live progress on standard error: how many rows of which table are done."""

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


@contextlib.contextmanager
def counting(what: str) -> Iterator[Callable[[str, int], None]]:
    """Show progress on a terminal; yields what to call with a table and how many more rows."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f} rows", style="dim"),
        TimeElapsedColumn(),
    )
    is_shown = console.is_terminal and not console.is_dumb_terminal
    with Progress(*columns, console=console, transient=True, disable=not is_shown) as progress:
        task: TaskID = progress.add_task(what)

        def on_progress(table: str, rows: int) -> None:
            progress.update(task, description=f"{what} {table}", advance=rows)

        yield on_progress
