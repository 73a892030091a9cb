"""The demo's people, team, destinations and sites, made through the product's own actions."""

from dataclasses import dataclass
from datetime import timedelta

from scripts.demo.catalogue import HTTP_PORT, ZONE, DemoSite, Profile
from scripts.demo.plan import DAY
from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.accounts.actions import create_user
from tocsin.kit import clock
from tocsin.notifications.actions import destinations
from tocsin.sites.actions import create_site, update_site
from tocsin.sites.models import Site
from tocsin.sites.monitoring.actions import snooze, update_team_monitoring
from tocsin.teams import actions as teams
from tocsin.teams.models import Team

PASSWORD = "correct horse battery staple"
OWNER = "ada@example.com"
PEOPLE = (
    (OWNER, "Ada Example", "owner"),
    ("ben@example.com", "Ben Example", "admin"),
    ("cleo@example.com", "Cleo Example", "member"),
    ("dan@example.com", "Dan Example", "viewer"),
)
INVITED = "eve@example.com"
CADENCE_MINUTES = 5
RECEIVER = f"http://receiver.{ZONE}:{HTTP_PORT}"
# Channel, what is typed for it, label, events, tools.
DESTINATIONS = (
    ("email", {"addresses": OWNER}, "On call", ("open", "resolve"), None),
    ("webhook", {"url": f"{RECEIVER}/ok", "method": "post"}, "Ticket system", ("open",), None),
    ("webhook", {"url": f"{RECEIVER}/broken", "method": "post"}, "Pager", ("open",), ("status",)),
    (
        "slack",
        {"url": "https://hooks.slack.com/services/T0/B0/demo"},
        "#operations",
        ("open", "resolve"),
        None,
    ),
)
OFF, FAILING = "#operations", "Pager"


@dataclass(frozen=True, slots=True)
class Cast:
    """The team, and its people by role."""

    team: Team
    people: dict[str, Principal]


def gather(now: int, days: int) -> Cast:
    """Make people, team and destinations, as long ago as the history begins."""
    with clock.frozen(now - (days + 2) * DAY):
        people = {role: _person(email, name) for email, name, role in PEOPLE}
        owner = people["owner"]
        team = teams.create_team(owner, owner_id=owner.user_id or 0, name="Example Shop")
        for role, person in people.items():
            if role != "owner":
                teams.add_member(SYSTEM, team.pk, person.user_id or 0, role)
        _monitoring(owner, team)
        _destinations(owner, team)
    with clock.frozen(now - DAY):
        teams.invite(owner, team.pk, email=INVITED, role="member")
    return Cast(team, people)


def watch(cast: Cast, demo: DemoSite, since: int, now: int) -> Site:
    """Begin to watch a site, as an admin did then."""
    admin = cast.people["admin"]
    with clock.frozen(since):
        site = create_site(
            admin,
            cast.team,
            url=demo.url,
            name=demo.name,
            monitoring_settings=_overrides(demo),
            dns_expected_records=_expected(demo),
        )
        if demo.pinned:
            site = update_site(admin, site, {"pinned": True})
    if demo.profile is Profile.SNOOZED:
        with clock.frozen(now - 6 * 3600):
            until = clock.from_timestamp(now) + timedelta(days=2)
            site = snooze(cast.people["member"], site, until)
    return site


def _person(email: str, name: str) -> Principal:
    user = create_user(SYSTEM, email=email, name=name, password=PASSWORD, verified=True)
    return Principal(kind=PrincipalKind.SESSION, user_id=user.pk)


def _monitoring(owner: Principal, team: Team) -> None:
    settings = {
        "escalation": {"enabled": True, "intervals": [30, 1440]},
        "tools": {"status": {"enabled": True, "cadence_minutes": CADENCE_MINUTES}},
    }
    update_team_monitoring(owner, team, {"monitoring_settings": settings})


def _destinations(owner: Principal, team: Team) -> None:
    for channel, config, label, events, tools in DESTINATIONS:
        added = destinations.add(
            owner, team.pk, channel=channel, config=config, label=label, events=events, tools=tools
        )
        if label == OFF:
            destinations.set_enabled(owner, team.pk, added.destination.pk, enabled=False)


def _overrides(demo: DemoSite) -> dict[str, object] | None:
    match demo.profile:
        case Profile.QUIET:
            others = ("ssl", "dns", "broken-links", "performance")
            return {"tools": {tool: {"enabled": False} for tool in others}}
        case Profile.FLAKY:
            return {"tools": {"status": {"settings": {"failures_to_open": 3}}}}
        case Profile.SLOW:
            return {"tools": {"performance": {"settings": {"min_score": 60}}}}
    return None


def _expected(demo: DemoSite) -> dict[str, list[str]] | None:
    return {"A": ["127.0.0.9"]} if demo.profile is Profile.MOVED else None
