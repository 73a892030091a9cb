"""The lists that stand beside a team's settings."""

import json

import pytest

from tocsin.probes.contract import INCIDENT_STATUS_CODES
from tocsin.sites.monitoring.presets import presets
from tocsin.sites.monitoring.vocabulary import CADENCES
from tocsin.teams.plans import PLANS


@pytest.mark.parametrize(
    ("plan", "disabled"),
    [
        ("self-hosted", []),
        ("agency", []),
        ("growth", [1, 2]),
        ("starter", [1, 2, 5]),
    ],
)
def test_it_disables_cadences_below_the_plan_s_floor(plan: str, disabled: list[int]) -> None:
    offered = presets(PLANS[plan])["cadence_presets"]
    assert [preset["minutes"] for preset in offered] == list(CADENCES)
    assert [preset["minutes"] for preset in offered if preset["disabled"]] == disabled


def test_it_names_cadences_as_people_do() -> None:
    labels = {
        preset["minutes"]: preset["label"] for preset in presets(PLANS["agency"])["cadence_presets"]
    }
    assert labels[1] == "1 minute"
    assert labels[30] == "30 minutes"
    assert labels[60] == "1 hour"
    assert labels[720] == "12 hours"
    assert labels[1440] == "1 day"
    assert labels[10080] == "1 week"


def test_it_gives_every_tool_its_own_floor() -> None:
    tools = presets(PLANS["starter"])["allowed_tools"]
    assert {tool["value"]: tool["minimum_check_cadence_minutes"] for tool in tools} == {
        "status": 10,
        "ssl": 10,
        "dns": 10,
        "broken-links": 720,
        "performance": 720,
    }
    assert all(tool["label"] for tool in tools)


def test_it_has_the_contract_s_other_lists() -> None:
    offered = presets(PLANS["self-hosted"])
    assert offered["minimum_check_cadence_minutes"] == 1
    assert [
        (preset["key"], preset["failures_to_open"])
        for preset in offered["failure_threshold_presets"]
    ] == [("instant", 1), ("aggressive", 2), ("conservative", 3)]
    assert [
        (preset["key"], preset["minutes"]) for preset in offered["escalation_interval_presets"]
    ] == [("immediately", 0), ("15m", 15), ("30m", 30), ("1h", 60), ("6h", 360), ("daily", 1440)]
    assert offered["dns_record_types"] == ["A", "AAAA", "CNAME", "MX", "NS", "TXT"]


def test_it_explains_every_status_code() -> None:
    options = presets(PLANS["self-hosted"])["status_incident_code_options"]
    assert [option["code"] for option in options] == list(INCIDENT_STATUS_CODES)
    assert {option["group"] for option in options if option["code"] < 500} == {"client"}
    assert {option["group"] for option in options if option["code"] >= 500} == {"server"}
    labels = {option["code"]: option["label"] for option in options}
    assert labels[404] == "404 Not Found"
    assert labels[521] == "521 Web Server Is Down"


def test_it_is_plain_json() -> None:
    offered = presets(PLANS["self-hosted"])
    assert json.loads(json.dumps(offered)) == offered
