"""Doing one thing to the sites that somebody chose in the list."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tocsin.access.permissions import Permission
from tocsin.kit.errors import InvalidInput
from tocsin.sites.bulk_changes import chosen_sites, delete_sites, pin_sites
from tocsin.web.doors import Place, in_team
from tocsin.web.methods import only_forms

CONFIRMED = "yes"


@in_team(Permission.UPDATE_SITE)
@only_forms
def pin(request: HttpRequest, place: Place) -> HttpResponse:
    """Pin the chosen sites."""
    return _pin(request, place, pinned=True)


@in_team(Permission.UPDATE_SITE)
@only_forms
def unpin(request: HttpRequest, place: Place) -> HttpResponse:
    """Pin the chosen sites no longer."""
    return _pin(request, place, pinned=False)


@in_team(Permission.DELETE_SITE)
@only_forms
def delete(request: HttpRequest, place: Place) -> HttpResponse:
    """Name the chosen sites and ask once more, then delete them."""
    uuids = _chosen(request)
    try:
        if request.POST.get("confirmed") != CONFIRMED:
            sites = chosen_sites(place.principal, place.team.id, uuids)
            return _ask(request, place, sites) if sites else _none(request, place)
        count = delete_sites(place.principal, place.team.id, uuids)
    except InvalidInput as error:
        messages.error(request, str(error))
        return redirect("team_sites", place.team.id)
    text = ngettext("%(count)s site is deleted.", "%(count)s sites are deleted.", count)
    messages.success(request, text % {"count": count})
    return redirect("team_sites", place.team.id)


def _pin(request: HttpRequest, place: Place, *, pinned: bool) -> HttpResponse:
    try:
        count = pin_sites(place.principal, place.team.id, _chosen(request), pinned=pinned)
    except InvalidInput as error:
        messages.error(request, str(error))
        return redirect("team_sites", place.team.id)
    if not count:
        return _none(request, place)
    if pinned:
        text = ngettext("%(count)s site is pinned.", "%(count)s sites are pinned.", count)
    else:
        text = ngettext(
            "%(count)s site is no longer pinned.", "%(count)s sites are no longer pinned.", count
        )
    messages.success(request, text % {"count": count})
    return redirect("team_sites", place.team.id)


def _ask(request: HttpRequest, place: Place, sites: object) -> HttpResponse:
    return render(request, "pages/sites_delete.html", {"sites": sites, "may": place.may})


def _none(request: HttpRequest, place: Place) -> HttpResponse:
    messages.warning(request, _("Choose at least one site first."))
    return redirect("team_sites", place.team.id)


def _chosen(request: HttpRequest) -> list[UUID]:
    """Return the sites that were ticked; what is no id is passed over."""
    uuids = []
    for text in request.POST.getlist("site"):
        try:
            uuids.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(uuids))
