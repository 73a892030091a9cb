"""What cannot be used: an example of 422 for each operation, and states that refuse."""

from collections.abc import Mapping

_ERRORS: Mapping[str, Mapping[str, list[str]]] = {
    "update_monitoring": {
        "monitoring_settings.tools.broken-links.cadence_minutes": [
            "It must be at least 720: broken-links does not run faster on this plan."
        ]
    },
    "list_sites": {"per_page": ["Input should be less than or equal to 100."]},
    "create_site": {"url": ["This team watches https://shop.example.com already."]},
    "create_sites": {"sites": ["List should have at least 1 item after validation, not 0."]},
    "update_site": {
        "monitoring_settings.tools.status.cadence_minutes": [
            "Choose one of 1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 10080."
        ]
    },
    "list_checks": {"to": ["It must not lie before `from`."]},
    "queue_checks": {"tools": ["status ran too recently; try again in 41 s."]},
    "show_slots": {"tool": ["Field required."]},
    "report_uptime": {"days": ["Input should be less than or equal to 365."]},
    "report_performance": {"days": ["Input should be less than or equal to 365."]},
    "list_issues": {
        "status": ["Input should be 'active', 'open', 'acknowledged', 'resolved' or 'all'."]
    },
    "list_deliveries": {"page": ["Input should be greater than or equal to 1."]},
}
_ANYWHERE: Mapping[str, list[str]] = {"sort": ["There is no query parameter of this name."]}

# Operation → status, code, message, and when it is answered.
STATES: Mapping[str, tuple[tuple[int, str, str, str], ...]] = {
    "create_site": (
        (
            422,
            "limit_reached",
            "The plan starter has none left of its sites.",
            "The plan is full; there are no `errors`.",
        ),
    ),
    "delete_check": (
        (
            403,
            "automatic_check",
            "Automatic checks cannot be deleted.",
            "The check is automatic.",
        ),
        (
            409,
            "conflict",
            "The check is still pending; it can be deleted once it has ended.",
            "The check is pending.",
        ),
    ),
    "acknowledge_issue": (
        (409, "conflict", "A resolved issue cannot be acknowledged.", "The issue is resolved."),
    ),
}


def errors_of(operation: str) -> Mapping[str, list[str]]:
    """Return `errors` as an operation may answer them."""
    return _ERRORS.get(operation, _ANYWHERE)
