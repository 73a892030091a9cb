"""A site within the team that somebody entered: what all its pages share."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.kit import clock
from tocsin.sites.models import Site
from tocsin.sites.queries import site_of_team
from tocsin.web.doors import Place

_TABS: tuple[tuple[str, Promise, frozenset[str]], ...] = (
    ("site", _("Overview"), frozenset({"site"})),
    ("site_checks", _("Checks"), frozenset({"site_checks", "site_check"})),
    ("site_slots", _("Slots"), frozenset({"site_slots"})),
    ("site_settings", _("Settings"), frozenset({"site_settings", "site_delete"})),
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of a site's pages."""

    url: str
    label: Promise
    current: bool


def site_in(place: Place, uuid: UUID) -> Site:
    """Return a site of the team with its team's settings. Raises Http404."""
    site = site_of_team(place.principal, place.team.id, uuid)
    if site is None:
        raise Http404("There is no such site.")
    return site


def around(request: HttpRequest, place: Place, site: Site) -> dict[str, Any]:
    """Return the variables of the head that all pages of a site have."""
    route = request.resolver_match.url_name if request.resolver_match else ""
    until = site.snoozed_until
    return {
        "site": site,
        "may": place.may,
        "snoozed_until": until if until and until > clock.now() else None,
        "tabs": [
            Tab(reverse(name, args=(place.team.id, site.pk)), label, route in routes)
            for name, label, routes in _TABS
        ],
    }
