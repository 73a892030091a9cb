"""A site's slot ledger, tool by tool: every check that was due, and what became of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.checks.slot_strip import strips_of_site
from tocsin.probes.contract import Tool
from tocsin.web.doors import Place, in_team
from tocsin.web.issues.words import TOOLS
from tocsin.web.site_place import around, site_in
from tocsin.web.slot_calendar import slot_calendar


@in_team(Permission.VIEW_CHECKS)
@require_GET
def slots(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Show the ledger of every tool."""
    found = site_in(place, site)
    strips = strips_of_site(place.principal, found.pk, list(Tool))
    ledgers = [(tool, *TOOLS[tool], slot_calendar(strip)) for tool, strip in strips.items()]
    variables = {**around(request, place, found), "ledgers": ledgers}
    return render(request, "site/slots.html", variables)
