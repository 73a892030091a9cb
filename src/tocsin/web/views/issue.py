"""One issue: its story, who was told, and what people do about it."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.access.principal import Principal
from tocsin.checks.check_view import view_of
from tocsin.checks.history import checks_named
from tocsin.issues import actions, queries
from tocsin.issues.lists import recent_of_site
from tocsin.issues.views import IssueView
from tocsin.issues.vocabulary import IssueStatus
from tocsin.kit.errors import Conflict, NotFound
from tocsin.kit.pagination import PageRequest
from tocsin.notifications.queries import deliveries_of_issue
from tocsin.notifications.queries.escalations import next_escalation_of
from tocsin.notifications.vocabulary import ON_THE_WAY
from tocsin.web.doors import Place, in_team
from tocsin.web.issues import facts, story, words
from tocsin.web.issues.told import tellings_of
from tocsin.web.methods import only_forms

MOST_DELIVERIES = 50
MOST_RELATED = 5
REFRESH_SECONDS = 10
NOT_CHANGED = 204


@in_team(Permission.VIEW_ISSUES)
@require_GET
def issue(request: HttpRequest, place: Place, issue: UUID) -> HttpResponse:
    """Tell the story of an issue."""
    view = _found(place, issue)
    variables = _variables(place, view, _news(place, view))
    return render(request, "issues/issue.html", variables)


@in_team(Permission.VIEW_ISSUES)
@require_GET
def live(request: HttpRequest, place: Place, issue: UUID) -> HttpResponse:
    """Answer with the story as it is now, or 204 where the page has it already."""
    view = _found(place, issue)
    news = _news(place, view)
    if request.GET.get("seen") == news["seen"]:
        return HttpResponse(status=NOT_CHANGED)
    return render(request, "issues/renewed.html", _variables(place, view, news))


@in_team(Permission.TRIAGE_ISSUES)
@only_forms
def acknowledge(request: HttpRequest, place: Place, issue: UUID) -> HttpResponse:
    """Say that one takes care of it."""
    done = gettext("It is yours. Reminders go on until it is resolved.")
    return _do(request, place, issue, actions.acknowledge, done)


@in_team(Permission.TRIAGE_ISSUES)
@only_forms
def resolve(request: HttpRequest, place: Place, issue: UUID) -> HttpResponse:
    """End it by hand."""
    done = gettext("It is resolved, and nobody was told. The next failing check may reopen it.")
    return _do(request, place, issue, actions.resolve, done)


@in_team(Permission.DELETE_ISSUE)
@only_forms
def delete(request: HttpRequest, place: Place, issue: UUID) -> HttpResponse:
    """Remove it with its history."""
    _do(request, place, issue, actions.delete, gettext("The issue is deleted."))
    return redirect("issues", place.team.id)


def _found(place: Place, uuid: UUID) -> IssueView:
    try:
        view = queries.issue(place.principal, uuid)
    except NotFound as error:
        raise Http404(str(error)) from None
    if view.team_id != place.team.id:
        raise Http404("There is no such issue.")
    return view


def _do(
    request: HttpRequest,
    place: Place,
    uuid: UUID,
    action: Callable[[Principal, UUID], object],
    done: str,
) -> HttpResponse:
    """Act within this team; what is gone, or was resolved meanwhile, is said and no error."""
    if queries.team_of_issue(place.principal, uuid) != place.team.id:
        return _gone(request, place)
    try:
        action(place.principal, uuid)
    except NotFound:
        return _gone(request, place)
    except Conflict as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, done)
    return redirect("issue", place.team.id, uuid)


def _gone(request: HttpRequest, place: Place) -> HttpResponse:
    messages.info(request, gettext("This issue is gone already."))
    return redirect("issues", place.team.id)


def _news(place: Place, view: IssueView) -> dict[str, Any]:
    """Return what changes while somebody looks, and `seen`, which names it as it is now."""
    principal = place.principal
    sentence = story.sentence_of(view)
    told = deliveries_of_issue(principal, view.uuid, PageRequest(per_page=MOST_DELIVERIES))
    reminder = next_escalation_of(principal, view.uuid) if view.is_active else None
    states = [(each.uuid, each.status, len(each.attempts)) for each in told.items]
    said = repr((view.updated_at, sentence, reminder, told.total, states))
    return {
        "sentence": sentence,
        "told": tellings_of(each for each in told.items if each.created_at >= view.opened_at),
        "told_earlier": tellings_of(
            each for each in told.items if each.created_at < view.opened_at
        ),
        "deliveries_total": told.total,
        "next_escalation": reminder,
        "seen": hashlib.sha256(said.encode()).hexdigest()[:16],
        # What is over and told of changes no more, unless it is opened again.
        "is_settled": not (view.is_active or any(each.status in ON_THE_WAY for each in told.items)),
    }


def _variables(place: Place, view: IssueView, news: Mapping[str, Any]) -> dict[str, Any]:
    principal = place.principal
    checks = checks_named(principal, story.named_checks(view.context))
    cycles = story.cycles_of(view)
    related = [each for each in (view.check, view.previous_check) if each is not None]
    return {
        "issue": view,
        "title": words.title_of(view.fingerprint, view.site.name, active=view.is_active),
        "status": words.status_look(view.status),
        "severity": words.severity_look(view.severity, active=view.is_active),
        "tool": words.TOOLS[view.type],
        "opening": story.opening_of(view, checks),
        "ending": story.ending_of(view, checks),
        "facts": facts.facts_of(view.context),
        "comparisons": facts.comparisons_of(view.context),
        "cycles": cycles[:1],
        "earlier": cycles[1:],
        "related": [story.check_line(each.pk, view_of(each)) for each in related],
        "others": [
            (row, str(words.KINDS[row.fingerprint]), words.status_look(row.status))
            for row in recent_of_site(
                principal, view.site.uuid, other_than=view.uuid, limit=MOST_RELATED
            )
        ],
        "is_open": view.status == IssueStatus.OPEN,
        "may": place.may,
        "refresh_seconds": REFRESH_SECONDS,
        **news,
    }
