"""What the frame around each page needs: theme, teams, navigation. Computed only if used."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from tocsin.notifications.queries.notices import unread_notices
from tocsin.teams.queries import TeamView
from tocsin.web.doors import Place, place_of, principal_of

SETTINGS: tuple[tuple[str, str | Promise, str], ...] = (
    ("profile", _("Profile"), "user"),
    ("account_email", _("Email"), "mail"),
    ("account_change_password", _("Password"), "lock"),
    ("mfa_index", _("Two-factor"), "shield-check"),
    ("mfa_list_webauthn", _("Passkeys"), "fingerprint"),
    ("usersessions_list", _("Sessions"), "laptop"),
    ("api_tokens", _("API tokens"), "key-round"),
    ("mcp_tokens", "MCP", "plug"),
)
SETTINGS_ROUTES = frozenset(entry[0] for entry in SETTINGS) | {"account_delete"}


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a navigation."""

    url: str
    label: str | Promise
    icon: str
    current: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """Provide the frame's variables."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"theme": "system"}
    variables: dict[str, Any] = {
        "theme": user.theme,
        "settings_navigation": SimpleLazyObject(lambda: _settings(request)),
    }
    if user.email_verified_at is not None:
        place = cache(lambda: place_of(request))
        variables |= {
            "team": SimpleLazyObject(lambda: _team(place())),
            "teams": SimpleLazyObject(lambda: _teams(place())),
            "unread": SimpleLazyObject(lambda: unread_notices(principal_of(request))),
            "navigation": SimpleLazyObject(lambda: _navigation(request, place())),
        }
    return variables


def _team(place: Place | None) -> TeamView | None:
    return place.team if place else None


def _teams(place: Place | None) -> list[TeamView]:
    return place.teams if place else []


def _navigation(request: HttpRequest, place: Place | None) -> list[Link]:
    if place is None:
        return []
    entries = [
        ("team_home", _("Home"), "house"),
        ("team_sites", _("Sites"), "layout-list"),
        ("issues", _("Issues"), "circle-alert"),
        ("reports", _("Reports"), "chart-column"),
        ("monitoring", _("Monitoring"), "sliders-horizontal"),
        ("team", _("Team"), "users"),
    ]
    if place.may["manageDestinations"]:
        entries.append(("destinations", _("Destinations"), "send"))
    if place.may["viewAudit"]:
        entries.append(("team_audit", _("Audit log"), "scroll-text"))
    return [
        Link(reverse(name, args=(place.team.id,)), label, icon, _is_current(request, name))
        for name, label, icon in entries
    ]


def _settings(request: HttpRequest) -> list[Link]:
    route = _route(request)
    if route not in SETTINGS_ROUTES and not route.startswith(("mfa_", "usersessions_", "account_")):
        return []
    return [
        Link(reverse(name), label, icon, _is_current(request, name))
        for name, label, icon in SETTINGS
    ]


def _is_current(request: HttpRequest, name: str) -> bool:
    route = _route(request)
    if name == "mfa_list_webauthn":
        return "webauthn" in route
    if name == "mfa_index":
        return route.startswith("mfa_") and "webauthn" not in route
    if name == "profile":
        return route in {"profile", "account_delete"}
    if name == "issues":
        return route in {"issues", "issue"}
    if name == "reports":
        return route in {"reports", "report"}
    if name == "monitoring":
        return route in {"monitoring", "monitoring_update"}
    return route == name


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name or "") if match else ""
