"""A team's record of who did what."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.audit.models import Entry
from tocsin.audit.queries import entries_for
from tocsin.teams.queries import members_of
from tocsin.web.doors import Place, in_team

PAGE = 50
CREDENTIALS = {
    "session": "Browser",
    "personal_token": "API token",
    "mcp_token": "MCP token",
    "oauth_grant": "MCP client",
    "system": "Tocsin",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words."""

    at: datetime
    who: str
    credential: str
    action: str
    target: str
    changes: list[tuple[str, str, str]]
    address: str
    request_id: str


@in_team(Permission.VIEW_AUDIT)
@require_GET
def audit(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the record, newest first."""
    pages = Paginator(entries_for(place.principal, place.team.id), PAGE)
    page = pages.get_page(request.GET.get("page"))
    names = {each.user_id: each.name for each in members_of(place.principal, place.team.id)}
    lines = [_line(entry, names) for entry in page.object_list]
    return render(request, "teams/audit.html", {"lines": lines, "page": page})


def _line(entry: Entry, names: dict[int, str]) -> Line:
    before, after = entry.before or {}, entry.after or {}
    token = f" {entry.token_id}" if entry.token_id else ""
    return Line(
        at=entry.at,
        who=_who(entry.user_id, names),
        credential=CREDENTIALS.get(entry.kind, entry.kind) + token,
        action=entry.action.replace(".", " ").replace("_", " "),
        target=_target(entry.target, names),
        changes=[
            (name, _shown(before.get(name)), _shown(after.get(name)))
            for name in dict.fromkeys((*before, *after))
        ],
        address=entry.address,
        request_id=entry.request_id,
    )


def _who(user_id: int | None, names: dict[int, str]) -> str:
    if user_id is None:
        return "Tocsin"
    return names.get(user_id, f"User {user_id}, no longer here")


def _target(target: str, names: dict[int, str]) -> str:
    kind, _, identity = target.partition(":")
    if kind == "user" and identity.isdecimal():
        return names.get(int(identity), f"user {identity}")
    return f"{kind} {identity}"


def _shown(value: object) -> str:
    return "" if value is None else str(value)
