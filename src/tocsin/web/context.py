"""What the frame around each page needs: theme, teams, navigation. Computed only if used."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tocsin.notifications.queries.notices import unread_notices
from tocsin.teams.queries import TeamView
from tocsin.web.doors import Place, place_of, principal_of
from tocsin.web.navigation import main_entries, route_of, settings_entries


def shell(request: HttpRequest) -> dict[str, Any]:
    """Provide the frame's variables."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"theme": "system"}
    route = route_of(request)
    variables: dict[str, Any] = {
        "theme": user.theme,
        "settings_navigation": SimpleLazyObject(lambda: settings_entries(request)),
        "route": route,
    }
    if user.email_verified_at is not None:
        place = cache(lambda: place_of(request))
        variables |= {
            "team": SimpleLazyObject(lambda: _team(place())),
            "teams": SimpleLazyObject(lambda: _teams(place())),
            "unread": SimpleLazyObject(lambda: unread_notices(principal_of(request))),
            "at_notices": route == "notices" or "at_notices" in request.GET,
            "navigation": SimpleLazyObject(lambda: main_entries(request, place())),
        }
    return variables


def _team(place: Place | None) -> TeamView | None:
    return place.team if place else None


def _teams(place: Place | None) -> list[TeamView]:
    return place.teams if place else []
