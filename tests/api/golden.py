"""Comparing JSON with the contract's section 4: names, types, nullability; order does not count."""

import re
from dataclasses import dataclass
from typing import Any

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
IDENTIFIER = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class OrNull:
    """Null or what it holds."""

    shape: Any


@dataclass(frozen=True)
class OneOf:
    """One of some words."""

    words: frozenset[Any]


@dataclass(frozen=True)
class Keyed:
    """An object of any keys with values of one shape."""

    shape: Any


def one_of(*words: Any) -> OneOf:
    return OneOf(frozenset(words))


def differences(value: Any, shape: Any, path: str = "") -> list[str]:
    """Return where a value is not what a shape says."""
    match shape:
        case OrNull():
            return [] if value is None else differences(value, shape.shape, path)
        case OneOf():
            return [] if value in shape.words else [f"{path}: {value!r} is not one of the words"]
        case Keyed():
            return _inside(value, dict.fromkeys(value, shape.shape), path)
        case re.Pattern():
            fits = isinstance(value, str) and shape.fullmatch(value)
            return [] if fits else [f"{path}: {value!r} does not look as it should"]
        case dict():
            return _inside(value, shape, path)
        case [inner]:
            if not isinstance(value, list):
                return [f"{path}: no list"]
            return [each for item in value for each in differences(item, inner, f"{path}[]")]
        case type():
            kind = (int, float) if shape is float else (shape,)
            fits = isinstance(value, kind) and (shape in {bool, object} or type(value) is not bool)
            return [] if fits else [f"{path}: {value!r} is no {shape.__name__}"]
    raise TypeError(shape)


def _inside(value: Any, shape: dict[str, Any], path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: no object"]
    if value.keys() != shape.keys():
        return [f"{path}: fields differ by {sorted(value.keys() ^ shape.keys())}"]
    return [each for key in shape for each in differences(value[key], shape[key], f"{path}.{key}")]


TOOL = one_of("status", "ssl", "dns", "broken-links", "performance")
SITE_SUMMARY = {"uuid": IDENTIFIER, "name": str, "url": ADDRESS, "domain": str}
CHECK = {
    "uuid": IDENTIFIER,
    "type": TOOL,
    "status": one_of("pending", "completed", "failed", "skipped"),
    "outcome": OrNull(one_of("ok", "failing", "unknown")),
    "automatic": bool,
    "run_reason": OrNull(one_of("scheduled", "confirmation_retry", "incident_follow_up")),
    "scheduled_for": OrNull(MOMENT),
    "site": SITE_SUMMARY,
    "vantage": OrNull(str),
    "result": OrNull(Keyed(object)),
    "error": OrNull({"code": str, "message": str, "data": Keyed(object)}),
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "completed_at": OrNull(MOMENT),
}
STATUS = {
    "failures_to_open": int,
    "successes_to_resolve": int,
    "confirmation_retry_minutes": int,
    "incident_follow_up_minutes": int,
    "incident_status_codes": [int],
}
SSL = {"expiry_days": int, "failures_to_open": int, "confirmation_retry_minutes": int}
DNS = {
    "hard_failures_only": bool,
    "failures_to_open": int,
    "confirmation_retry_minutes": int,
    "monitored_record_types": [one_of("A", "AAAA", "CNAME", "MX", "NS", "TXT")],
}
LINKS = {
    "min_broken_count": int,
    "consecutive_breaches_to_open": int,
    "ignore_paths": [str],
    "ignore_external_links": bool,
    "ignore_redirects": bool,
}
PERFORMANCE = {
    "url": OrNull(ADDRESS),
    "min_score": int,
    "max_response_time_ms": OrNull(int),
    "max_ttfb_ms": OrNull(int),
    "max_load_time_seconds": OrNull(float),
    "consecutive_breaches_to_open": int,
}
QUIET_TIME = {"enabled": bool, "starts_at": str, "ends_at": str, "timezone": str}
ESCALATION = {"enabled": bool, "intervals": [int]}


def _tool(settings: Any) -> Any:
    return {"enabled": bool, "opens_issues": bool, "cadence_minutes": int, "settings": settings}


TEAM_SETTINGS = {
    "request_header": OrNull({"name": str, "value": str}),
    "tools": {
        "status": _tool(STATUS),
        "ssl": _tool(SSL),
        "dns": _tool(DNS),
        "broken-links": _tool(LINKS),
        "performance": _tool(PERFORMANCE),
    },
    "quiet_time": QUIET_TIME,
    "escalation": ESCALATION,
}
SITE = {
    "uuid": IDENTIFIER,
    "team_id": int,
    "name": str,
    "url": ADDRESS,
    "domain": str,
    "notes": str,
    "js_rendered": bool,
    "is_pinned": bool,
    "enabled_checks": [TOOL],
    "monitoring": {"settings": {**TEAM_SETTINGS, "snoozed_until": OrNull(MOMENT)}},
    "monitoring_overrides": Keyed(object),
    "issue_settings": {
        "enabled_tools": [TOOL],
        "snoozed_until": OrNull(MOMENT),
        "status": STATUS,
        "ssl": SSL,
        "links": LINKS,
        "performance": PERFORMANCE,
        "dns": {**DNS, "expected_records": Keyed([str])},
        "quiet_time": QUIET_TIME,
        "escalation": ESCALATION,
    },
    "latest_checks": {
        tool: OrNull(CHECK) for tool in ("status", "ssl", "dns", "broken-links", "performance")
    },
    "reports": {"uptime": ADDRESS, "performance": ADDRESS},
    "created_at": MOMENT,
    "updated_at": MOMENT,
}
MONITORING = {
    "settings": TEAM_SETTINGS,
    "cadence_presets": [{"minutes": int, "label": str, "disabled": bool}],
    "minimum_check_cadence_minutes": int,
    "allowed_tools": [{"value": TOOL, "label": str, "minimum_check_cadence_minutes": int}],
    "failure_threshold_presets": [
        {
            "key": one_of("instant", "aggressive", "conservative"),
            "label": str,
            "failures_to_open": one_of(1, 2, 3),
        }
    ],
    "escalation_interval_presets": [
        {
            "key": one_of("immediately", "15m", "30m", "1h", "6h", "daily"),
            "label": str,
            "minutes": one_of(0, 15, 30, 60, 360, 1440),
        }
    ],
    "dns_record_types": [str],
    "status_incident_code_options": [
        {"code": int, "label": str, "group": one_of("client", "server")}
    ],
}
SLOTS = {
    "tool": TOOL,
    "from": MOMENT,
    "to": MOMENT,
    "expected": int,
    "ran": int,
    "late": int,
    "skipped": Keyed(int),
    "lost": Keyed(int),
    "unknown": int,
    "gaps": [{"from": MOMENT, "to": MOMENT, "count": int, "reason": str}],
}
UPTIME = {
    "days": [
        {
            "date": MOMENT,
            "uptime_percentage": OrNull(float),
            "total_checks": int,
            "up_checks": int,
            "response_time": OrNull(float),
            "unobserved_checks": int,
        }
    ],
    "total_uptime_percentage": OrNull(float),
    "average_response_time": OrNull(float),
}
PERFORMANCE_REPORT = {
    "days": [
        {
            "date": MOMENT,
            "performance_score": OrNull(float),
            "response_time": OrNull(float),
            "speed": OrNull(float),
            "total_checks": int,
        }
    ],
    "average_performance_score": OrNull(float),
    "average_response_time": OrNull(float),
    "average_speed": OrNull(float),
    "total_checks": int,
}
PERSON = {"id": int, "name": str}
ISSUE = {
    "uuid": IDENTIFIER,
    "team_id": int,
    "type": TOOL,
    "status": one_of("open", "acknowledged", "resolved"),
    "severity": one_of("warning", "critical"),
    "fingerprint": str,
    "summary": str,
    "context": Keyed(object),
    "site": SITE_SUMMARY,
    "check": OrNull(CHECK),
    "previous_check": OrNull(CHECK),
    "acknowledged_by": OrNull(PERSON),
    "resolved_by": OrNull(PERSON),
    "timeline": [
        {
            "key": one_of("opened", "acknowledged", "resolved", "reopened"),
            "timestamp": MOMENT,
            "user": OrNull(PERSON),
        }
    ],
    "is_active": bool,
    "reopen_count": int,
    "opened_at": MOMENT,
    "first_opened_at": MOMENT,
    "acknowledged_at": OrNull(MOMENT),
    "resolved_at": OrNull(MOMENT),
    "last_evaluated_at": MOMENT,
    "created_at": MOMENT,
    "updated_at": MOMENT,
}
DELIVERY = {
    "uuid": IDENTIFIER,
    "event": one_of("issue.opened", "issue.recovered", "issue.escalated"),
    "transition": one_of("open", "resolve", "escalate"),
    "destination": {
        "id": int,
        "channel": one_of("email", "slack", "microsoft_teams", "discord", "webhook"),
        "to": str,
    },
    "status": one_of("pending", "deferred", "delivered", "failed", "suppressed"),
    "reason": OrNull(str),
    "attempts": [
        {
            "at": MOMENT,
            "duration_ms": float,
            "status_code": OrNull(int),
            "error": OrNull(str),
            "address": OrNull(str),
        }
    ],
    "next_attempt_at": OrNull(MOMENT),
    "created_at": MOMENT,
    "delivered_at": OrNull(MOMENT),
}
BULK = {
    "created": [SITE],
    "skipped": [{"url": str, "reason": str}],
    "failed": [{"url": str, "error": str}],
}
USER = {
    "id": int,
    "name": str,
    "role": OrNull(str),
    "email": str,
    "email_verified_at": OrNull(MOMENT),
}
ALLOWANCE = {"used": int, "limit": OrNull(int), "remaining": OrNull(int)}
TEAM = {
    "id": int,
    "name": str,
    "personal_team": bool,
    "owner_id": int,
    "sites_count": int,
    "members_count": int,
    "role": one_of("owner", "admin", "member", "viewer"),
    "limits": {
        "plan": str,
        "sites": ALLOWANCE,
        "seats": {"members": int, "pending_invitations": int, **ALLOWANCE},
        "manual_checks": ALLOWANCE,
        "enabled_checks": {"allowed": [TOOL]},
        "minimum_check_cadence_minutes": int,
        "history_retention_days": int,
        "priority_queue": bool,
    },
    "created_at": MOMENT,
    "updated_at": MOMENT,
}
TOKEN = {"name": str, "scopes": [str], "expires_at": MOMENT, "last_used_at": OrNull(MOMENT)}
# By their names in the description.
RESOURCES = {
    "User": USER,
    "Team": TEAM,
    "Me": {"user": USER, "teams": [TEAM]},
    "Token": TOKEN,
    "TeamMonitoring": MONITORING,
    "Site": SITE,
    "BulkCreation": BULK,
    "Check": CHECK,
    "Slots": SLOTS,
    "Uptime": UPTIME,
    "Performance": PERFORMANCE_REPORT,
    "Issue": ISSUE,
    "Delivery": DELIVERY,
}
