"""A team's monitoring settings: shown, changed, refused beside the field, foretold."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.incidents import NASTY
from tocsin.sites.models import Site, TeamMonitoring
from tocsin.teams.models import Team

CADENCE = "tools__status__cadence_minutes"
CONTROL = re.compile(r"<(?:(input)|(select|textarea))\b([^>]*)>(?(2)(.*?)</\2>)", re.S)


def _page(client: Client, team: Any) -> str:
    answer = client.get(f"/teams/{team.pk}/monitoring")
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(page: str) -> dict[str, Any]:
    """Read from a page what its form would send."""
    sent: dict[str, Any] = {}
    for _, kind, attributes, inner in CONTROL.findall(page):
        found = re.search(r'name="([^"]+)"', attributes)
        if found is None or not found[1].startswith(("tools__", "quiet", "escal", "request")):
            continue
        value = re.search(r'value="([^"]*)"', attributes)
        text = unescape(value[1]) if value else ""
        if 'type="checkbox"' in attributes:
            if "checked" in attributes:
                sent.setdefault(found[1], []).append(text or "on")
        elif kind == "select":
            chosen = re.search(r'value="([^"]*)"\s+selected', inner)
            sent[found[1]] = chosen[1] if chosen else ""
        else:
            sent[found[1]] = unescape(inner).strip() if kind == "textarea" else text
    return sent


def _send(client: Client, team: Any, status: int = 200, **changes: Any) -> str:
    typed = form_of(_page(client, team)) | changes
    typed = {name: value for name, value in typed.items() if value is not None}
    answer = client.post(f"/teams/{team.pk}/monitoring/update", typed, follow=True)
    assert answer.status_code == status
    return answer.content.decode()


def _stored(team: Any) -> dict[str, Any]:
    found = TeamMonitoring.objects.filter(team=team).first()
    return found.settings if found else {}


@pytest.fixture
def client(sign_in: SignIn, adam: Any) -> Client:
    return sign_in(adam)


def test_it_changes_nothing_where_nothing_was_typed(client: Client, team: Any) -> None:
    _send(client, team)
    assert _stored(team) == {}


def test_it_changes_what_was_typed_and_no_other_tool(client: Client, team: Any) -> None:
    page = _send(client, team, **{CADENCE: "15", "tools__status__settings__failures_to_open": "3"})
    assert "The settings are saved." in page
    assert _stored(team).keys() == {"tools"}
    assert _stored(team)["tools"].keys() == {"status"}
    assert _stored(team)["tools"]["status"]["cadence_minutes"] == 15
    assert _stored(team)["tools"]["status"]["settings"]["failures_to_open"] == 3


@pytest.mark.parametrize(
    ("typed", "path", "value"),
    [
        ({"tools__ssl__enabled": None}, "tools.ssl.enabled", False),
        ({"tools__dns__settings__monitored_record_types": ["A", "MX"]},
         "tools.dns.settings.monitored_record_types", ["A", "MX"]),
        ({"tools__status__settings__incident_status_codes": ["503", "500"]},
         "tools.status.settings.incident_status_codes", [500, 503]),
        ({"tools__broken-links__settings__ignore_paths": "/a/*\r\n\r\n /b "},
         "tools.broken-links.settings.ignore_paths", ["/a/*", "/b"]),
        ({"tools__performance__settings__max_ttfb_ms": ""},
         "tools.performance.settings.max_ttfb_ms", None),
        ({"tools__performance__settings__max_load_time_seconds": "7.5"},
         "tools.performance.settings.max_load_time_seconds", 7.5),
        ({"quiet_time__enabled": "on", "quiet_time__timezone": "Europe/Vienna"},
         "quiet_time.timezone", "Europe/Vienna"),
        ({"escalation__enabled": "on", "escalation__intervals": ["1440", "30"]},
         "escalation.intervals", [30, 1440]),
        ({"request_header__name": "X-Monitor", "request_header__value": "yes"},
         "request_header.value", "yes"),
    ],
)  # fmt: skip
def test_it_takes_every_kind_of_value(
    client: Client, team: Any, typed: dict[str, Any], path: str, value: Any
) -> None:
    _send(client, team, **typed)
    found: Any = _stored(team)
    for step in path.split("."):
        found = found[step]
    assert found == value
    again = form_of(_page(client, team))
    for name, sent in typed.items():
        if isinstance(sent, list):
            assert sorted(again[name]) == sorted(sent)


def test_it_takes_the_header_away_again(client: Client, team: Any) -> None:
    _send(client, team, request_header__name="X-Monitor", request_header__value="yes")
    _send(client, team, request_header__name="", request_header__value="")
    assert "request_header" not in _stored(team)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        (CADENCE, "7"),
        ("tools__broken-links__cadence_minutes", "60"),
        ("tools__status__settings__failures_to_open", "21"),
        ("tools__status__settings__failures_to_open", "many"),
        ("tools__ssl__settings__expiry_days", ""),
        ("tools__status__settings__incident_status_codes", ["200"]),
        ("tools__broken-links__settings__ignore_paths", "x" * 256),
        ("quiet_time__ends_at", "22:00"),
        ("quiet_time__timezone", NASTY),
        ("request_header__name", "Host"),
        ("request_header__value", "a\r\nb"),
        ("escalation__intervals", ["7"]),
    ],
)
def test_it_says_beside_the_field_what_is_wrong(
    client: Client, team: Any, name: str, typed: Any
) -> None:
    others = {"request_header__name": "X-A", "request_header__value": "b"}
    more = others if name.startswith("request_header") else {}
    page = _send(client, team, status=422, **{**more, name: typed})
    assert f'id="id_{name}_error"' in page
    assert "Nothing is saved yet" in page
    assert "<script>alert" not in page
    assert _stored(team) == {}


def test_it_keeps_to_the_floor_of_the_plan(client: Client, team: Any) -> None:
    Team.objects.filter(pk=team.pk).update(plan="starter")
    page = _page(client, team)
    assert re.search(
        r'value="5"[^>]*disabled[^>]*>5 minutes \(not on this plan\)|value="5"[^>]*selected', page
    )
    assert re.search(r'<option value="1" disabled>1 minute \(not on this plan\)', page)
    page = _send(client, team, status=422, **{CADENCE: "2"})
    assert "does not run faster on this plan" in page
    # What is stored from before stays, and is no reason to refuse another change.
    _send(client, team, tools__ssl__settings__expiry_days="30")
    assert _stored(team)["tools"].keys() == {"ssl"}


def test_it_foretells_what_would_change_and_changes_nothing(
    client: Client, team: Any, site: Any
) -> None:
    own = {"tools": {"status": {"cadence_minutes": 1}}}
    for number in range(12):
        Site.objects.create(
            team=team, name=f"{NASTY} {number:02}", url=f"https://{number}.example",
            domain="e", monitoring_overrides=own,
        )  # fmt: skip
    page = _send(client, team, **{CADENCE: "30", "preview": "1"})
    assert "What would change" in page
    assert "Status: Every" in page
    assert "1 site follows" in page
    assert "and 2 more" in page
    assert "<script>alert" not in page
    assert _stored(team) == {}
    assert '<option value="30" selected>' in page
    assert "Nothing: this is how it is set already." in _send(client, team, preview="1")


def test_it_names_the_sites_that_say_otherwise(client: Client, team: Any, site: Any) -> None:
    site.monitoring_overrides = {"tools": {"ssl": {"settings": {"expiry_days": 3}}}}
    site.save()
    assert "Set otherwise by Example" in _page(client, team)


def test_it_shows_viewers_and_members_all_and_lets_them_change_nothing(
    sign_in: SignIn, vera: Any, bob: Any, team: Any
) -> None:
    for person in (vera, bob):
        page = _page(sign_in(person), team)
        assert "Owners and admins can change these." in page
        assert 'type="submit" name="preview"' not in page
        answer = sign_in(person).post(f"/teams/{team.pk}/monitoring/update", {CADENCE: "1"})
        assert answer.status_code == 403
    assert _stored(team) == {}
