"""Adding many sites at once: paste or choose a file, look at what would happen, then do it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tocsin.access.permissions import Permission
from tocsin.kit.errors import InvalidInput, invalid
from tocsin.sites.bulk_creation import Creation, create_sites
from tocsin.sites.importing import (
    FIELD,
    MOST_CHARACTERS,
    MOST_LINES,
    ImportLine,
    LineState,
    preview,
    wanted_of,
)
from tocsin.teams.models import Team
from tocsin.web.board import Look
from tocsin.web.doors import Place, in_team
from tocsin.web.sites_words import LOOKS

REFUSED = 422


@in_team(Permission.CREATE_SITE)
@require_http_methods(["GET", "POST"])
def import_sites(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the form, then what would become of each line, then do what was shown."""
    if request.method == "GET":
        return _page(request, place, "")
    text = request.POST.get(FIELD, "")
    try:
        text = _with_file(request, text)
        lines = preview(place.principal, place.team.id, text)
    except InvalidInput as error:
        return _page(request, place, text, problem=str(error), status=REFUSED)
    if request.POST.get("step") != "create":
        return _page(request, place, text, lines=lines)
    return _create(request, place, text, lines)


def _create(request: HttpRequest, place: Place, text: str, lines: list[ImportLine]) -> HttpResponse:
    made = create_sites(place.principal, Team(pk=place.team.id), wanted_of(lines))
    said = ngettext("%(count)s site is added.", "%(count)s sites are added.", len(made.created))
    said %= {"count": len(made.created)}
    if made.failed or not made.created:
        messages.warning(request, f"{said} {_('What was not added says why below.')}")
        return _page(request, place, text, lines=_with_outcome(lines, made))
    messages.success(request, f"{said} {_('First results come shortly.')}")
    return redirect("team_sites", place.team.id)


def _with_outcome(lines: list[ImportLine], made: Creation) -> list[ImportLine]:
    """Show lines as they are after a creation; those that were created are duplicates now."""
    why = {each.url: each.why for each in made.failed}
    left = [line for line in lines if line.state is not LineState.READY or line.url in why]
    return [
        ImportLine(line.number, line.url, line.name, LineState.INVALID, why[line.url])
        if line.state is LineState.READY
        else line
        for line in left
    ]


def _with_file(request: HttpRequest, text: str) -> str:
    """Return what is to be read: the file where one was chosen. Raises InvalidInput."""
    file = request.FILES.get("file")
    if file is None:
        return text
    if (file.size or 0) > MOST_CHARACTERS:
        raise invalid(FIELD, _("The file is too large; use at most 500 kB."))
    try:
        content: bytes = file.read()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise invalid(FIELD, _("The file is no UTF-8 text. Save it as CSV UTF-8.")) from None


def _page(
    request: HttpRequest,
    place: Place,
    text: str,
    *,
    lines: list[ImportLine] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    shown: list[tuple[ImportLine, Look]] = [(line, LOOKS[line.state]) for line in lines or ()]
    variables: dict[str, Any] = {
        "text": text,
        "lines": shown,
        "ready": sum(line.state is LineState.READY for line in lines or ()),
        "has_preview": lines is not None,
        "problem": problem,
        "most": MOST_LINES,
        "may": place.may,
    }
    return render(request, "pages/sites_import.html", variables, status=status)
