"""A site's first page: how it is, how fast, whether it was looked at, what each tool found."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.checks.findings import link_findings
from tocsin.checks.history import LatestChecks, latest_checks
from tocsin.checks.report_queries import uptime_report
from tocsin.checks.slot_strip import strip_of_site
from tocsin.checks.tool_watches import watches_of_site
from tocsin.issues.active import records_of_site
from tocsin.probes.contract import Tool
from tocsin.sites.actions import update_site
from tocsin.sites.models import Site
from tocsin.web.doors import Place, in_team
from tocsin.web.methods import only_forms
from tocsin.web.panels.registry import Beside, panel_of
from tocsin.web.pulse import pulse_of
from tocsin.web.site_place import around, site_in
from tocsin.web.slot_calendar import slot_calendar
from tocsin.web.views.site_charts import chart_variables
from tocsin.web.views.site_runs import run_variables

REFRESH_SECONDS = 15
NOT_CHANGED = 204


@in_team(Permission.VIEW_SITES)
@require_GET
def overview(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Show the site."""
    found = site_in(place, site)
    variables = {
        **around(request, place, found),
        **_pulse(place, found),
        **_panels(place, found, _latest(place, found)),
        **chart_variables(request, place, found),
        **run_variables(place, found),
        "calendar": slot_calendar(strip_of_site(place.principal, found.pk, Tool.STATUS)),
        "refresh_seconds": REFRESH_SECONDS,
    }
    return render(request, "site/overview.html", variables)


@in_team(Permission.VIEW_SITES)
@require_GET
def pulse(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Answer with the pulse alone, to be put in place of the one on the page."""
    found = site_in(place, site)
    return render(request, "site/pulse.html", {"site": found, **_pulse(place, found)})


@in_team(Permission.VIEW_SITES)
@require_GET
def panels(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Answer with the panels, or 204 where the page has them already, so that nothing jumps."""
    found = site_in(place, site)
    checks = _latest(place, found)
    if request.GET.get("seen") == _version(found, checks):
        return HttpResponse(status=NOT_CHANGED)
    variables = {"site": found, "may": place.may, **_panels(place, found, checks)}
    return render(request, "site/panels.html", variables)


@in_team(Permission.UPDATE_SITE)
@only_forms
def pin(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Pin the site, or no longer."""
    pinned = request.POST.get("pinned") == "yes"
    update_site(place.principal, site_in(place, site), {"pinned": pinned})
    return redirect("site", place.team.id, site)


def _pulse(place: Place, site: Site) -> dict[str, Any]:
    principal = place.principal
    return {
        "pulse": pulse_of(
            site,
            watches_of_site(principal, site.pk),
            records_of_site(principal, site.pk),
            uptime_report(principal, site.pk),
        )
    }


def _latest(place: Place, site: Site) -> LatestChecks:
    return latest_checks(place.principal, [site.pk], ended=True).get(site.pk, {})


def _panels(place: Place, site: Site, checks: LatestChecks) -> dict[str, Any]:
    watches = watches_of_site(place.principal, site.pk)
    beside = Beside(site)
    if Tool.BROKEN_LINKS in checks:
        beside = Beside(site, link_findings(place.principal, site.pk, current=False))
    return {
        "panels": [panel_of(beside, tool, watches.get(tool), checks.get(tool)) for tool in Tool],
        "seen": _version(site, checks),
    }


def _version(site: Site, checks: LatestChecks) -> str:
    """Name what the panels show, so that a page can tell whether it has it already."""
    moments = [check.updated_at.timestamp() for check in checks.values()]
    return f"{site.settings_revision}-{len(moments)}-{max(moments, default=0):.3f}"
