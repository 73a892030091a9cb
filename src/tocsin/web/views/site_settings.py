"""A site's settings: what it sets itself, what it inherits, and going back to the team's."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.checks.history import latest_checks
from tocsin.kit.errors import InvalidInput, NotFound
from tocsin.probes.contract import Tool
from tocsin.sites.actions import update_site
from tocsin.sites.models import Site
from tocsin.web.doors import Place, in_team
from tocsin.web.methods import only_forms
from tocsin.web.panels.reading import items, part
from tocsin.web.site_place import around, site_in
from tocsin.web.site_settings.catalogue import SETTINGS
from tocsin.web.site_settings.reading import HEADER, YES, body_of, inheriting
from tocsin.web.site_settings.showing import ROOT, groups_of, header_field, record_fields
from tocsin.web.snoozing import CHOICES

STALE, REFUSED = 409, 422
_BASICS = ("name", "url", "notes")
Errors = Mapping[str, Sequence[str]]


@in_team(Permission.VIEW_MONITORING)
@require_GET
def settings(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Show the settings; whoever may not change them sees them all the same."""
    return _page(request, place, site_in(place, site))


@in_team(Permission.UPDATE_SITE)
@only_forms
def save(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Keep what the form says, all or nothing; not over what somebody else saved meanwhile."""
    found = site_in(place, site)
    if request.POST.get("revision") != str(found.settings_revision):
        messages.warning(
            request,
            _("Somebody changed these settings since you opened them. Look again, then save."),
        )
        return _page(request, place, found, status=STALE)
    try:
        update_site(place.principal, found, body_of(request.POST, found))
    except NotFound as error:
        raise Http404(str(error)) from None
    except InvalidInput as error:
        return _page(request, place, found, errors=error.errors, status=REFUSED)
    messages.success(request, _("The settings are saved and hold from the next check on."))
    return redirect("site_settings", place.team.id, site)


@in_team(Permission.UPDATE_SITE)
@only_forms
def reset(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Let the site inherit one setting from its team again."""
    path = request.POST.get("reset", "")
    if path not in SETTINGS and path != HEADER:
        raise Http404("There is no such setting.")
    return _changed(
        request, place, site, inheriting(path), _("It follows the team's default again.")
    )


@in_team(Permission.UPDATE_SITE)
@only_forms
def adopt_records(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Expect from now on the DNS records that were seen last."""
    check = latest_checks(place.principal, [site], ended=True).get(site, {}).get(Tool.DNS)
    records = part((check.result if check else None) or {}, "records")
    seen = {kind: values for kind in records if (values := items(records, kind))}
    if not seen:
        messages.error(request, _("No records have been seen yet; run a DNS check first."))
        return redirect("site_settings", place.team.id, site)
    body = {"dns_expected_records": seen}
    return _changed(request, place, site, body, _("What was seen last is expected from now on."))


def _changed(
    request: HttpRequest, place: Place, site: UUID, body: Mapping[str, Any], done: str
) -> HttpResponse:
    try:
        update_site(place.principal, site_in(place, site), body)
    except InvalidInput as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("site_settings", place.team.id, site)


def _page(
    request: HttpRequest,
    place: Place,
    site: Site,
    *,
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    typed = request.POST if errors else None
    found = errors or {}
    variables = {
        **around(request, place, site),
        "basics": {name: _typed(typed, name, getattr(site, name)) for name in _BASICS},
        "basic_errors": {name: found.get(name, ()) for name in _BASICS},
        "js_rendered": typed.get("js_rendered") == YES if typed else site.js_rendered,
        "groups": groups_of(site, typed, found),
        "records": record_fields(site, typed, found),
        "has_records": bool(site.dns_expected_records),
        "header": header_field(site, typed, found),
        "others": _elsewhere(found),
        "revision": site.settings_revision,
        "snoozes": CHOICES,
    }
    return render(request, "site/settings.html", variables, status=status)


def _typed(typed: QueryDict | None, name: str, kept: str) -> str:
    return kept if typed is None else typed.get(name, "")


def _elsewhere(errors: Errors) -> list[str]:
    """Return the errors of fields that the page does not have."""
    shown = (*_BASICS, "dns_expected_records.", *(f"{ROOT}.{path}" for path in (*SETTINGS, HEADER)))
    return [
        message for name, found in errors.items() if not name.startswith(shown) for message in found
    ]
