"""A team's monitoring settings: what all its sites are watched by unless they say otherwise."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.kit.errors import InvalidInput
from tocsin.sites.monitoring.actions import update_team_monitoring
from tocsin.sites.monitoring.impact import impact, overriding_sites
from tocsin.sites.monitoring.presets import TOOL_LABELS
from tocsin.sites.monitoring.queries import team_monitoring
from tocsin.sites.monitoring.values import zones
from tocsin.teams.queries import get_team
from tocsin.web.doors import Place, in_team
from tocsin.web.issues.words import TOOLS as TOOL_WORDS
from tocsin.web.methods import only_forms
from tocsin.web.monitoring import controls
from tocsin.web.monitoring.effects import lines_of
from tocsin.web.monitoring.form import MonitoringForm, Offered

SECTIONS = (
    ("quiet-time", "moon", _("Quiet time")),
    ("reminders", "bell-ring", _("Reminders")),
    ("request-header", "hash", _("Request header")),
)


@in_team(Permission.VIEW_MONITORING)
@require_GET
def monitoring(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the settings."""
    return _page(request, place, MonitoringForm(offered=_offered(place)))


@in_team(Permission.UPDATE_MONITORING)
@only_forms
def update(request: HttpRequest, place: Place) -> HttpResponse:
    """Change the settings, or say first what that would do."""
    form = MonitoringForm(request.POST, offered=_offered(place))
    if not form.is_valid():
        return _page(request, place, form, status=422)
    try:
        if "preview" in request.POST:
            effects = impact(place.principal, get_team(place.team.id), form.body())
            return _page(request, place, form, effects=lines_of(effects))
        update_team_monitoring(place.principal, get_team(place.team.id), form.body())
    except InvalidInput as error:
        form.show(error)
        return _page(request, place, form, status=422)
    messages.success(request, gettext("The settings are saved. Every site that inherits follows."))
    return redirect("monitoring", place.team.id)


def _offered(place: Place) -> Offered:
    found = team_monitoring(place.principal, place.team.id)
    return Offered(settings=found["settings"], presets=found)


def _page(
    request: HttpRequest, place: Place, form: MonitoringForm, status: int = 200, **more: Any
) -> HttpResponse:
    overriding = overriding_sites(place.principal, get_team(place.team.id))
    may_change = place.may[Permission.UPDATE_MONITORING]
    if not may_change:
        for field in form.fields.values():
            field.disabled = True
    variables = {
        "form": form,
        "tools": [_tool(form, tool, overriding[tool]) for tool in controls.TOOLS],
        "sections": SECTIONS,
        "quiet_time": list(form.bound(controls.QUIET_TIME)),
        "escalation": list(form.bound(controls.ESCALATION)),
        "header": list(form.bound(controls.HEADER)),
        "thresholds": form.offered.presets["failure_threshold_presets"],
        "zones": sorted(zones()),
        "may_change": may_change,
    }
    return render(request, "monitoring/page.html", variables | more, status=status)


def _tool(form: MonitoringForm, tool: Any, overriding: list[str]) -> dict[str, Any]:
    icon, _label = TOOL_WORDS[tool]
    switch, *rest = form.bound(controls.TOOLS[tool])
    return {
        "key": tool.value,
        "icon": icon,
        "label": gettext(TOOL_LABELS[tool]),
        "switch": switch[1],
        "controls": rest,
        "overriding": overriding[:10],
        "more": max(0, len(overriding) - 10),
    }
