"""A team's record of who did what."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.audit.models import Entry
from tocsin.audit.queries import EntryFilters, entries_for
from tocsin.checks.periods import read_period
from tocsin.kit.errors import InvalidInput
from tocsin.kit.pagination import PageOf, PageRequest
from tocsin.sites.names import site_names
from tocsin.teams.queries import members_of
from tocsin.web.audit_words import (
    action_choices,
    action_words,
    actions_of,
    credential_words,
    target_words,
    who_words,
)
from tocsin.web.doors import Place, in_team
from tocsin.web.paging import kept_query, page_number

PAGE = 50
FILTERS = ("who", "action", "from", "to")
BY_SYSTEM = "tocsin"
LONGEST_ID = 19  # digits, of what databases count to


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    at: datetime
    who: str
    who_id: str
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
    wanted = PageRequest(page_number(request), PAGE)
    chosen = {name: request.GET.get(name, "") for name in FILTERS}
    problem = ""
    try:
        filters = _filters(request.GET)
    except InvalidInput as error:
        filters, problem = EntryFilters(), str(error)
    found = entries_for(place.principal, place.team.id, filters)
    entries = list(found[wanted.offset : wanted.offset + PAGE])
    names = _names(place, entries)
    variables = {
        "lines": [_line(entry, names, place.team.id) for entry in entries],
        "page": PageOf(wanted, len(entries), found.count()),
        "query": kept_query(chosen),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "problem": problem,
        "people": _people(names, filters.user_id),
        "actions": action_choices(),
        "may": place.may,
        "is_audit": True,
    }
    return render(request, "teams/audit.html", variables)


def _filters(asked: QueryDict) -> EntryFilters:
    """Read the filters; what is no choice is as if it were not there. Raises InvalidInput."""
    who = asked.get("who", "")
    known = who.isascii() and who.isdecimal() and len(who) < LONGEST_ID
    period = read_period(asked.get("from") or None, asked.get("to") or None)
    return EntryFilters(
        user_id=int(who) if known else None,
        by_system=who == BY_SYSTEM,
        actions=actions_of(asked.get("action", "")),
        start=period.start,
        end=period.end,
    )


def _people(names: Names, asked: int | None) -> list[tuple[str, str]]:
    """Return whom one can ask for: the team's people, Tocsin itself, who has left and is asked."""
    people = sorted(names.people.items(), key=lambda each: each[1].casefold())
    if asked is not None and asked not in names.people:
        people.append((asked, who_words(asked, names.people)))
    return [*((f"{user_id}", name) for user_id, name in people), (BY_SYSTEM, who_words(None, {}))]


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
        who_id=BY_SYSTEM if entry.user_id is None else f"{entry.user_id}",
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
    """Write a recorded value as people write it, what has parts as the JSON that it is."""
    match value:
        case None:
            return ""
        case str():
            return value
        case list() if all(isinstance(each, str) for each in value):
            return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)
