"""A team's issues: the list, its filters, and doing one thing to many."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.issues.actions import Tally, Verb, triage_many
from tocsin.issues.lists import IssueRow, list_issues
from tocsin.issues.queries import ACTIVE_WORD, STATUS_WORDS, IssueFilters
from tocsin.issues.vocabulary import Severity
from tocsin.kit.pagination import PageOf, PageRequest
from tocsin.probes.contract import Tool
from tocsin.sites import queries as sites
from tocsin.web.board import Look
from tocsin.web.doors import Place, in_team
from tocsin.web.issues import words
from tocsin.web.methods import only_forms
from tocsin.web.paging import page_number

SEARCH_LENGTH = 255
FILTERS = ("status", "tool", "severity", "site", "search")


@dataclass(frozen=True, slots=True)
class Line:
    """One issue in words."""

    issue: IssueRow
    kind: str
    tool_icon: str
    tool: str
    severity: Look
    status: Look


@in_team(Permission.VIEW_ISSUES)
@require_GET
def issues(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the issues, newest opening first."""
    filters, site = _filters(request, place)
    wanted = PageRequest(page_number(request))
    found = list_issues(place.principal, place.team.id, filters, wanted)
    kept = _kept(request)
    variables: dict[str, Any] = {
        "lines": [_line(row) for row in found.rows],
        "page": PageOf(wanted, len(found.rows), found.total),
        "filters": filters,
        "site": site,
        "tabs": _tabs(kept, filters.status, found.counts),
        "tools": [(tool, label) for tool, (_, label) in words.TOOLS.items()],
        "severities": words.SEVERITY_LABELS.items(),
        "is_filtered": any(kept.get(name) for name in FILTERS[1:]),
        "query": f"{kept.urlencode()}&" if kept else "",
        "may": place.may,
    }
    return render(request, "issues/list.html", variables)


@in_team(Permission.TRIAGE_ISSUES)
@only_forms
def bulk(request: HttpRequest, place: Place) -> HttpResponse:
    """Acknowledge, resolve or delete the chosen ones; the address keeps the filters."""
    verb, uuids = _verb(request), _uuids(request)
    if verb is None or (verb is Verb.DELETE and not place.may[Permission.DELETE_ISSUE]):
        messages.error(request, gettext("Your role in this team does not allow it."))
    elif not uuids:
        messages.warning(request, gettext("Choose at least one issue first."))
    else:
        _tell(request, verb, triage_many(place.principal, place.team.id, uuids, verb))
    back = _kept(request).urlencode()
    return redirect(f"{reverse('issues', args=(place.team.id,))}{'?' if back else ''}{back}")


def _filters(request: HttpRequest, place: Place) -> tuple[IssueFilters, str]:
    """Read the filters, and the name of the site. What means nothing filters nothing."""
    asked = request.GET
    site_id, name = _site(asked.get("site", ""), place)
    tool, severity = asked.get("tool", ""), asked.get("severity", "")
    status = asked.get("status", "")
    filters = IssueFilters(
        team_id=place.team.id,
        site_id=site_id,
        tool=Tool(tool) if tool in list(Tool) else None,
        severity=Severity(severity) if severity in list(Severity) else None,
        status=status if status in STATUS_WORDS else ACTIVE_WORD,
        search=asked.get("search", "").replace("\0", "").strip()[:SEARCH_LENGTH],
    )
    return filters, name


def _site(text: str, place: Place) -> tuple[UUID | None, str]:
    if not text:
        return None, ""
    uuid = _uuid(text)
    site = None if uuid is None else sites.site(place.principal, uuid)
    if site is None or site.team_id != place.team.id:
        raise Http404("There is no such site.")
    return site.pk, site.name


def _kept(request: HttpRequest) -> QueryDict:
    """Return the address's filters that say something, without the page."""
    kept = QueryDict(mutable=True)
    for name in FILTERS:
        value = request.GET.get(name, "")
        if value:
            kept[name] = value
    return kept


def _tabs(kept: QueryDict, current: str, counts: Any) -> list[tuple[str, Any, int, bool]]:
    tabs = []
    for word, label in words.STATUS_LABELS.items():
        query = kept.copy()
        query["status"] = word
        tabs.append((f"?{query.urlencode()}", label, counts[word], word == current))
    return tabs


def _line(row: IssueRow) -> Line:
    icon, tool = words.TOOLS[row.type]
    return Line(
        issue=row,
        kind=str(words.KINDS[row.fingerprint]),
        tool_icon=icon,
        tool=str(tool),
        severity=words.severity_look(row.severity, active=row.resolved_at is None),
        status=words.status_look(row.status),
    )


def _verb(request: HttpRequest) -> Verb | None:
    word = request.POST.get("verb", "")
    return Verb(word) if word in list(Verb) else None


def _uuids(request: HttpRequest) -> list[UUID]:
    return [uuid for text in request.POST.getlist("issue") if (uuid := _uuid(text)) is not None]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _tell(request: HttpRequest, verb: Verb, tally: Tally) -> None:
    if tally.done:
        messages.success(request, _done(verb, tally.done))
    if tally.refused:
        text = ngettext(
            "%(count)s was left alone: it is resolved already.",
            "%(count)s were left alone: they are resolved already.",
            tally.refused,
        )
        messages.warning(request, text % {"count": tally.refused})
    if tally.gone:
        text = ngettext("%(count)s is gone already.", "%(count)s are gone already.", tally.gone)
        messages.info(request, text % {"count": tally.gone})


def _done(verb: Verb, count: int) -> str:
    match verb:
        case Verb.ACKNOWLEDGE:
            text = ngettext(
                "%(count)s issue acknowledged.", "%(count)s issues acknowledged.", count
            )
        case Verb.RESOLVE:
            text = ngettext("%(count)s issue resolved.", "%(count)s issues resolved.", count)
        case Verb.DELETE:
            text = ngettext("%(count)s issue deleted.", "%(count)s issues deleted.", count)
    return text % {"count": count}
