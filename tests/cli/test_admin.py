"""Operators' commands; contract, section 11."""

from typing import Any

import pytest

from tests.cli.conftest import Inside
from tocsin.audit.models import Entry
from tocsin.sites.models import Site
from tocsin.teams.models import Team


@pytest.fixture
def ann(cli: Inside) -> dict[str, Any]:
    """A user made by the command."""
    made: dict[str, Any] = cli.admin(
        "create-user", "--email", "ann@example.com", "--name", "Ann", "--verified"
    )
    return made


@pytest.fixture
def ops(cli: Inside, ann: dict[str, Any]) -> str:
    """The id of a team of Ann's on the starter plan."""
    plan = ("--plan", "starter")
    made = cli.admin("create-team", "--owner", ann["email"], "--name", "Ops [red]", *plan)
    assert made == {"id": made["id"], "name": "Ops [red]"}
    return str(made["id"])


def test_it_creates_users_with_a_personal_team(cli: Inside, ann: dict[str, Any]) -> None:
    team = Team.objects.get(personal_team=True)
    assert ann == {"id": ann["id"], "email": "ann@example.com", "team_id": team.pk}
    again = cli("admin", "create-user", "--email", "ANN@example.com", "--name", "Ann")
    assert "already" in again.refusal


@pytest.mark.parametrize(
    ("email", "name", "word"),
    [
        ("bo@example.com", "x" * 256, "255"),
        ("bo@example.com", "evil\u202e", "direction"),
        ("bo@example.com", "two\nlines", "line breaks"),
        ("bö@example.com", "Bo", "before the @"),
    ],
)
def test_it_refuses_bad_input_in_one_line(cli: Inside, email: str, name: str, word: str) -> None:
    ran = cli("admin", "create-user", "--email", email, "--name", name, "--json")
    assert word in ran.refusal


@pytest.mark.usefixtures("ann")
def test_it_sets_users(cli: Inside) -> None:
    off = cli.admin("set-user", "--email", "Ann@Example.com", "--inactive", "--unverified")
    assert (off["is_active"], off["email_verified_at"]) == (False, None)
    on = cli.admin("set-user", "--email", "ann@example.com", "--active", "--verified")
    assert on["is_active"] is True
    assert on["email_verified_at"].endswith("+00:00")
    assert {"id", "name", "role", "email", "email_verified_at"} <= set(on)
    assert "no user" in cli("admin", "set-user", "--email", "bo@example.com").refusal


def test_it_runs_a_team(cli: Inside, ops: str, bob: Any) -> None:
    member = ("add-member", "--team", ops, "--email", "bob@example.com", "--role")
    added = cli.admin(*member, "viewer")
    assert added == {"team_id": int(ops), "user_id": bob.pk, "role": "viewer"}
    assert cli.admin(*member, "admin")["role"] == "admin"
    assert "transfer" in cli("admin", *member, "owner").refusal
    team = cli.admin("set-team", "--team", ops, "--require-two-factor")
    assert team["require_two_factor"] is True
    assert (team["members_count"], team["role"]) == (2, None)
    relaxed = cli.admin("set-team", "--team", ops, "--no-require-two-factor")
    assert relaxed["require_two_factor"] is False
    assert "no team 404" in cli("admin", "set-team", "--team", "404").refusal


def test_it_obeys_the_seats_unless_forced(
    cli: Inside, ops: str, bob: Any, vera: Any, mallory: Any
) -> None:
    member = ("add-member", "--team", ops, "--role", "member", "--email")
    cli.admin(*member, bob.email)
    cli.admin(*member, vera.email)
    assert "none left" in cli("admin", *member, mallory.email).refusal
    assert cli.admin(*member, mallory.email, "--force")["user_id"] == mallory.pk


def test_it_prints_the_limits_of_a_plan(cli: Inside, ann: dict[str, Any]) -> None:
    plan = ("set-plan", "--team", str(ann["team_id"]), "--plan")
    limits = cli.admin(*plan, "growth", "--state", "past_due")
    assert limits["plan"] == "growth"
    assert limits["seats"] == {
        "members": 1,
        "pending_invitations": 0,
        "used": 1,
        "limit": 10,
        "remaining": 9,
    }
    assert "no plan 'gold'" in cli("admin", *plan, "gold").refusal
    assert cli.admin(*plan, "self-hosted", "--state", "active")["sites"]["limit"] is None


def test_it_adds_sites_within_the_plan_unless_forced(cli: Inside, ops: str) -> None:
    add = ("add-site", "--team", ops, "--url")
    first = cli.admin(*add, "HTTPS://Example.com:443/#top", "--name", "Main")
    assert first == {"uuid": first["uuid"], "url": "https://example.com"}
    assert "already" in cli("admin", *add, "https://example.com/").refusal
    assert "169.254" in cli("admin", *add, "http://169.254.169.254/").refusal
    for number in range(4):
        cli.admin(*add, f"https://{number}.example.com")
    assert "none left" in cli("admin", *add, "https://more.example.com").refusal
    cli.admin(*add, "https://more.example.com", "--force")
    assert Site.objects.count() == 6


def test_it_lists_sites(cli: Inside, ops: str, team: Team) -> None:
    cli.admin("add-site", "--team", ops, "--url", "https://example.com")
    cli.admin("add-site", "--team", str(team.pk), "--url", "https://example.org")
    assert len(cli.admin("sites")) == 2
    (site,) = cli.admin("sites", "--team", ops)
    assert {"uuid", "name", "url", "team_id", "tools"} == set(site)
    nothing_yet = {"status": None, "outcome": None, "checked_at": None, "summary": ""}
    assert site["tools"]["status"] == nothing_yet
    assert "no team 404" in cli("admin", "sites", "--team", "404").refusal


def test_it_makes_explains_and_revokes_tokens(cli: Inside, ann: dict[str, Any]) -> None:
    make = ("create-token", "--email", ann["email"], "--name", "ci", "--scopes")
    made = cli.admin(*make, "sites:read, checks:run")
    assert made["token"].startswith("toc_pat_")
    token, team = str(made["id"]), str(ann["team_id"])
    ask = ("explain-access", "--token-id", token, "--team", team, "--permission")
    assert cli.admin(*ask, "viewSites")["allowed"] is True
    refused = cli.admin(*ask, "createSite")
    assert (refused["allowed"], refused["gate"]) == (False, 3)
    assert cli.admin("revoke-token", "--id", token) == {"revoked": 1}
    assert cli.admin("revoke-token", "--id", token) == {"revoked": 0}
    assert cli.admin(*ask, "viewSites")["gate"] == 1
    past = cli.admin(*make, "sites:read", "--expires", "2020-01-31", "--kind", "mcp")
    assert past["expires_at"] == "2020-01-31T00:00:00+00:00"
    assert past["token"].startswith("toc_mcp_")


def test_it_revokes_leaked_tokens(cli: Inside, ann: dict[str, Any]) -> None:
    make = ("create-token", "--email", ann["email"], "--name", "leaky", "--scopes", "sites:read")
    token = cli.admin(*make)["token"]
    found = f"noise {token}\n{token}\ntoc_pat_{'x' * 46}\n\x00é"
    assert cli.admin("revoke-leaked", stdin=found) == {"revoked": 1}
    assert cli.admin("revoke-leaked", stdin=token) == {"revoked": 0}


@pytest.mark.parametrize(
    "arguments",
    [
        ("set-user", "--email", "ann@example.com"),
        ("create-user", "--email", "bo@example.com", "--name", "Bo"),
        ("set-team", "--team", "{team}"),
        ("set-plan", "--team", "{team}", "--plan", "starter"),
        ("add-site", "--team", "{team}", "--url", "https://example.com"),
        ("sites",),
        ("create-token", "--email", "ann@example.com", "--name", "x", "--scopes", "sites:read"),
        ("revoke-leaked",),
        ("outbox",),
    ],
)
def test_it_prints_for_people_too(cli: Inside, ops: str, arguments: tuple[str, ...]) -> None:
    ran = cli("admin", *(argument.format(team=ops) for argument in arguments))
    assert (ran.code, ran.err) == (0, ""), ran
    assert ran.out.strip()


def test_it_takes_no_name_for_markup(cli: Inside, ops: str) -> None:
    assert "Ops [red]" in cli("admin", "set-team", "--team", ops).out


@pytest.mark.usefixtures("ops")
def test_it_records_what_operators_do() -> None:
    assert set(Entry.objects.values_list("kind", "action")) >= {
        ("system", "user.created"),
        ("system", "team.created"),
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("admin", "create-user"),
        ("admin", "nonsense"),
        ("nonsense",),
        ("admin", "sites", "--team", "x"),
        ("admin", "sites", "--data"),
        ("admin", "create-token", "--email", "a", "--name", "b", "--scopes", "c", "--kind", "d"),
        ("admin", "explain-access", "--token-id", "1", "--team", "1", "--permission", "fly"),
    ],
)
def test_it_answers_wrong_usage_with_one_line_and_2(
    cli: Inside, arguments: tuple[str, ...]
) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1), ran
