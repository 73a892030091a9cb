"""The entries of the navigation, and which of them a page belongs to."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.web.doors import Place

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
# Which entry a page belongs to: what its route's name begins with, the longest that fits.
_SECTIONS = {
    "team": "team",
    "team_home": "team_home",
    "team_create": "",  # belongs to no team yet
    "member": "team",
    "invitation_re": "team",  # resend and revoke; the others are outside the frame
    "team_sites": "team_sites",
    "site": "team_sites",
    "issue": "issues",
    "report": "reports",
    "monitoring": "monitoring",
    "destination": "destinations",
    "deliver": "destinations",
    "team_audit": "team_audit",
}
_SETTINGS_SECTIONS = {
    "profile": "profile",
    "change_photo": "profile",
    "account_delete": "profile",
    "account_": "",
    "account_email": "account_email",
    "account_change_password": "account_change_password",
    "account_set_password": "account_change_password",
    "mfa_": "mfa_index",
    **{f"mfa_{verb}_webauthn": "mfa_list_webauthn" for verb in ("list", "add", "edit", "remove")},
    "usersessions_": "usersessions_list",
    "socialaccount_": "",
    "api_token": "api_tokens",
    "tokens_": "api_tokens",
    "mcp_": "mcp_tokens",
}


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of a navigation; `current` where the page belongs to it."""

    url: str
    label: str | Promise
    icon: str
    current: bool


def main_entries(request: HttpRequest, place: Place | None) -> list[Link]:
    """Return a team's entries, those that its role may open; none without a team."""
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
    here = _section(_SECTIONS, route_of(request))
    if here == "destinations" and not place.may["manageDestinations"]:
        here = "issues"  # whence those come to the deliveries who have no entry for them
    return [
        Link(reverse(name, args=(place.team.id,)), label, icon, name == here)
        for name, label, icon in entries
    ]


def settings_entries(request: HttpRequest) -> list[Link]:
    """Return the entries of somebody's own settings, none on a page of another kind."""
    here = _section(_SETTINGS_SECTIONS, route_of(request))
    if here is None:
        return []
    return [Link(reverse(name), label, icon, name == here) for name, label, icon in SETTINGS]


def route_of(request: HttpRequest) -> str:
    """Return the name of the route that a request took, empty where it took none."""
    match = request.resolver_match
    return (match.url_name or "") if match else ""


def _section(sections: dict[str, str], route: str) -> str | None:
    fitting = [beginning for beginning in sections if route.startswith(beginning)]
    return sections[max(fitting, key=len)] if fitting else None
