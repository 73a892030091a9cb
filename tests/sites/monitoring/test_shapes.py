"""Resolved settings in the shapes that the contract names."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tocsin.sites.monitoring.resolving import resolve
from tocsin.sites.monitoring.schema import DEFAULTS
from tocsin.sites.monitoring.shapes import enabled_tools, issue_settings, site_shape, team_shape

NOW = datetime(2030, 1, 1, tzinfo=UTC)
# Section 4, field by field.
ISSUE_SETTINGS = {
    "status": {
        "failures_to_open",
        "successes_to_resolve",
        "confirmation_retry_minutes",
        "incident_follow_up_minutes",
        "incident_status_codes",
    },
    "ssl": {"expiry_days", "failures_to_open", "confirmation_retry_minutes"},
    "links": {
        "min_broken_count",
        "consecutive_breaches_to_open",
        "ignore_paths",
        "ignore_external_links",
        "ignore_redirects",
    },
    "performance": {
        "url",
        "min_score",
        "max_response_time_ms",
        "max_ttfb_ms",
        "max_load_time_seconds",
        "consecutive_breaches_to_open",
    },
    "dns": {
        "hard_failures_only",
        "failures_to_open",
        "confirmation_retry_minutes",
        "monitored_record_types",
        "expected_records",
    },
    "quiet_time": {"enabled", "starts_at", "ends_at", "timezone"},
    "escalation": {"enabled", "intervals"},
}


def flat(until: datetime | None = None, records: Any = None) -> dict[str, Any]:
    return issue_settings(DEFAULTS, snoozed_until=until, expected_records=records, now=NOW)


def test_it_has_the_contract_s_fields_and_no_others() -> None:
    shape = flat()
    assert set(shape) == {*ISSUE_SETTINGS, "enabled_tools", "snoozed_until"}
    assert {name: set(shape[name]) for name in ISSUE_SETTINGS} == ISSUE_SETTINGS


def test_it_is_plain_json() -> None:
    for shape in (flat(), team_shape(DEFAULTS), site_shape(DEFAULTS, NOW, NOW)):
        assert json.loads(json.dumps(shape)) == shape


def test_it_reads_the_ttfb_limit_by_both_names() -> None:
    resolved = resolve({"tools": {"performance": {"settings": {"max_ttfb_ms": 900}}}})
    for settings in (
        team_shape(resolved)["tools"]["performance"]["settings"],
        issue_settings(resolved, snoozed_until=None, expected_records=None, now=NOW)["performance"],
    ):
        assert (settings["max_ttfb_ms"], settings["max_response_time_ms"]) == (900, 900)


def test_it_writes_a_site_as_a_team_and_its_snooze() -> None:
    shape = site_shape(DEFAULTS, None, NOW)
    assert shape.pop("snoozed_until") is None
    assert shape == team_shape(DEFAULTS)


def test_it_writes_the_snooze_in_utc_while_it_lasts() -> None:
    until = datetime(2030, 1, 1, 2, tzinfo=timezone(timedelta(hours=1)))
    assert flat(until)["snoozed_until"] == "2030-01-01T01:00:00+00:00"
    assert flat(NOW)["snoozed_until"] is None


def test_it_names_the_tools_that_run() -> None:
    resolved = resolve({"tools": {"dns": {"enabled": False}}})
    assert enabled_tools(resolved) == ["status", "ssl", "broken-links", "performance"]


def test_it_shows_the_records_that_are_expected() -> None:
    assert flat()["dns"]["expected_records"] == {}
    assert flat(records={"A": ["192.0.2.1"]})["dns"]["expected_records"] == {"A": ["192.0.2.1"]}


def test_it_does_not_share_what_callers_may_change() -> None:
    team_shape(DEFAULTS)["tools"]["status"]["settings"]["incident_status_codes"].clear()
    assert team_shape(DEFAULTS)["tools"]["status"]["settings"]["incident_status_codes"]
