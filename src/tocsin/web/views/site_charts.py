"""A site's response times, over any stretch that somebody chooses or draws."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tocsin.access.permissions import Permission
from tocsin.checks.response_times import response_times
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site
from tocsin.sites.monitoring.cadence import cadence_seconds
from tocsin.sites.monitoring.queries import of_site
from tocsin.teams.plans import plan_of
from tocsin.web.charts.response_chart import response_chart
from tocsin.web.doors import Place, in_team
from tocsin.web.site_place import site_in

SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=365)
DEFAULT = "24h"
RANGES: dict[str, tuple[Promise, timedelta]] = {
    "24h": (_("24 hours"), timedelta(hours=24)),
    "7d": (_("7 days"), timedelta(days=7)),
    "30d": (_("30 days"), timedelta(days=30)),
    "90d": (_("90 days"), timedelta(days=90)),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is shown; `base` names the range it is or was drawn in, `is_drawn` by hand."""

    first: datetime
    last: datetime
    base: str
    is_drawn: bool = False

    def moved(self, parts: float) -> str:
        """Return the query of a stretch as long, some parts of its length later."""
        by = (self.last - self.first) * parts
        return self._query(self.first + by, self.last + by)

    def scaled(self, times: float) -> str:
        """Return the query of a stretch around the same middle, some times as long."""
        middle, half = self.first + (self.last - self.first) / 2, (self.last - self.first) / 2
        return self._query(middle - half * times, middle + half * times)

    def _query(self, first: datetime, last: datetime) -> str:
        moments = {"from": int(first.timestamp()), "to": int(last.timestamp())}
        return urlencode({**moments, "range": self.base})


@in_team(Permission.VIEW_SITES)
@require_GET
def times(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Answer with the chart alone, to be put in place of the one on the page."""
    found = site_in(place, site)
    variables = {"site": found, **chart_variables(request, place, found)}
    return render(request, "site/response_times.html", variables)


def chart_variables(request: HttpRequest, place: Place, site: Site) -> dict[str, Any]:
    """Return the chart of the stretch that an address asks for, and where one can go from it."""
    now = clock.now()
    stretch = _stretch(request, now)
    floor = plan_of(site.team.plan).minimum_check_cadence_minutes
    cadence = cadence_seconds(of_site(site), Tool.STATUS, floor)
    found = response_times(place.principal, site.pk, stretch.first, stretch.last, cadence)
    return {
        "chart": response_chart(found),
        "stretch": stretch,
        "ranges": [
            (key, label, key == stretch.base and not stretch.is_drawn)
            for key, (label, _span) in RANGES.items()
        ],
        "earlier": stretch.moved(-0.5),
        "later": stretch.moved(0.5) if stretch.last < now - SHORTEST else "",
        "closer": stretch.scaled(0.5) if stretch.last - stretch.first > SHORTEST else "",
        "further": stretch.scaled(2) if stretch.last - stretch.first < LONGEST else "",
        "chart_from": int(stretch.first.timestamp()),
        "chart_to": int(stretch.last.timestamp()),
    }


def _stretch(request: HttpRequest, now: datetime) -> Stretch:
    key = request.GET.get("range", DEFAULT)
    key = key if key in RANGES else DEFAULT
    first, last = _moment(request, "from"), _moment(request, "to")
    if first and last and first < last:
        last = min(last, now)
        first = max(min(first, last - SHORTEST), last - LONGEST)
        return Stretch(first, last, key, is_drawn=True)
    return Stretch(now - RANGES[key][1], now, key)


def _moment(request: HttpRequest, name: str) -> datetime | None:
    """Read epoch seconds; what makes no sense is as if it were not there."""
    text = request.GET.get(name, "")
    if not text.isascii() or not text.isdecimal() or len(text) > len("9999999999"):
        return None
    return datetime.fromtimestamp(int(text), UTC)
