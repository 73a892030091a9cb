"""Addresses that messages carry: they lead into the right team, whichever one looked at last."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from tocsin.access.gates import judge
from tocsin.access.permissions import Permission
from tocsin.checks.standing import check_and_standing
from tocsin.issues.queries import team_of_issue
from tocsin.web.doors import principal_of, verified
from tocsin.web.refusals import refusal_page


@verified()
@require_GET
def check_link(request: HttpRequest, check: UUID) -> HttpResponse:
    """Lead to the check at its site; who may not know of it learns nothing."""
    principal = principal_of(request)
    found = check_and_standing(principal, check)
    if found is None:
        raise Http404("There is no such check.")
    view, standing = found
    verdict = judge(principal, permission=Permission.VIEW_CHECKS, standing=standing)
    if not verdict.allowed:
        return refusal_page(request, verdict)
    return redirect("site_check", view.team_id, view.site.uuid, view.uuid)


@verified()
@require_GET
def issue_link(request: HttpRequest, issue: UUID) -> HttpResponse:
    """Lead to the issue within its team, whose gates are asked there."""
    team_id = team_of_issue(principal_of(request), issue)
    if team_id is None:
        raise Http404("There is no such issue.")
    return redirect("issue", team_id, issue)
