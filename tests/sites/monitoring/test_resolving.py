"""A team's settings and a site's overrides, laid over the defaults."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.probes.contract import DnsSettings, SslSettings, StatusSettings, Tool
from tocsin.sites.monitoring.cadence import cadence_seconds
from tocsin.sites.monitoring.probing import RUNNABLE_TOOLS, probe_settings, request_headers
from tocsin.sites.monitoring.resolving import resolve, resolve_text
from tocsin.sites.monitoring.schema import DEFAULTS, Monitoring

TEAM = {
    "request_header": {"name": "X-Team", "value": "t"},
    "tools": {
        "status": {"cadence_minutes": 10, "settings": {"failures_to_open": 3}},
        "dns": {"enabled": False},
    },
}
SITE = {
    "request_header": {"name": "X-Site", "value": "s"},
    "tools": {
        "status": {"settings": {"incident_status_codes": [500]}},
        "dns": {"enabled": True},
    },
}

KEYS = (
    *("tools", "status", "settings", "enabled", "failures_to_open", "request_header"),
    *("name", "value", "quiet_time", "starts_at", "ends_at", "x"),
)
garbage = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 99) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)
layers = st.dictionaries(st.sampled_from(KEYS), garbage, max_size=3)


def test_it_is_the_defaults_where_nothing_is_set() -> None:
    assert resolve({}) is DEFAULTS
    assert resolve(None, {}) is DEFAULTS


def test_it_lays_the_site_over_the_team_over_the_defaults() -> None:
    resolved = resolve(TEAM, SITE)
    status = resolved.tools.status
    assert (status.cadence_minutes, status.settings.failures_to_open) == (10, 3)
    assert status.settings.incident_status_codes == (500,)
    assert status.settings.successes_to_resolve == 1
    assert resolved.of(Tool.DNS).enabled
    assert not resolve(TEAM).of(Tool.DNS).enabled
    assert resolved.of(Tool.BROKEN_LINKS) == DEFAULTS.of(Tool.BROKEN_LINKS)


def test_it_keeps_a_null_limit_of_the_team() -> None:
    team = {"tools": {"performance": {"settings": {"max_ttfb_ms": None}}}}
    assert resolve(team).tools.performance.settings.max_ttfb_ms is None
    site = {"tools": {"performance": {"settings": {"max_ttfb_ms": 100}}}}
    assert resolve(team, site).tools.performance.settings.max_ttfb_ms == 100


def test_it_gives_the_same_object_for_the_same_content() -> None:
    assert resolve(TEAM, SITE) is resolve(dict(reversed(TEAM.items())), dict(SITE))


def test_it_reads_layers_as_text_too() -> None:
    assert resolve_text(None, "{}") is DEFAULTS
    assert resolve_text(json.dumps(TEAM), json.dumps(SITE)) == resolve(TEAM, SITE)
    assert resolve_text(None, json.dumps(SITE)) == resolve({}, SITE)
    assert resolve_text("[]", '"rubbish"') == DEFAULTS


def test_it_follows_a_change_of_content_at_once() -> None:
    site: dict[str, Any] = {"tools": {"ssl": {"settings": {"expiry_days": 30}}}}
    assert resolve({}, site).tools.ssl.settings.expiry_days == 30
    site["tools"]["ssl"]["settings"]["expiry_days"] = 40
    assert resolve({}, site).tools.ssl.settings.expiry_days == 40


@pytest.mark.parametrize(
    "wrong",
    [
        {"tools": {"ssl": {"settings": {"expiry_days": 9999}}}},
        {"tools": {"ssl": {"settings": "x"}}},
        {"tools": {"ssl": None}},
        {"tools": 5},
        {"gone": {"in": "a later version"}},
        {"request_header": {"name": "X-A"}},
        {"quiet_time": {"starts_at": "07:00"}},
    ],
)
def test_it_falls_back_where_a_stored_value_no_longer_passes(wrong: dict[str, Any]) -> None:
    good = {"tools": {"ssl": {"settings": {"expiry_days": 30}}}}
    assert resolve(wrong) == DEFAULTS
    assert resolve(good, wrong).tools.ssl.settings.expiry_days == 30
    assert resolve(wrong, good) == resolve({}, good)


def test_it_keeps_what_is_right_beside_what_is_wrong() -> None:
    stored = {"tools": {"ssl": {"enabled": False, "settings": {"expiry_days": 9999}}}}
    assert not resolve(stored).of(Tool.SSL).enabled


@given(layers, layers)
def test_it_never_fails_on_what_is_stored(team: Any, site: Any) -> None:
    assert isinstance(resolve(team, site), Monitoring)


@pytest.mark.parametrize(
    ("tool", "minutes", "floor", "runs"),
    [
        (Tool.STATUS, 1, 1, 60),
        (Tool.STATUS, 1, 10, 600),
        (Tool.STATUS, 30, 10, 1800),
        (Tool.BROKEN_LINKS, 60, 1, 43_200),
        (Tool.PERFORMANCE, 10080, 1, 604_800),
    ],
)
def test_it_runs_the_floor_where_the_stored_cadence_is_faster(
    tool: Tool, minutes: int, floor: int, runs: int
) -> None:
    resolved = resolve({"tools": {tool.value: {"cadence_minutes": minutes}}})
    assert cadence_seconds(resolved, tool, floor) == runs


def test_it_gives_probes_what_they_judge_by() -> None:
    assert probe_settings(DEFAULTS, Tool.STATUS) == StatusSettings()
    assert probe_settings(DEFAULTS, Tool.SSL) == SslSettings()
    expected = DnsSettings(expected_records={"A": ("192.0.2.1",)})
    assert probe_settings(DEFAULTS, Tool.DNS, {"A": ["192.0.2.1"]}) == expected
    assert probe_settings(resolve(TEAM, SITE), Tool.STATUS) == StatusSettings((500,))
    assert set(RUNNABLE_TOOLS) == set(Tool)


@pytest.mark.parametrize("tool", Tool)
def test_it_sends_the_header_only_with_requests_for_pages(tool: Tool) -> None:
    sends = tool in {Tool.STATUS, Tool.BROKEN_LINKS, Tool.PERFORMANCE}
    assert request_headers(resolve(TEAM), tool) == ((("X-Team", "t"),) if sends else ())
    assert request_headers(resolve(TEAM, SITE), tool) == ((("X-Site", "s"),) if sends else ())
    assert request_headers(DEFAULTS, tool) == ()
