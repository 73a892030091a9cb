"""What pages and programs offer to choose from, as plain data for JSON. Contract, section 4."""

from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext, gettext_noop, ngettext_lazy

from tocsin.probes.contract import DNS_RECORD_TYPES, INCIDENT_STATUS_CODES, Tool
from tocsin.sites.monitoring.vocabulary import CADENCES, ESCALATION_INTERVALS, floor_of
from tocsin.teams.plans import Plan

TOOL_LABELS = {
    Tool.STATUS: gettext_noop("Status"),
    Tool.SSL: gettext_noop("SSL certificate"),
    Tool.DNS: gettext_noop("DNS records"),
    Tool.BROKEN_LINKS: gettext_noop("Broken links"),
    Tool.PERFORMANCE: gettext_noop("Performance"),
}
_FAILURE_THRESHOLDS = (
    ("instant", gettext_noop("Instant: after 1 failure"), 1),
    ("aggressive", gettext_noop("Aggressive: after 2 failures"), 2),
    ("conservative", gettext_noop("Conservative: after 3 failures"), 3),
)
_ESCALATIONS = {
    0: ("immediately", gettext_noop("Immediately")),
    15: ("15m", gettext_noop("After 15 minutes")),
    30: ("30m", gettext_noop("After 30 minutes")),
    60: ("1h", gettext_noop("After 1 hour")),
    360: ("6h", gettext_noop("After 6 hours")),
    1440: ("daily", gettext_noop("Daily")),
}
# Codes of one well-known proxy, which are no standard and have no phrase there.
_PROXY_PHRASES = {
    521: "Web Server Is Down",
    522: "Connection Timed Out",
    523: "Origin Is Unreachable",
    524: "A Timeout Occurred",
}
_UNITS = (
    (10080, ngettext_lazy("%(count)s week", "%(count)s weeks", "count")),
    (1440, ngettext_lazy("%(count)s day", "%(count)s days", "count")),
    (60, ngettext_lazy("%(count)s hour", "%(count)s hours", "count")),
    (1, ngettext_lazy("%(count)s minute", "%(count)s minutes", "count")),
)
_FIRST_SERVER_ERROR = 500


def presets(plan: Plan) -> dict[str, Any]:
    """Return all lists that stand beside a team's settings, for its plan."""
    floor = plan.minimum_check_cadence_minutes
    return {
        "cadence_presets": cadence_presets(floor),
        "minimum_check_cadence_minutes": floor,
        "allowed_tools": allowed_tools(plan),
        "failure_threshold_presets": [
            {"key": key, "label": gettext(label), "failures_to_open": failures}
            for key, label, failures in _FAILURE_THRESHOLDS
        ],
        "escalation_interval_presets": [_escalation(minutes) for minutes in ESCALATION_INTERVALS],
        "dns_record_types": list(DNS_RECORD_TYPES),
        "status_incident_code_options": [_status_code(code) for code in INCIDENT_STATUS_CODES],
    }


def cadence_presets(floor: int) -> list[dict[str, Any]]:
    """List every cadence; those faster than a floor in minutes are `disabled`."""
    return [
        {"minutes": minutes, "label": _duration(minutes), "disabled": minutes < floor}
        for minutes in CADENCES
    ]


def allowed_tools(plan: Plan) -> list[dict[str, Any]]:
    """List the plan's tools, each with its own fastest cadence."""
    return [
        {
            "value": tool.value,
            "label": gettext(TOOL_LABELS[tool]),
            "minimum_check_cadence_minutes": floor_of(tool, plan.minimum_check_cadence_minutes),
        }
        for tool in plan.enabled_checks
    ]


def _escalation(minutes: int) -> dict[str, Any]:
    key, label = _ESCALATIONS[minutes]
    return {"key": key, "label": gettext(label), "minutes": minutes}


def _status_code(code: int) -> dict[str, Any]:
    phrase = _PROXY_PHRASES.get(code) or HTTPStatus(code).phrase
    group = "server" if code >= _FIRST_SERVER_ERROR else "client"
    return {"code": code, "label": f"{code} {phrase}", "group": group}


def _duration(minutes: int) -> str:
    size, unit = next((size, unit) for size, unit in _UNITS if minutes % size == 0)
    return str(unit % {"count": minutes // size})
