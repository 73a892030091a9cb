"""A team's sites with their live state: searched, filtered, sorted, in pages."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tocsin.access.permissions import Permission
from tocsin.checks.queries import site_board
from tocsin.checks.site_list import SiteFilters, SiteHealth, SiteSort
from tocsin.kit.errors import DomainError
from tocsin.kit.pagination import PageOf, PageRequest
from tocsin.kit.text import MAX_LINE
from tocsin.probes.contract import Tool
from tocsin.sites import actions
from tocsin.teams.models import Team
from tocsin.web import board
from tocsin.web.doors import Place, in_team
from tocsin.web.forms import SiteForm, show_refusal
from tocsin.web.issues.words import TOOLS
from tocsin.web.paging import kept_query, page_number
from tocsin.web.views.home import nobody_would_be_told

PAGE = 50
REFRESH_SECONDS = 10
FILTERS = ("search", "health", "tool", "pinned", "sort")
HEALTH: tuple[tuple[str, Promise], ...] = (
    (SiteHealth.FAILING, gettext_lazy("Needs attention")),
    (SiteHealth.UNKNOWN, gettext_lazy("Unknown")),
    (SiteHealth.OK, gettext_lazy("Well")),
    (SiteHealth.WAITING, gettext_lazy("Waiting")),
)
SORTS: tuple[tuple[str, Promise], ...] = (
    (SiteSort.PINNED, gettext_lazy("Pinned first")),
    (SiteSort.NAME, gettext_lazy("Name")),
    (SiteSort.NAME_BACKWARDS, gettext_lazy("Name, backwards")),
    (SiteSort.NEWEST, gettext_lazy("Newest first")),
    (SiteSort.OLDEST, gettext_lazy("Oldest first")),
)


@in_team(Permission.VIEW_SITES)
@require_GET
def team_sites(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the sites."""
    variables = _board(request, place) | {
        "form": SiteForm(),
        "nobody": nobody_would_be_told(place),
        "healths": HEALTH,
        "sorts": SORTS,
        "tools": [(tool.value, TOOLS[tool][1]) for tool in Tool],
    }
    return render(request, "pages/sites.html", variables)


@in_team(Permission.VIEW_SITES)
@require_GET
def live(request: HttpRequest, place: Place) -> HttpResponse:
    """Answer with the list alone, to be put in place of the one on the page."""
    return render(request, "pages/site_list.html", _board(request, place))


@in_team(Permission.CREATE_SITE)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, place: Place) -> HttpResponse:
    """Start watching a site; who comes back to the address of a refused form finds a fresh one."""
    form = SiteForm(request.POST or None)
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
            text = _("%(site)s is being watched. First results come shortly.")
            messages.success(request, text % {"site": site.name})
            return redirect("site", place.team.id, site.pk)
    variables = _board(request, place) | {"form": form}
    return render(request, "pages/sites.html", variables, status=422 if form.errors else 200)


def _board(request: HttpRequest, place: Place) -> dict[str, Any]:
    wanted = PageRequest(page_number(request), PAGE)
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    states, total = site_board(place.principal, place.team.id, _filters(chosen), wanted)
    rows = board.rows(states)
    return {
        "rows": rows,
        "headline": board.headline(rows),
        "columns": [heading for _tool, heading in board.COLUMNS],
        "page": PageOf(wanted, len(rows), total),
        "chosen": chosen,
        "is_filtered": any(value for name, value in chosen.items() if name != "sort"),
        "query": kept_query(chosen),
        "may": place.may,
        "may_choose": place.may[Permission.UPDATE_SITE] or place.may[Permission.DELETE_SITE],
        "refresh_seconds": REFRESH_SECONDS,
    }


def _filters(chosen: dict[str, str]) -> SiteFilters:
    """Read the filters; what is no choice is as if it were not there."""
    return SiteFilters(
        search=chosen["search"].replace("\x00", "")[:MAX_LINE].strip() or None,
        pinned=True if chosen["pinned"] == "yes" else None,
        tool=Tool(chosen["tool"]) if chosen["tool"] in list(Tool) else None,
        health=SiteHealth(chosen["health"]) if chosen["health"] in list(SiteHealth) else None,
        sort=SiteSort(chosen["sort"]) if chosen["sort"] in list(SiteSort) else SiteSort.PINNED,
    )
