"""A site's checks: the history with filters, and one check with its numbers."""

import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.checks.check_view import CheckView
from tocsin.checks.findings import Finding, link_findings
from tocsin.checks.history import CheckFilters, checks_of_site, get_check
from tocsin.checks.manual import delete_check
from tocsin.checks.periods import read_period
from tocsin.kit.errors import DomainError, InvalidInput, NotFound
from tocsin.kit.pagination import PageOf, PageRequest
from tocsin.probes.contract import CheckStatus, RunReason, Tool
from tocsin.web.board import Look, look_of
from tocsin.web.check_words import problem_of, summary_of
from tocsin.web.doors import Place, in_team
from tocsin.web.issues.words import TOOLS
from tocsin.web.methods import only_forms
from tocsin.web.paging import kept_query, page_number
from tocsin.web.panels.registry import Beside, body_of, state_of, template_of
from tocsin.web.site_place import around, site_in

STATUSES: tuple[tuple[str, Promise], ...] = (
    (CheckStatus.COMPLETED, gettext_lazy("Completed")),
    (CheckStatus.FAILED, gettext_lazy("No result")),
    (CheckStatus.SKIPPED, gettext_lazy("Skipped")),
    (CheckStatus.PENDING, gettext_lazy("Pending")),
)
REASONS: dict[str, Promise] = {
    RunReason.SCHEDULED: gettext_lazy("on schedule"),
    RunReason.CONFIRMATION_RETRY: gettext_lazy("to confirm a failure"),
    RunReason.INCIDENT_FOLLOW_UP: gettext_lazy("while an issue is open"),
}
BY_HAND = gettext_lazy("by hand")
MANUAL = "manual"
FILTERS = ("type", "status", "reason", "from", "to")


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of the history."""

    check: CheckView
    icon: str
    label: Promise
    look: Look
    summary: str
    reason: Promise


@in_team(Permission.VIEW_CHECKS)
@require_GET
def checks(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Show the site's checks, newest first."""
    found = site_in(place, site)
    wanted = PageRequest(page_number(request))
    problem = ""
    try:
        filters = _filters(request.GET)
    except InvalidInput as error:
        filters, problem = CheckFilters(), str(error)
    listed = checks_of_site(place.principal, found.pk, filters, wanted)
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    variables = {
        **around(request, place, found),
        "lines": [_line(check) for check in listed.items],
        "page": PageOf(wanted, len(listed.items), listed.total),
        "query": kept_query(chosen),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "problem": problem,
        "tools": [(tool.value, TOOLS[tool][1]) for tool in Tool],
        "statuses": STATUSES,
        "reasons": [*REASONS.items(), (MANUAL, BY_HAND)],
    }
    return render(request, "site/checks.html", variables)


@in_team(Permission.VIEW_CHECKS)
@require_GET
def check(request: HttpRequest, place: Place, site: UUID, check: UUID) -> HttpResponse:
    """Show one check with all its numbers."""
    found = site_in(place, site)
    view = _check_in(place, site, check)
    variables = {
        **around(request, place, found),
        "line": _line(view),
        "check": view,
        "body": body_of(Beside(found, _findings(place, view), is_alone=True), view),
        "template": template_of(Tool(view.type)),
        "problem": problem_of(view),
        "took": _took(view),
        "raw": json.dumps(view.result, indent=2, ensure_ascii=False) if view.result else "",
        "is_pending": view.status == CheckStatus.PENDING,
        "may_delete": place.may[Permission.DELETE_CHECK] and not view.automatic,
    }
    return render(request, "site/check.html", variables)


@in_team(Permission.DELETE_CHECK)
@only_forms
def delete(request: HttpRequest, place: Place, site: UUID, check: UUID) -> HttpResponse:
    """Delete a check that was run by hand and has ended."""
    view = _check_in(place, site, check)
    try:
        delete_check(place.principal, view.uuid)
    except NotFound as error:
        raise Http404(str(error)) from None
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("site_check", place.team.id, site, check)
    messages.success(request, _("The check is deleted."))
    return redirect("site_checks", place.team.id, site)


def _findings(place: Place, check: CheckView) -> tuple[Finding, ...]:
    if check.type != Tool.BROKEN_LINKS or not check.result:
        return ()
    return link_findings(place.principal, check.site.uuid, current=False)


def _check_in(place: Place, site: UUID, check: UUID) -> CheckView:
    try:
        view = get_check(place.principal, check)
    except NotFound as error:
        raise Http404(str(error)) from None
    if view.site.uuid != site or view.team_id != place.team.id:
        raise Http404("There is no such check.")
    return view


def _filters(asked: QueryDict) -> CheckFilters:
    """Read the filters; what is no choice is as if it were not there. Raises InvalidInput."""
    reason = asked.get("reason", "")
    return CheckFilters(
        type=Tool(kind) if (kind := asked.get("type", "")) in list(Tool) else None,
        status=CheckStatus(each)
        if (each := asked.get("status", "")) in list(CheckStatus)
        else None,
        automatic=False if reason == MANUAL else None,
        run_reason=RunReason(reason) if reason in list(RunReason) else None,
        period=read_period(asked.get("from") or None, asked.get("to") or None),
    )


def _line(check: CheckView) -> CheckLine:
    tool = Tool(check.type)
    icon, label = TOOLS[tool]
    return CheckLine(
        check=check,
        icon=icon,
        label=label,
        look=look_of(tool, state_of(check)),
        summary=summary_of(check),
        reason=REASONS.get(check.run_reason or "", BY_HAND),
    )


def _took(check: CheckView) -> float | None:
    """Return the milliseconds from its beginning to its end."""
    if check.completed_at is None:
        return None
    return max(check.completed_at - check.created_at, timedelta()) / timedelta(milliseconds=1)
