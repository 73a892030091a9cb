"""A team's record of who did what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.audit.models import Entry
from tocsin.audit.queries import entries_for
from tocsin.sites.names import site_names
from tocsin.teams.queries import members_of
from tocsin.web.audit_words import action_words, credential_words, target_words, who_words
from tocsin.web.doors import Place, in_team

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    at: datetime
    who: str
    credential: str
    action: str
    target: str
    url: str
    changes: list[tuple[str, str, str]]
    address: str
    request_id: str


@dataclass(frozen=True, slots=True)
class Names:
    """What stands for numbers: people of the team, and sites that are still there."""

    people: dict[int, str]
    sites: dict[UUID, str]


@in_team(Permission.VIEW_AUDIT)
@require_GET
def audit(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the record, newest first."""
    pages = Paginator(entries_for(place.principal, place.team.id), PAGE)
    page = pages.get_page(request.GET.get("page"))
    names = _names(place, page.object_list)
    variables = {
        "lines": [_line(entry, names, place.team.id) for entry in page.object_list],
        "page": page,
        "may": place.may,
        "is_audit": True,
    }
    return render(request, "teams/audit.html", variables)


def _names(place: Place, entries: Iterable[Entry]) -> Names:
    team_id = place.team.id
    people = {each.user_id: each.name for each in members_of(place.principal, team_id)}
    targets = [entry.target.partition(":") for entry in entries]
    uuids = [uuid for kind, _, text in targets if kind == "site" and (uuid := _uuid(text))]
    return Names(people, site_names(place.principal, team_id, uuids))


def _line(entry: Entry, names: Names, team_id: int) -> Line:
    before, after = entry.before or {}, entry.after or {}
    return Line(
        at=entry.at,
        who=who_words(entry.user_id, names.people),
        credential=credential_words(entry.kind, entry.token_id),
        action=action_words(entry.action),
        target=_target(entry.target, names),
        url="" if entry.action.endswith(".deleted") else _url(entry.target, names, team_id),
        changes=[
            (name, _shown(before.get(name)), _shown(after.get(name)))
            for name in dict.fromkeys((*before, *after))
        ],
        address=entry.address,
        request_id=entry.request_id,
    )


def _target(target: str, names: Names) -> str:
    kind, _, identity = target.partition(":")
    if kind == "user" and identity.isdecimal():
        return names.people.get(int(identity)) or target_words(kind, identity)
    uuid = _uuid(identity)
    known = None if uuid is None else names.sites.get(uuid)
    return known if kind == "site" and known else target_words(kind, identity)


def _url(target: str, names: Names, team_id: int) -> str:
    """Return where a target is shown, empty where it is nowhere or gone."""
    kind, _, identity = target.partition(":")
    uuid = _uuid(identity)
    if uuid is None:
        return ""
    if kind == "site" and uuid in names.sites:
        return reverse("site", args=(team_id, uuid))
    return reverse("issue", args=(team_id, uuid)) if kind == "issue" else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _shown(value: object) -> str:
    return "" if value is None else str(value)
