"""Monitoring settings: contract section 5."""

import pytest

from tocsin.probes.contract import DnsSettings, SslSettings, StatusSettings, Tool
from tocsin.sites import settings


def test_it_has_the_contract_s_defaults() -> None:
    assert {tool: settings.DEFAULTS.of(tool).cadence_minutes for tool in Tool} == {
        Tool.STATUS: 5, Tool.SSL: 1440, Tool.DNS: 1440,
        Tool.BROKEN_LINKS: 1440, Tool.PERFORMANCE: 1440,
    }  # fmt: skip
    assert all(settings.DEFAULTS.of(tool).enabled for tool in Tool)
    assert settings.DEFAULTS.tools.performance.settings.max_ttfb_ms == 4000


def test_it_lays_overrides_over_the_defaults() -> None:
    resolved = settings.resolve({"tools": {"ssl": {"settings": {"expiry_days": 30}}}})
    assert settings.probe_settings(resolved, Tool.SSL) == SslSettings(expiry_days=30)
    assert resolved.tools.ssl.settings.failures_to_open == 2
    assert resolved.tools.status == settings.DEFAULTS.tools.status


def test_it_gives_probes_what_they_judge_by() -> None:
    assert settings.probe_settings(settings.DEFAULTS, Tool.STATUS) == StatusSettings()
    expected = settings.probe_settings(settings.DEFAULTS, Tool.DNS, {"A": ["192.0.2.1"]})
    assert expected == DnsSettings(expected_records={"A": ("192.0.2.1",)})


@pytest.mark.parametrize(
    ("tool", "sent"), [(Tool.STATUS, True), (Tool.SSL, False), (Tool.DNS, False)]
)
def test_it_sends_the_header_with_requests_for_pages_only(tool: Tool, sent: bool) -> None:
    resolved = settings.resolve({"request_header": {"name": "X-Probe", "value": "yes"}})
    assert settings.request_headers(resolved, tool) == ((("X-Probe", "yes"),) if sent else ())


def test_it_never_runs_faster_than_the_plan() -> None:
    fast = settings.resolve({"tools": {"status": {"cadence_minutes": 1}}})
    assert settings.cadence_seconds(fast, Tool.STATUS, floor_minutes=1) == 60
    assert settings.cadence_seconds(fast, Tool.STATUS, floor_minutes=10) == 600
