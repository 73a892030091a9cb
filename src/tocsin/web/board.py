"""A team's sites as the first page shows them: states in words, each with its own icon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tocsin.checks.queries import SiteState, ToolState
from tocsin.probes.contract import CheckStatus, Outcome, Tool

# In this order on the page. A further tool is one line here.
COLUMNS: tuple[tuple[Tool, str], ...] = (
    (Tool.STATUS, "Status"),
    (Tool.SSL, "SSL"),
    (Tool.DNS, "DNS"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: colour (`tone`), shape (`icon`) and word say the same."""

    tone: str
    icon: str
    label: str


FAILED = Look("failing", "triangle-alert", "No result")
WAITING = Look("idle", "circle-dashed", "Waiting")
OFF = Look("idle", "circle-minus", "Off")
SKIPPED = Look("idle", "circle-minus", "Skipped")
UNKNOWN = Look("unknown", "circle-question-mark", "Unknown")
_OK = {Tool.STATUS: "Up", Tool.SSL: "Valid", Tool.DNS: "Good"}
_FAILING = {Tool.STATUS: "Down", Tool.SSL: "Problem", Tool.DNS: "Problem"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One tool of one site."""

    tool: Tool
    heading: str
    look: Look
    summary: str


@dataclass(frozen=True, slots=True)
class Row:
    """One site."""

    uuid: UUID
    name: str
    url: str
    domain: str
    cells: tuple[Cell, ...]
    checked_at: datetime | None


def rows(states: Iterable[SiteState]) -> list[Row]:
    """Put sites into rows."""
    return [_row(state) for state in states]


def headline(board: Iterable[Row]) -> str:
    """Say in one sentence how all is; read out to screen readers when it changes."""
    tones = [{cell.look.tone for cell in row.cells} for row in board]
    if not tones:
        return ""
    failing = sum("failing" in each for each in tones)
    if failing:
        return f"{failing} of {len(tones)} site{_plural(len(tones))} need attention"
    if any("unknown" in each for each in tones):
        return "Some states are unknown"
    if all(each == {"idle"} for each in tones):
        return "Waiting for the first results"
    return "All is well"


def look_of(tool: Tool, state: ToolState | None) -> Look:
    """Choose how a tool's latest state is shown; None where the tool is off."""
    if state is None:
        return OFF
    if state.status is None or state.status == CheckStatus.PENDING:
        return WAITING
    match state.outcome:
        case Outcome.OK:
            return Look("ok", "circle-check", _OK.get(tool, "Good"))
        case Outcome.FAILING:
            return Look("failing", "octagon-x", _FAILING.get(tool, "Problem"))
        case Outcome.UNKNOWN:
            return UNKNOWN
    return SKIPPED if state.status == CheckStatus.SKIPPED else FAILED


def _row(state: SiteState) -> Row:
    cells = tuple(
        Cell(
            tool=tool,
            heading=heading,
            look=look_of(tool, found := state.tools.get(tool)),
            summary=found.summary if found else "",
        )
        for tool, heading in COLUMNS
    )
    moments = [found.checked_at for found in state.tools.values() if found.checked_at]
    return Row(
        uuid=state.uuid,
        name=state.name,
        url=state.url,
        domain=state.domain,
        cells=cells,
        checked_at=max(moments, default=None),
    )


def _plural(count: int) -> str:
    return "" if count == 1 else "s"
