"""The body of a change of a team's settings."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sites.monitoring.documents import (
    OPEN,
    ROOT,
    problems_on_team,
    set_on_team,
    team_body,
)
from tocsin.kit.errors import InvalidInput
from tocsin.sites.monitoring.resolving import resolve
from tocsin.sites.monitoring.team_body import changed_team_settings
from tocsin.sites.monitoring.vocabulary import CADENCES
from tocsin.teams.plans import PLANS

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["tools", "status", "settings", "enabled", "quiet_time", "url", "name"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


def problems_of(body: Any, stored: dict[str, Any] | None = None) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as refused:
        changed_team_settings(stored or {}, body, OPEN)
    return refused.value.errors


def test_it_stores_only_what_was_set() -> None:
    body = team_body("tools.ssl.settings.expiry_days", 30)
    assert changed_team_settings({}, body, OPEN) == {
        "tools": {
            "ssl": {"enabled": True, "cadence_minutes": 1440, "settings": {"expiry_days": 30}}
        }
    }


def test_it_merges_a_tool_s_settings_and_leaves_other_tools_alone() -> None:
    stored: dict[str, Any] = {
        "tools": {
            "ssl": {"enabled": False, "cadence_minutes": 60, "settings": {"expiry_days": 30}},
            "dns": {"enabled": False, "cadence_minutes": 30},
        },
        "quiet_time": {"enabled": True},
    }
    body = team_body("tools.ssl.settings.failures_to_open", 5)
    changed = changed_team_settings(stored, body, OPEN)
    assert changed["tools"]["ssl"] == {
        "enabled": True,
        "cadence_minutes": 1440,
        "settings": {"expiry_days": 30, "failures_to_open": 5},
    }
    assert changed["tools"]["dns"] == stored["tools"]["dns"]
    assert changed["quiet_time"] == {"enabled": True}


@pytest.mark.parametrize("missing", ["enabled", "cadence_minutes"])
def test_it_wants_a_tool_that_is_present_to_say_whether_and_how_often(missing: str) -> None:
    part: dict[str, Any] = {"enabled": True, "cadence_minutes": 5}
    del part[missing]
    errors = problems_of({ROOT: {"tools": {"status": part}}})
    assert errors == {f"{ROOT}.tools.status.{missing}": ["It is required."]}


def test_it_says_everything_that_is_wrong_at_once() -> None:
    body = {
        ROOT: {
            "tools": {"status": {"enabled": "yes", "settings": {"failures_to_open": 0}}},
            "escalation": {"intervals": [7]},
        }
    }
    with pytest.raises(InvalidInput) as refused:
        changed_team_settings({}, body, OPEN)
    assert set(refused.value.errors) == {
        f"{ROOT}.tools.status.enabled",
        f"{ROOT}.tools.status.cadence_minutes",
        f"{ROOT}.tools.status.settings.failures_to_open",
        f"{ROOT}.escalation.intervals.0",
    }
    assert str(refused.value).endswith("(and 3 more errors)")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ([], ROOT),
        ({ROOT: None}, ROOT),
        ({ROOT: []}, ROOT),
        ({"monitoring": {}}, "monitoring"),
        ({ROOT: {}, "name": "x"}, "name"),
    ],
)
def test_it_refuses_what_is_no_such_body(body: Any, where: str) -> None:
    assert set(problems_of(body)) == {where}


def test_it_changes_nothing_by_an_empty_body() -> None:
    stored = {"escalation": {"enabled": True}}
    assert changed_team_settings(stored, {}, OPEN) == stored
    assert changed_team_settings(stored, {ROOT: {}}, OPEN) == stored


@pytest.mark.parametrize("none", [None, {"name": None, "value": None}, {"name": "", "value": ""}])
def test_it_forgets_the_header(none: Any) -> None:
    stored = {"request_header": {"name": "X-A", "value": "b"}}
    assert changed_team_settings(stored, {ROOT: {"request_header": none}}, OPEN) == {}


def test_it_changes_half_of_a_header_that_is_there() -> None:
    stored = {"request_header": {"name": "X-A", "value": "b"}}
    body = {ROOT: {"request_header": {"value": "c"}}}
    changed = changed_team_settings(stored, body, OPEN)
    assert changed == {"request_header": {"name": "X-A", "value": "c"}}
    assert set(problems_of({ROOT: {"request_header": {"name": ""}}}, stored)) == {
        f"{ROOT}.request_header.name"
    }


def test_it_compares_quiet_time_with_what_is_stored() -> None:
    stored = {"quiet_time": {"starts_at": "08:00"}}
    body = {ROOT: {"quiet_time": {"ends_at": "08:00"}}}
    assert set(problems_of(body, stored)) == {f"{ROOT}.quiet_time.ends_at"}


@pytest.mark.parametrize("plan", PLANS.values(), ids=lambda plan: plan.key)
@pytest.mark.parametrize("minutes", CADENCES)
def test_it_takes_no_cadence_below_the_plan_s_floor(plan: Any, minutes: int) -> None:
    path = "tools.status.cadence_minutes"
    if minutes < plan.minimum_check_cadence_minutes:
        assert set(problems_on_team(path, minutes, plan)) == {f"{ROOT}.{path}"}
    else:
        assert set_on_team(path, minutes, plan) == minutes


@pytest.mark.parametrize("tool", ["broken-links", "performance"])
def test_it_takes_half_a_day_from_heavy_tools(tool: str) -> None:
    assert set_on_team(f"tools.{tool}.cadence_minutes", 720) == 720


def test_it_keeps_a_stored_cadence_that_the_plan_no_longer_gives() -> None:
    stored = {"tools": {"status": {"enabled": True, "cadence_minutes": 1}}}
    body = team_body("tools.ssl.settings.expiry_days", 30)
    changed = changed_team_settings(stored, body, PLANS["starter"])
    assert changed["tools"]["status"]["cadence_minutes"] == 1


@given(json_values)
def test_it_takes_or_refuses_whatever_json_it_is_given(settings: Any) -> None:
    try:
        changed = changed_team_settings({}, {ROOT: settings}, OPEN)
    except InvalidInput:
        return
    assert changed_team_settings(changed, {}, OPEN) == changed
    resolve(changed)
