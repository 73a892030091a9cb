"""The words of issues; contract, sections 4 and 7."""

from enum import StrEnum


class Fingerprint(StrEnum):
    """What is wrong. A site has at most one record of each, reopened when it comes back."""

    STATUS_DOWN = "status:down"
    SSL_INVALID = "ssl:invalid"
    SSL_EXPIRING = "ssl:expiring"
    DNS_LOOKUP_FAILED = "dns:lookup_failed"
    DNS_RECORDS_CHANGED = "dns:records_changed"
    BROKEN_LINKS_FOUND = "broken-links:found"
    PERFORMANCE_DEGRADED = "performance:degraded"


class Severity(StrEnum):
    """How bad it is."""

    WARNING = "warning"
    CRITICAL = "critical"


class IssueStatus(StrEnum):
    """Where an issue stands; the first two are active."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


ACTIVE = (IssueStatus.OPEN, IssueStatus.ACKNOWLEDGED)


class TransitionKey(StrEnum):
    """What happened to an issue."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    REOPENED = "reopened"


class ResolveReason(StrEnum):
    """Why an issue ended. Only a recovery is told to anybody."""

    RECOVERED = "recovered"
    MANUAL = "manual"
    TOOL_DISABLED = "tool_disabled"
    OPENS_ISSUES_OFF = "opens_issues_off"
    BASELINE_DELETED = "baseline_deleted"
    TARGET_CHANGED = "target_changed"
