"""A team's sites as the first page shows them: states in words, each with its own icon."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tocsin.checks.queries import SiteState, ToolState
from tocsin.kit import clock
from tocsin.probes.contract import CheckStatus, Outcome, Tool
from tocsin.web.phrases import said

# In this order on the page. A further tool is one line here.
COLUMNS: tuple[tuple[Tool, Promise], ...] = (
    (Tool.STATUS, _("Status")),
    (Tool.SSL, _("SSL")),
    (Tool.DNS, _("DNS")),
    (Tool.BROKEN_LINKS, _("Links")),
    (Tool.PERFORMANCE, _("Speed")),
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: colour (`tone`), shape (`icon`) and word say the same."""

    tone: str
    icon: str
    label: str | Promise


FAILED = Look("failing", "triangle-alert", _("No result"))
WAITING = Look("idle", "circle-dashed", _("Waiting"))
OFF = Look("idle", "circle-minus", _("Off"))
SKIPPED = Look("idle", "circle-minus", _("Skipped"))
UNKNOWN = Look("unknown", "circle-question-mark", _("Unknown"))
_OK: dict[Tool, Promise] = {Tool.STATUS: _("Up"), Tool.SSL: _("Valid")}
_FAILING: dict[Tool, Promise] = {Tool.STATUS: _("Down")}


@dataclass(frozen=True, slots=True)
class Cell:
    """One tool of one site."""

    tool: Tool
    heading: str | Promise
    look: Look
    summary: str

    @property
    def is_brief(self) -> bool:
        """Tell whether the state alone says enough: all is well, and it is not the status."""
        return self.look.tone == "ok" and self.tool is not Tool.STATUS


@dataclass(frozen=True, slots=True)
class Row:
    """One site."""

    uuid: UUID
    name: str
    url: str
    domain: str
    cells: tuple[Cell, ...]
    checked_at: datetime | None
    is_pinned: bool
    snoozed_until: datetime | None


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
        return ngettext(
            "%(failing)s of %(all)s site needs attention",
            "%(failing)s of %(all)s sites need attention",
            len(tones),
        ) % {"failing": failing, "all": len(tones)}
    if any("unknown" in each for each in tones):
        return gettext("Some states are unknown")
    if all(each == {"idle"} for each in tones):
        return gettext("Waiting for the first results")
    return gettext("All is well")


def look_of(tool: Tool, state: ToolState | None) -> Look:
    """Choose how a tool's latest state is shown; None where the tool is off."""
    if state is None:
        return OFF
    if state.status is None or state.status == CheckStatus.PENDING:
        return WAITING
    if state.status == CheckStatus.SKIPPED:
        return SKIPPED
    match state.outcome:
        case Outcome.OK:
            return Look("ok", "circle-check", _OK.get(tool, _("Good")))
        case Outcome.FAILING:
            return Look("failing", "octagon-x", _FAILING.get(tool, _("Problem")))
        case Outcome.UNKNOWN:
            return UNKNOWN
    return FAILED


def _row(state: SiteState) -> Row:
    cells = tuple(
        Cell(
            tool=tool,
            heading=heading,
            look=look_of(tool, found := state.tools.get(tool)),
            summary=said(found.summary) if found else "",
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
        is_pinned=state.is_pinned,
        snoozed_until=_ahead(state.snoozed_until),
    )


def _ahead(moment: datetime | None) -> datetime | None:
    return moment if moment and moment > clock.now() else None
