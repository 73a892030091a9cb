"""Monitoring settings as JSON schemas, all derived from the one schema that judges them.

Three forms of one thing: resolved (everything is there), what a site overrides (anything may be
left out), and what is sent to change either.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from tocsin.probes.contract import DNS_RECORD_TYPES
from tocsin.sites.monitoring.expected_records import LONGEST_TEXT, MOST_VALUES
from tocsin.sites.monitoring.schema import Monitoring

Schema = dict[str, Any]

_OF_TEAMS_ONLY = ("quiet_time", "escalation")
_OF_EVERY_TOOL = ("enabled", "cadence_minutes")
_READ_ALIAS = {"max_response_time_ms": "max_ttfb_ms"}

# Components of answers, and the part of the settings that each of them shows.
_RESOLVED: Mapping[str, tuple[str, ...]] = {
    "StatusSettings": ("tools", "status", "settings"),
    "SslSettings": ("tools", "ssl", "settings"),
    "DnsSettings": ("tools", "dns", "settings"),
    "DnsIssueSettings": ("tools", "dns", "settings"),
    "LinksSettings": ("tools", "broken-links", "settings"),
    "PerformanceSettings": ("tools", "performance", "settings"),
    "StatusSettingsToolMonitoring": ("tools", "status"),
    "SslSettingsToolMonitoring": ("tools", "ssl"),
    "DnsSettingsToolMonitoring": ("tools", "dns"),
    "LinksSettingsToolMonitoring": ("tools", "broken-links"),
    "PerformanceSettingsToolMonitoring": ("tools", "performance"),
    "ToolsMonitoring": ("tools",),
    "RequestHeader": ("request_header",),
    "QuietTime": ("quiet_time",),
    "Escalation": ("escalation",),
    "TeamSettings": (),
    "SiteSettings": (),
}


def components() -> dict[str, Schema]:
    """Return what bodies say of settings and expected records."""
    return {
        "TeamSettingsPatch": _team_patch(),
        "SiteSettingsPatch": _site_patch(),
        "SiteSettingsOverrides": _overrides(),
        "ExpectedRecords": _expected_records(),
    }


def limit_resolved(schemas: dict[str, Schema]) -> None:
    """Give the components of answers the limits of the settings that they show, in place."""
    for name, path in _RESOLVED.items():
        source = _part(path)["properties"]
        answer = schemas[name]
        answer["additionalProperties"] = False
        for field, described in answer["properties"].items():
            limits = source.get(_READ_ALIAS.get(field, field), {})
            if "properties" not in limits and "anyOf" not in limits:
                described.update(_without(limits, "default"))
            elif "anyOf" in limits and "anyOf" in described and "$ref" not in str(described):
                described["anyOf"] = limits["anyOf"]


def _team_patch() -> Schema:
    patch = _loose(_settings())
    for tool in patch["properties"]["tools"]["properties"].values():
        tool["required"] = list(_OF_EVERY_TOOL)
    page = patch["properties"]["tools"]["properties"]["performance"]["properties"]["settings"]
    page["properties"]["url"] = {"type": "null", "description": "Only a site can set a page."}
    patch["description"] = (
        "What to change of a team's settings. A tool that is present says `enabled` and "
        "`cadence_minutes`, and its `settings` are merged; what is absent is untouched. "
        "Null is a value, where a setting may be null."
    )
    return patch


def _site_patch() -> Schema:
    patch = _nullable(_of_sites())
    patch["properties"]["snoozed_until"] = {
        "anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}],
        "description": "A moment ahead, with its offset from UTC; null ends the snooze.",
    }
    patch["description"] = (
        "A JSON merge patch (RFC 7396) on what the site overrides: an absent key keeps, a value "
        "overrides, null inherits from the team again."
    )
    return patch


def _overrides() -> Schema:
    overrides = _nullable(_of_sites())
    overrides["description"] = "Only what the site itself sets; all else is its team's."
    return overrides


def _of_sites() -> Schema:
    settings = _loose(_settings())
    for name in _OF_TEAMS_ONLY:
        del settings["properties"][name]
    return settings


def _expected_records() -> Schema:
    values = {
        "type": "array",
        "maxItems": MOST_VALUES,
        "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
    }
    return {
        "type": "object",
        "description": "DNS record type → values that the site is expected to have, such as "
        "`10 mail.example.com` for `MX`. An empty list expects no records of that type; `{}` or "
        "null clears the baseline.",
        "properties": dict.fromkeys(DNS_RECORD_TYPES, values),
        "additionalProperties": False,
    }


@cache
def _settings() -> Schema:
    whole = Monitoring.model_json_schema(by_alias=True)
    settings: Schema = _inlined(whole, whole["$defs"])
    return settings


def _inlined(schema: Any, definitions: Schema) -> Any:
    if isinstance(schema, list):
        return [_inlined(each, definitions) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items() if key != "$defs"}


def _part(path: tuple[str, ...]) -> Schema:
    schema = _settings()
    for name in path:
        schema = schema["properties"][name]
        schema = next((each for each in schema.get("anyOf", ()) if "properties" in each), schema)
    return schema


def _loose(schema: Schema) -> Schema:
    """Copy an object so that everything in it, at any depth, may be left out."""
    loose = _without(schema, "default", "required")
    if "anyOf" in schema:
        loose["anyOf"] = [_loose(each) for each in schema["anyOf"]]
    if "properties" in schema:
        fields = schema["properties"].items()
        loose["properties"] = {name: _loose(each) for name, each in fields}
    return loose


def _nullable(schema: Schema) -> Schema:
    """Copy an object so that every field of it, at any depth, may be null as well."""
    nullable = dict(schema)
    if "anyOf" in schema:
        nullable["anyOf"] = [_nullable(each) for each in schema["anyOf"]]
    if "properties" in schema:
        fields = schema["properties"].items()
        nullable["properties"] = {name: _or_null(_nullable(each)) for name, each in fields}
    return nullable


def _or_null(schema: Schema) -> Schema:
    choices = schema.get("anyOf", [schema])
    if {"type": "null"} in choices:
        return schema
    return {"anyOf": [*choices, {"type": "null"}]}


def _without(schema: Schema, *names: str) -> Schema:
    return {key: value for key, value in schema.items() if key not in names}
