"""The report of `tocsin check`: a section a tool, worst news visible at a glance."""

import sys
from collections import Counter
from collections.abc import Mapping
from io import TextIOWrapper

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tocsin.cli.render.broken_links import links_section
from tocsin.cli.render.dns import dns_section
from tocsin.cli.render.performance import performance_section
from tocsin.cli.render.section import Section
from tocsin.cli.render.ssl import ssl_section
from tocsin.cli.render.status import status_section
from tocsin.cli.render.text import BAD, GOOD, LABEL, QUIET, WARN, plain
from tocsin.probes.answer import Answer
from tocsin.probes.contract import CheckStatus, Outcome, Tool

MARKS = {
    Outcome.OK: Text("✓", style=GOOD),
    Outcome.FAILING: Text("✗", style=BAD),
    Outcome.UNKNOWN: Text("?", style=WARN),
}
LABEL_CELLS = 8
SKIPPED_MARK = Text("–", style=QUIET)


def print_report(url: str, answers: Mapping[Tool, Answer]) -> None:
    """Print what every tool found."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal without these characters gets question marks, not an error.
        sys.stdout.reconfigure(errors="replace")
    console = Console(highlight=False, emoji=False)
    with console.capture() as capture:
        console.print("", plain(f" {url}", "bold"), sep="\n")
        for tool, answer in answers.items():
            console.print("", _picture(tool, answer), sep="\n")
        console.print("", Text(" ").append_text(_summary(answers)), sep="\n")
    # Without the blanks to the right of every line, which only hurt who copies or pipes it.
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def describe(tool: Tool, answer: Answer) -> Section:
    """Put an answer in words."""
    if answer.status is CheckStatus.SKIPPED and answer.error is not None:
        return Section(plain(f"Skipped: {answer.error.message}", QUIET))
    section = _section(tool, answer)
    if answer.error is not None:
        section.headline = plain(answer.error.message, BAD)
        section.add("code", answer.error.code, QUIET)
    if answer.outcome is Outcome.UNKNOWN and answer.status is CheckStatus.FAILED:
        section.add("but", "our own network is at fault, or the check did not finish", WARN)
    return section


def _section(tool: Tool, answer: Answer) -> Section:
    result = answer.result
    if result is None:
        return Section()
    match tool:
        case Tool.STATUS:
            return status_section(result)
        case Tool.SSL:
            return ssl_section(result, answer.outcome)
        case Tool.DNS:
            return dns_section(result)
        case Tool.BROKEN_LINKS:
            return links_section(result)
        case Tool.PERFORMANCE:
            return performance_section(result)


def _picture(tool: Tool, answer: Answer) -> Table:
    section = describe(tool, answer)
    mark = SKIPPED_MARK if answer.status is CheckStatus.SKIPPED else MARKS[answer.outcome]
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=2, justify="right")
    grid.add_column(width=max(LABEL_CELLS, len(tool.value)))
    grid.add_column(overflow="fold")
    grid.add_row(mark, Text(tool.value, style="bold"), section.headline)
    for label, value in section.lines:
        grid.add_row("", Text(label, style=LABEL), value)
    return grid


def _summary(answers: Mapping[Tool, Answer]) -> Text:
    counts = Counter(
        "skipped" if answer.status is CheckStatus.SKIPPED else answer.outcome.value
        for answer in answers.values()
    )
    order = (("failing", BAD), ("unknown", WARN), ("ok", GOOD), ("skipped", QUIET))
    told = [Text(f"{counts[word]} {word}", style) for word, style in order if counts[word]]
    return Text(", ", style=QUIET).join(told)
