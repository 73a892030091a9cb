"""Every setting at its limits and just beyond, on a team and on a site alike."""

from typing import Any

import pytest

from tests.sites.monitoring.documents import (
    ROOT,
    nested,
    patch_site,
    problems_on_site,
    problems_on_team,
    set_on_team,
)
from tocsin.probes.contract import DNS_RECORD_TYPES, INCIDENT_STATUS_CODES
from tocsin.sites.monitoring.schema import DEFAULTS_AS_DATA
from tocsin.sites.monitoring.vocabulary import CADENCES

STATUS, SSL, DNS = "tools.status.settings", "tools.ssl.settings", "tools.dns.settings"
LINKS, PERFORMANCE = "tools.broken-links.settings", "tools.performance.settings"
TOOLS = ("status", "ssl", "dns", "broken-links", "performance")
LIGHT = ("status", "ssl", "dns")

RANGES = [
    (f"{STATUS}.failures_to_open", 1, 20),
    (f"{STATUS}.successes_to_resolve", 1, 20),
    (f"{STATUS}.confirmation_retry_minutes", 1, 5),
    (f"{STATUS}.incident_follow_up_minutes", 1, 60),
    (f"{SSL}.expiry_days", 1, 365),
    (f"{SSL}.failures_to_open", 1, 20),
    (f"{SSL}.confirmation_retry_minutes", 1, 5),
    (f"{DNS}.failures_to_open", 1, 20),
    (f"{DNS}.confirmation_retry_minutes", 1, 5),
    (f"{LINKS}.min_broken_count", 1, 2**31 - 1),
    (f"{LINKS}.consecutive_breaches_to_open", 1, 20),
    (f"{PERFORMANCE}.min_score", 1, 100),
    (f"{PERFORMANCE}.max_ttfb_ms", 1, 2**31 - 1),
    (f"{PERFORMANCE}.max_load_time_seconds", 1, 2**31 - 1),
    (f"{PERFORMANCE}.consecutive_breaches_to_open", 1, 20),
]
BOOLEANS = [
    *(f"tools.{tool}.enabled" for tool in TOOLS),
    *(f"tools.{tool}.opens_issues" for tool in TOOLS),
    f"{DNS}.hard_failures_only",
    f"{LINKS}.ignore_external_links",
    f"{LINKS}.ignore_redirects",
]
FALSE_BOOLEANS: tuple[Any, ...] = (0, 1, "true", [], 1.0)
HEADER = {"name": "X-Monitor", "value": "yes"}

# Path, value, and how it is stored.
TAKEN: list[tuple[str, Any, Any]] = [
    *((path, limit, limit) for path, least, most in RANGES for limit in (least, most)),
    *((path, value, value) for path in BOOLEANS for value in (True, False)),
    *(
        (f"tools.{tool}.cadence_minutes", minutes, minutes)
        for tool in LIGHT
        for minutes in CADENCES
    ),
    (f"{STATUS}.incident_status_codes", [], []),
    (f"{STATUS}.incident_status_codes", [503, 404, 503], [404, 503]),
    (f"{STATUS}.incident_status_codes", list(INCIDENT_STATUS_CODES), list(INCIDENT_STATUS_CODES)),
    (f"{DNS}.monitored_record_types", [], []),
    (f"{DNS}.monitored_record_types", ["TXT", "A"], ["A", "TXT"]),
    (f"{DNS}.monitored_record_types", list(DNS_RECORD_TYPES), list(DNS_RECORD_TYPES)),
    (f"{LINKS}.ignore_paths", ["/a*", "/b", "/a*"], ["/a*", "/b"]),
    (f"{LINKS}.ignore_paths", ["x" * 255], ["x" * 255]),
    (f"{LINKS}.ignore_paths", [f"/{n}" for n in range(100)], [f"/{n}" for n in range(100)]),
    (f"{PERFORMANCE}.max_load_time_seconds", 2.5, 2.5),
    ("request_header", HEADER, HEADER),
    (
        "request_header",
        {"name": "x" * 255, "value": "v" * 2000},
        {"name": "x" * 255, "value": "v" * 2000},
    ),
    ("request_header", {"name": "A", "value": " b\tc "}, {"name": "A", "value": "b\tc"}),
]

# Path, value, and where the problem is.
REFUSED: list[tuple[str, Any, str]] = [
    *((path, least - 1, path) for path, least, _ in RANGES),
    *((path, most + 1, path) for path, _, most in RANGES),
    *((path, "2", path) for path, _, _ in RANGES),
    *((path, True, path) for path, _, _ in RANGES),
    *((path, float("nan"), path) for path, _, _ in RANGES),
    *((path, float("inf"), path) for path, _, _ in RANGES),
    *((path, [], path) for path, _, _ in RANGES),
    *((path, 2.0, path) for path, _, _ in RANGES if "seconds" not in path),
    *((path, 10**400, path) for path, _, _ in RANGES),
    *((path, value, path) for path in BOOLEANS for value in FALSE_BOOLEANS),
    *(
        (f"tools.{tool}.cadence_minutes", minutes, f"tools.{tool}.cadence_minutes")
        for tool in TOOLS
        for minutes in (0, -5, 3, 4, 1441, 20160, "5", 5.0, True, [5])
    ),
    *(
        (f"tools.{tool}.cadence_minutes", minutes, f"tools.{tool}.cadence_minutes")
        for tool in ("broken-links", "performance")
        for minutes in CADENCES
        if minutes < 720
    ),
    (f"{STATUS}.incident_status_codes", [200], f"{STATUS}.incident_status_codes.0"),
    (f"{STATUS}.incident_status_codes", [404, "500"], f"{STATUS}.incident_status_codes.1"),
    (f"{STATUS}.incident_status_codes", [404.0], f"{STATUS}.incident_status_codes.0"),
    (f"{STATUS}.incident_status_codes", "404", f"{STATUS}.incident_status_codes"),
    (f"{STATUS}.incident_status_codes", {"404": 1}, f"{STATUS}.incident_status_codes"),
    (f"{STATUS}.incident_status_codes", [404] * 18, f"{STATUS}.incident_status_codes"),
    (f"{DNS}.monitored_record_types", ["a"], f"{DNS}.monitored_record_types.0"),
    (f"{DNS}.monitored_record_types", ["SOA"], f"{DNS}.monitored_record_types.0"),
    (f"{DNS}.monitored_record_types", "A", f"{DNS}.monitored_record_types"),
    (f"{LINKS}.ignore_paths", ["x" * 256], f"{LINKS}.ignore_paths.0"),
    (f"{LINKS}.ignore_paths", [""], f"{LINKS}.ignore_paths.0"),
    (f"{LINKS}.ignore_paths", ["/a\n"], f"{LINKS}.ignore_paths.0"),
    (f"{LINKS}.ignore_paths", ["\ud800"], f"{LINKS}.ignore_paths.0"),
    (f"{LINKS}.ignore_paths", [7], f"{LINKS}.ignore_paths.0"),
    (f"{LINKS}.ignore_paths", [f"/{n}" for n in range(101)], f"{LINKS}.ignore_paths"),
    (f"{PERFORMANCE}.max_load_time_seconds", 0.99, f"{PERFORMANCE}.max_load_time_seconds"),
    (f"{PERFORMANCE}.max_response_time_ms", 4000, f"{PERFORMANCE}.max_response_time_ms"),
    (f"{PERFORMANCE}.url", "ftp://example.com", f"{PERFORMANCE}.url"),
    (f"{PERFORMANCE}.url", 5, f"{PERFORMANCE}.url"),
    ("request_header", {"name": "X-A"}, "request_header.value"),
    ("request_header", {"value": "x"}, "request_header.name"),
    ("request_header", {"name": "X-A", "value": ""}, "request_header.value"),
    ("request_header", {"name": "X-A", "value": "  "}, "request_header.value"),
    ("request_header", {"name": "", "value": "x"}, "request_header.name"),
    ("request_header", {"name": "x" * 256, "value": "x"}, "request_header.name"),
    ("request_header", {"name": "X-A", "value": "x" * 2001}, "request_header.value"),
    ("request_header", {"name": "X-A", "value": "x\r\nHost: evil"}, "request_header.value"),
    ("request_header", {"name": "X-A", "value": "x\n"}, "request_header.value"),
    ("request_header", {"name": "X-A", "value": "x\x00"}, "request_header.value"),
    ("request_header", {"name": "X-A", "value": "naïve"}, "request_header.value"),
    ("request_header", {"name": "X A", "value": "x"}, "request_header.name"),
    ("request_header", {"name": "X-A\n", "value": "x"}, "request_header.name"),
    ("request_header", {"name": "X-A:", "value": "x"}, "request_header.name"),
    ("request_header", {"name": "Content-Length", "value": "0"}, "request_header.name"),
    ("request_header", {"name": "X-A", "value": "x", "more": 1}, "request_header.more"),
    ("request_header", "X-A: x", "request_header"),
    ("tools", [], "tools"),
    ("tools.status", [], "tools.status"),
    (STATUS, 5, STATUS),
    ("tools.statsu", {}, "tools.statsu"),
    ("tools.statsu", None, "tools.statsu"),
    ("tools.status.cadence", 5, "tools.status.cadence"),
    ("tools.status.cadence", None, "tools.status.cadence"),
    (f"{STATUS}.failures_to_opne", 5, f"{STATUS}.failures_to_opne"),
    (f"{STATUS}.failures_to_opne", None, f"{STATUS}.failures_to_opne"),
    (f"{SSL}.min_score", 5, f"{SSL}.min_score"),
    ("quiet", {}, "quiet"),
]

TEAM_TAKEN: list[tuple[str, Any, Any]] = [
    ("quiet_time.starts_at", "00:00", "00:00"),
    ("quiet_time.ends_at", "23:59", "23:59"),
    ("quiet_time.timezone", "Europe/Vienna", "Europe/Vienna"),
    ("quiet_time.enabled", True, True),
    ("escalation.intervals", [1440, 0, 15], [0, 15, 1440]),
    ("escalation.intervals", [0, 15, 30, 60, 360, 1440], [0, 15, 30, 60, 360, 1440]),
    ("escalation.enabled", True, True),
    (f"{PERFORMANCE}.max_ttfb_ms", None, None),
    (f"{PERFORMANCE}.max_load_time_seconds", None, None),
    (f"{PERFORMANCE}.url", None, None),
]

TEAM_REFUSED: list[tuple[str, Any, str]] = [
    *(
        (f"quiet_time.{edge}", moment, f"quiet_time.{edge}")
        for edge in ("starts_at", "ends_at")
        for moment in ("24:00", "7:00", "07:60", "0700", "07:00:00", "22:30\n", "٠٧:٠٠", 7, None)
    ),
    ("quiet_time.starts_at", "07:00", "quiet_time.ends_at"),
    ("quiet_time.ends_at", "22:00", "quiet_time.ends_at"),
    *(
        ("quiet_time.timezone", zone, "quiet_time.timezone")
        for zone in ("CEST", "europe/vienna", "Mars/Base", "../etc/passwd", "", "localtime", None)
    ),
    ("quiet_time.enabled", 1, "quiet_time.enabled"),
    ("quiet_time.until", "07:00", "quiet_time.until"),
    ("quiet_time", None, "quiet_time"),
    ("escalation.intervals", [5], "escalation.intervals.0"),
    ("escalation.intervals", [True], "escalation.intervals.0"),
    ("escalation.intervals", ["15"], "escalation.intervals.0"),
    ("escalation.intervals", 15, "escalation.intervals"),
    ("escalation", None, "escalation"),
    (f"{PERFORMANCE}.url", "https://example.com/page", f"{PERFORMANCE}.url"),
    ("snoozed_until", "2030-02-01T00:00:00Z", "snoozed_until"),
    (f"{STATUS}.failures_to_open", None, f"{STATUS}.failures_to_open"),
    ("tools.status", None, "tools.status"),
]


def short(value: Any) -> str:
    return repr(value)[:40]


@pytest.mark.parametrize(("path", "value", "stored"), TAKEN + TEAM_TAKEN, ids=short)
def test_it_takes_on_a_team(path: str, value: Any, stored: Any) -> None:
    assert set_on_team(path, value) == stored


@pytest.mark.parametrize(("path", "value", "stored"), TAKEN, ids=short)
def test_it_takes_on_a_site(path: str, value: Any, stored: Any) -> None:
    assert patch_site(nested(path, value)) == nested(path, stored)


@pytest.mark.parametrize(("path", "value", "where"), REFUSED + TEAM_REFUSED, ids=short)
def test_it_refuses_on_a_team(path: str, value: Any, where: str) -> None:
    problems = problems_on_team(path, value)
    assert set(problems) == {f"{ROOT}.{where}"}
    assert all(message.endswith(".") for messages in problems.values() for message in messages)


@pytest.mark.parametrize(("path", "value", "where"), REFUSED, ids=short)
def test_it_refuses_on_a_site(path: str, value: Any, where: str) -> None:
    assert set(problems_on_site(nested(path, value))) == {f"{ROOT}.{where}"}


def test_it_has_the_contract_defaults() -> None:
    tools = DEFAULTS_AS_DATA["tools"]
    assert {tool: part["cadence_minutes"] for tool, part in tools.items()} == {
        "status": 5,
        "ssl": 1440,
        "dns": 1440,
        "broken-links": 1440,
        "performance": 1440,
    }
    assert all(part["enabled"] and part["opens_issues"] for part in tools.values())
    assert tools["status"]["settings"] == {
        "failures_to_open": 2,
        "successes_to_resolve": 1,
        "confirmation_retry_minutes": 2,
        "incident_follow_up_minutes": 5,
        "incident_status_codes": list(INCIDENT_STATUS_CODES),
    }
    assert tools["ssl"]["settings"] == {
        "expiry_days": 14,
        "failures_to_open": 2,
        "confirmation_retry_minutes": 2,
    }
    assert tools["dns"]["settings"] == {
        "hard_failures_only": False,
        "failures_to_open": 2,
        "confirmation_retry_minutes": 2,
        "monitored_record_types": ["A", "AAAA", "CNAME", "MX", "NS", "TXT"],
    }
    assert tools["broken-links"]["settings"] == {
        "min_broken_count": 5,
        "consecutive_breaches_to_open": 1,
        "ignore_paths": [],
        "ignore_external_links": False,
        "ignore_redirects": False,
    }
    assert tools["performance"]["settings"] == {
        "url": None,
        "min_score": 50,
        "max_ttfb_ms": 4000,
        "max_load_time_seconds": None,
        "consecutive_breaches_to_open": 2,
    }
    assert DEFAULTS_AS_DATA["request_header"] is None
    assert DEFAULTS_AS_DATA["escalation"] == {"enabled": False, "intervals": []}
    assert DEFAULTS_AS_DATA["quiet_time"] == {
        "enabled": False,
        "starts_at": "22:00",
        "ends_at": "07:00",
        "timezone": "UTC",
    }
