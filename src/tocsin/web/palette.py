"""What the command palette finds: pages of a team, its sites, and things to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.access.permissions import Permission
from tocsin.checks.site_list import SiteFilters, list_sites
from tocsin.kit.pagination import PageRequest
from tocsin.web.doors import Place

MOST_SITES = 8
QUERY_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Command:
    """A page or something to do, for whoever has the permission; None: for all."""

    route: str
    label: Promise
    icon: str
    permission: Permission | None = None
    is_of_team: bool = True
    end: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found."""

    url: str
    label: str
    icon: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind."""

    title: str
    hits: Sequence[Hit]


PAGES = (
    Command("team_home", _("Home"), "house", Permission.VIEW_SITES),
    Command("team_sites", _("Sites"), "layout-list", Permission.VIEW_SITES),
    Command("issues", _("Issues"), "circle-alert", Permission.VIEW_ISSUES),
    Command("reports", _("Reports"), "chart-column", Permission.VIEW_REPORTS),
    Command("monitoring", _("Monitoring"), "sliders-horizontal", Permission.VIEW_MONITORING),
    Command("destinations", _("Destinations"), "send", Permission.MANAGE_DESTINATIONS),
    Command("deliveries", _("Deliveries"), "send", Permission.VIEW_ISSUES),
    Command("team", _("Team"), "users", Permission.VIEW_TEAM),
    Command("team_audit", _("Audit log"), "scroll-text", Permission.VIEW_AUDIT),
    Command("notices", _("Notices"), "bell", is_of_team=False),
    Command("profile", _("Profile"), "user", is_of_team=False),
    Command("usersessions_list", _("Sessions"), "laptop", is_of_team=False),
    Command("mfa_index", _("Two-factor"), "shield-check", is_of_team=False),
    Command("api_tokens", _("API tokens"), "key-round", is_of_team=False),
    Command("mcp_tokens", _("MCP"), "plug", is_of_team=False),
    Command("api_reference", _("API reference"), "scroll-text", is_of_team=False),
)
ACTIONS = (
    Command("team_sites", _("Add a site"), "plus", Permission.CREATE_SITE, end="#add-site"),
    Command(
        "issues",
        _("Triage open issues"),
        "user-check",
        Permission.TRIAGE_ISSUES,
        end="?status=open",
    ),
    Command("destinations", _("Add a destination"), "plus", Permission.MANAGE_DESTINATIONS),
    Command("team", _("Invite somebody"), "user-plus", Permission.MANAGE_MEMBERS),
    Command("reports_table", _("Download the report"), "download", Permission.VIEW_REPORTS),
    Command("team_create", _("New team"), "plus", is_of_team=False),
)


def find(place: Place | None, query: str) -> list[Group]:
    """Find pages, sites and actions whose words contain the query. Two queries for the sites."""
    wanted = query.replace("\0", "").strip()[:QUERY_LENGTH]
    groups = (
        Group(gettext("Sites"), _sites(place, wanted)),
        Group(gettext("Pages"), list(_commands(PAGES, place, wanted))),
        Group(gettext("Actions"), list(_commands(ACTIONS, place, wanted))),
        Group(gettext("Teams"), list(_teams(place, wanted))),
    )
    return [group for group in groups if group.hits]


def _sites(place: Place | None, wanted: str) -> list[Hit]:
    if place is None or not place.may[Permission.VIEW_SITES]:
        return []
    filters = SiteFilters(search=wanted)
    found, _total = list_sites(
        place.principal, place.team.id, filters, PageRequest(per_page=MOST_SITES)
    )
    return [
        Hit(reverse("site", args=(place.team.id, site.pk)), site.name, "globe", site.url)
        for site in found
    ]


def _commands(commands: Sequence[Command], place: Place | None, wanted: str) -> Iterator[Hit]:
    may = place.may if place else {}
    for command in commands:
        label = str(command.label)
        if wanted.casefold() not in label.casefold():
            continue
        if command.permission is not None and not may.get(command.permission):
            continue
        if not command.is_of_team:
            yield Hit(reverse(command.route), label, command.icon)
        elif place is not None:
            url = reverse(command.route, args=(place.team.id,))
            yield Hit(f"{url}{command.end}", label, command.icon, place.team.name)


def _teams(place: Place | None, wanted: str) -> Iterator[Hit]:
    for team in place.teams if place and wanted else ():
        if wanted.casefold() in team.name.casefold():
            yield Hit(reverse("team_home", args=(team.id,)), team.name, "users")
