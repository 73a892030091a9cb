"""Running checks by hand, and seeing how far they are."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.checks.check_view import CheckView
from tocsin.checks.manual import queue_checks
from tocsin.checks.recent_runs import recent_runs
from tocsin.kit.errors import InvalidInput, NotFound
from tocsin.probes.contract import CheckStatus, Tool
from tocsin.sites.models import Site
from tocsin.sites.monitoring.probing import RUNNABLE_TOOLS
from tocsin.sites.monitoring.queries import of_site
from tocsin.web.board import Look, look_of
from tocsin.web.check_words import summary_of
from tocsin.web.doors import Place, in_team
from tocsin.web.issues.words import TOOLS
from tocsin.web.methods import only_forms
from tocsin.web.panels.registry import state_of
from tocsin.web.site_place import site_in

MOST_OF_URL = 2048


@dataclass(frozen=True, slots=True)
class RunLine:
    """One manual run and how it is shown."""

    check: CheckView
    label: object
    look: Look
    summary: str
    is_pending: bool


@in_team(Permission.RUN_CHECK)
@only_forms
def run(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Ask for checks of the tools chosen, of all or of none; a refusal says why."""
    found = site_in(place, site)
    try:
        queued = queue_checks(
            place.principal,
            found,
            tools=request.POST.getlist("tools"),
            url=request.POST.get("url", "").strip()[: MOST_OF_URL + 1] or None,
        )
    except NotFound as error:
        raise Http404(str(error)) from None
    except InvalidInput as error:
        for each in error.errors.values():
            for message in each:
                messages.error(request, message)
    else:
        text = ngettext("%(count)s check is queued.", "%(count)s checks are queued.", len(queued))
        messages.success(request, text % {"count": len(queued)})
    return redirect("site", place.team.id, site)


@in_team(Permission.VIEW_CHECKS)
@require_GET
def runs(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Answer with the runs that wait or have just ended; the page asks until all have ended."""
    found = site_in(place, site)
    return render(request, "site/runs.html", {"site": found, **run_variables(place, found)})


def run_variables(place: Place, site: Site) -> dict[str, Any]:
    """Return the recent runs, and the tools that may be run."""
    lines = [_line(check) for check in recent_runs(place.principal, site.pk)]
    monitoring = of_site(site)
    return {
        "runs": lines,
        "is_running": any(line.is_pending for line in lines),
        "runnable": [
            (tool.value, TOOLS[tool][1]) for tool in RUNNABLE_TOOLS if monitoring.of(tool).enabled
        ],
        "measures_pages": Tool.PERFORMANCE in RUNNABLE_TOOLS
        and monitoring.of(Tool.PERFORMANCE).enabled,
    }


def _line(check: CheckView) -> RunLine:
    pending = check.status == CheckStatus.PENDING
    tool = Tool(check.type)
    return RunLine(
        check=check,
        label=TOOLS[tool][1],
        look=look_of(tool, state_of(check)),
        summary="" if pending else summary_of(check),
        is_pending=pending,
    )
