"""The first page: a team's sites with their live state."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from tocsin.access.permissions import Permission
from tocsin.checks.queries import site_states
from tocsin.kit.errors import DomainError
from tocsin.sites import actions
from tocsin.teams.models import Team
from tocsin.web import board
from tocsin.web.doors import Place, in_team
from tocsin.web.forms import SiteForm, show_refusal
from tocsin.web.paging import page_number
from tocsin.web.views.home import nobody_would_be_told

PAGE = 50
REFRESH_SECONDS = 10


@in_team(Permission.VIEW_SITES)
@require_GET
def team_sites(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the sites."""
    variables = _board(request, place) | {"form": SiteForm(), "nobody": nobody_would_be_told(place)}
    return render(request, "pages/sites.html", variables)


@in_team(Permission.VIEW_SITES)
@require_GET
def live(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer with the list alone, to be put in place of the one on the page."""
    return render(request, "pages/site_list.html", _board(request, place))


@in_team(Permission.CREATE_SITE)
@require_http_methods(["POST"])
def create(request: HttpRequest, place: Place) -> HttpResponse:
    """Start watching a site."""
    form = SiteForm(request.POST)
    if form.is_valid():
        try:
            site = actions.create_site(
                place.principal,
                Team(pk=place.team.id),
                url=form.cleaned_data["url"],
                name=form.cleaned_data["name"] or None,
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{site.name} is being watched. First results come shortly.")
            return redirect("team_sites", place.team.id)
    return render(request, "pages/sites.html", _board(request, place) | {"form": form}, status=422)


def _board(request: HttpRequest, place: Place) -> dict[str, Any]:
    number = page_number(request)
    states = site_states(
        place.principal, team_id=place.team.id, limit=PAGE + 1, offset=(number - 1) * PAGE
    )
    rows = board.rows(states[:PAGE])
    return {
        "rows": rows,
        "headline": board.headline(rows),
        "columns": [heading for _, heading in board.COLUMNS],
        "page_number": number,
        "has_next": len(states) > PAGE,
        "may": place.may,
        "refresh_seconds": REFRESH_SECONDS,
    }
