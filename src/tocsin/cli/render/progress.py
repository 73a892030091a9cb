"""Live progress on standard error: a line a tool, gone when the report comes."""

import contextlib
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from tocsin.cli.render.text import GOOD, QUIET, counted
from tocsin.probes.contract import ProbeRequest, Progress, Stage, Tool


class Watch:
    """What is known of the tools while they run; `live` is None where nobody looks."""

    def __init__(self, tools: Sequence[Tool], live: Live | None = None) -> None:
        self._waiting = dict.fromkeys(tools, True)
        self._come: dict[Tool, Progress] = {}
        self._spinner = Spinner("dots")
        self._live = live
        self._show()

    def on_answer(self, tool: Tool) -> None:
        """Note that a tool has answered."""
        self._waiting[tool] = False
        self._show()

    def on_progress(self, request: ProbeRequest, progress: Progress) -> None:
        """Note how far a tool has come."""
        self._come[request.tool] = progress
        self._show()

    def _show(self) -> None:
        if self._live is not None:
            self._live.update(self._picture())

    def _picture(self) -> Table:
        grid = Table.grid(padding=(0, 1))
        for tool, still in self._waiting.items():
            mark = self._spinner if still else Text("✓", style=GOOD)
            name = Text(tool.value, style="" if still else QUIET)
            grid.add_row(" ", mark, name, Text(describe(self._come.get(tool)), style=QUIET))
        return grid


def describe(progress: Progress | None) -> str:
    """Put in words how far a check has come: `12 pages, 240 links, 3 dead`, `run 2 of 3`."""
    match progress:
        case None:
            return ""
        case Progress(stage=Stage.MEASURING):
            return f"run {progress.done + 1} of {progress.total}"
    pages, links = counted(progress.done, "page"), counted(progress.links or 0, "link")
    return f"{pages}, {links}, {progress.found} dead"


@contextlib.contextmanager
def progress(tools: Sequence[Tool]) -> Iterator[Watch]:
    """Show on a terminal which tools still run; yields what to tell of it."""
    console = Console(stderr=True)
    if not console.is_terminal or console.is_dumb_terminal:
        yield Watch(tools)
        return
    with Live(console=console, transient=True, refresh_per_second=12) as live:
        yield Watch(tools, live)
