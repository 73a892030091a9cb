"""The parts of the Site resource that settings make, written as JSON once for all alike.

Keyed by content and not by site: most sites of a team share one, and it is never stale.
"""

from functools import lru_cache
from typing import NamedTuple

import msgspec

from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.resources.moments import timestamp
from tocsin.resources.monitoring_schemas import IssueSettings, SiteMonitoring
from tocsin.sites.monitoring.resolving import resolve_text
from tocsin.sites.monitoring.shapes import enabled_tools, issue_settings, site_shape

CACHED = 512  # of about 4 KB
_encoder = msgspec.json.Encoder()


class SettingsTexts(NamedTuple):
    """`enabled_checks`, and the JSON of `monitoring` and `issue_settings`."""

    enabled_checks: list[Tool]
    monitoring: msgspec.Raw
    issue_settings: msgspec.Raw


def settings_texts(
    team: str | None, overrides: str | None, expected_records: str | None, snoozed: str | None
) -> SettingsTexts:
    """Write what a site's settings make of its resource, from JSON and a moment as stored."""
    if snoozed is not None and snoozed <= timestamp(clock.now()):
        snoozed = None
    return _written(team, overrides, expected_records, snoozed)


@lru_cache(maxsize=CACHED)
def _written(
    team: str | None, overrides: str | None, expected_records: str | None, snoozed: str | None
) -> SettingsTexts:
    monitoring = resolve_text(team, overrides)
    records = msgspec.json.decode(expected_records) if expected_records else None
    settings = {**site_shape(monitoring, None, clock.now()), "snoozed_until": snoozed}
    issues = issue_settings(
        monitoring, snoozed_until=None, expected_records=records, now=clock.now()
    ) | {"snoozed_until": snoozed}
    return SettingsTexts(
        enabled_checks=[Tool(tool) for tool in enabled_tools(monitoring)],
        monitoring=_raw(msgspec.convert({"settings": settings}, SiteMonitoring)),
        issue_settings=_raw(msgspec.convert(issues, IssueSettings)),
    )


def _raw(value: object) -> msgspec.Raw:
    return msgspec.Raw(_encoder.encode(value))
