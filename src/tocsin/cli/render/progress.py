"""Live progress on standard error: a line a tool, gone when the report comes."""

import contextlib
from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from tocsin.cli.render.text import GOOD, QUIET
from tocsin.probes.contract import Tool


@contextlib.contextmanager
def progress(tools: Sequence[Tool]) -> Iterator[Callable[[Tool], None]]:
    """Show which tools still run, on a terminal; yields what to call when one has answered."""
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        yield lambda _: None
        return
    waiting = dict.fromkeys(tools, True)
    spinner = Spinner("dots")
    with Live(console=console, transient=True, refresh_per_second=12) as live:

        def show() -> None:
            live.update(_picture(waiting, spinner))

        def on_answer(tool: Tool) -> None:
            waiting[tool] = False
            show()

        show()
        yield on_answer


def _picture(waiting: dict[Tool, bool], spinner: Spinner) -> Table:
    grid = Table.grid(padding=(0, 1))
    for tool, still in waiting.items():
        mark = spinner if still else Text("✓", style=GOOD)
        grid.add_row(" ", mark, Text(tool.value, style="" if still else QUIET))
    return grid
