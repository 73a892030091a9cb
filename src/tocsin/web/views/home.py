"""Home: how a team's sites are, on one page."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.checks.queries import site_states
from tocsin.checks.report_queries import uptime_of_sites
from tocsin.checks.team_figures import figures_of_team
from tocsin.checks.watch import watch_of_team
from tocsin.issues.active import active_of_team
from tocsin.notifications.queries.listeners import listeners_of_team
from tocsin.web import board, telling, troubles
from tocsin.web.charts.uptime_bars import UptimeBars, percent, uptime_bars
from tocsin.web.doors import Place, in_team, place_of, verified
from tocsin.web.forms import SiteForm

PINNED = 12
UNPINNED = 5
REFRESH_SECONDS = 15


@dataclass(frozen=True, slots=True)
class SiteLine:
    """A site in brief."""

    row: board.Row
    bars: UptimeBars
    uptime: str


@verified()
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the team that this person looked at last."""
    place = place_of(request)
    return redirect("team_create") if place is None else redirect("team_home", place.team.id)


@in_team(Permission.VIEW_SITES)
@require_GET
def team_home(request: HttpRequest, place: Place) -> HttpResponse:
    """Show how the team's sites are."""
    variables = _overview(place) | {"form": SiteForm()}
    return render(request, "home/page.html", variables)


@in_team(Permission.VIEW_SITES)
@require_GET
def live(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer with what changes by itself, to be put in place of what is on the page."""
    return render(request, "home/live.html", _overview(place))


def nobody_would_be_told(place: Place) -> str:
    """Say why nobody would be told of an opening, to those who can change that."""
    if not place.may[Permission.MANAGE_DESTINATIONS]:
        return ""
    return telling.nobody(listeners_of_team(place.principal, place.team.id))


def _overview(place: Place) -> dict[str, Any]:
    principal, team = place.principal, place.team
    figures = figures_of_team(principal, team.id)
    active = active_of_team(principal, team.id)
    lines, pinned = _lines(place)
    return {
        "figures": figures,
        "uptime": percent(figures.uptime_percentage),
        "active": active,
        "groups": troubles.grouped(active.items),
        "lines": lines,
        "pinned": pinned,
        "is_calm": not any(_fails(line.row) for line in lines),
        "watch": watch_of_team(principal, team.id),
        "nobody": nobody_would_be_told(place) if team.sites_count else "",
        "may": place.may,
        "refresh_seconds": REFRESH_SECONDS,
    }


def _lines(place: Place) -> tuple[list[SiteLine], bool]:
    """Return the pinned sites; where none is, the newest, as an example of what stands here."""
    states = site_states(place.principal, team_id=place.team.id, limit=PINNED)
    pinned = [state for state in states if state.is_pinned]
    shown = pinned or states[:UNPINNED]
    reports = uptime_of_sites(place.principal, [state.uuid for state in shown])
    lines = [
        SiteLine(row, uptime_bars(report), percent(report.total_uptime_percentage))
        for row in board.rows(shown)
        if (report := reports.get(row.uuid)) is not None
    ]
    return lines, bool(pinned)


def _fails(row: board.Row) -> bool:
    """Tell whether a tool's latest check failed, which opens an issue only once confirmed."""
    return any(cell.look.tone == "failing" for cell in row.cells)
