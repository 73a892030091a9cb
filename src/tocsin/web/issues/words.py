"""The words and shapes of issues; colour, icon and word always say the same."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.issues.queries import ACTIVE_WORD, ALL_WORD
from tocsin.issues.vocabulary import (
    Fingerprint,
    IssueStatus,
    ResolveReason,
    Severity,
    TransitionKey,
)
from tocsin.probes.contract import Tool
from tocsin.web.board import Look

TOOLS: dict[str, tuple[str, Promise]] = {
    Tool.STATUS: ("activity", _("Status")),
    Tool.SSL: ("shield", _("SSL")),
    Tool.DNS: ("waypoints", _("DNS")),
    Tool.BROKEN_LINKS: ("link-2-off", _("Broken links")),
    Tool.PERFORMANCE: ("gauge", _("Performance")),
}


class Title(NamedTuple):
    """What is wrong with a site while it is, and afterwards."""

    now: Promise
    then: Promise


TITLES: dict[str, Title] = {
    Fingerprint.STATUS_DOWN: Title(_("%(site)s is down"), _("%(site)s was down")),
    Fingerprint.SSL_INVALID: Title(
        _("The certificate of %(site)s is not valid"),
        _("The certificate of %(site)s was not valid"),
    ),
    Fingerprint.SSL_EXPIRING: Title(
        _("The certificate of %(site)s expires soon"),
        _("The certificate of %(site)s was about to expire"),
    ),
    Fingerprint.DNS_LOOKUP_FAILED: Title(
        _("%(site)s cannot be looked up"), _("%(site)s could not be looked up")
    ),
    Fingerprint.DNS_RECORDS_CHANGED: Title(
        _("DNS records of %(site)s have changed"), _("DNS records of %(site)s had changed")
    ),
    Fingerprint.BROKEN_LINKS_FOUND: Title(
        _("%(site)s has broken links"), _("%(site)s had broken links")
    ),
    Fingerprint.PERFORMANCE_DEGRADED: Title(_("%(site)s is slow"), _("%(site)s was slow")),
}
# Without the site, for lists that name it anyway.
KINDS: dict[str, Promise] = {
    Fingerprint.STATUS_DOWN: _("Down"),
    Fingerprint.SSL_INVALID: _("Certificate not valid"),
    Fingerprint.SSL_EXPIRING: _("Certificate expires soon"),
    Fingerprint.DNS_LOOKUP_FAILED: _("Name cannot be looked up"),
    Fingerprint.DNS_RECORDS_CHANGED: _("DNS records changed"),
    Fingerprint.BROKEN_LINKS_FOUND: _("Broken links"),
    Fingerprint.PERFORMANCE_DEGRADED: _("Slow"),
}
STATUS_LABELS: dict[str, Promise] = {
    ACTIVE_WORD: _("Active"),
    IssueStatus.OPEN: _("Open"),
    IssueStatus.ACKNOWLEDGED: _("Acknowledged"),
    IssueStatus.RESOLVED: _("Resolved"),
    ALL_WORD: _("All"),
}
SEVERITY_LABELS: dict[str, Promise] = {
    Severity.CRITICAL: _("Critical"),
    Severity.WARNING: _("Warning"),
}
# Statuses, severities and what happens share some words, and then the shape as well.
_SHAPES: dict[str, tuple[str, str]] = {
    IssueStatus.OPEN: ("plain", "circle-alert"),
    IssueStatus.ACKNOWLEDGED: ("plain", "user-check"),
    IssueStatus.RESOLVED: ("ok", "circle-check"),
    Severity.CRITICAL: ("failing", "octagon-x"),
    Severity.WARNING: ("unknown", "triangle-alert"),
    TransitionKey.OPENED: ("failing", "circle-alert"),
    TransitionKey.REOPENED: ("failing", "rotate-ccw"),
}
_KEYS: dict[str, Promise] = {
    TransitionKey.OPENED: _("Opened"),
    TransitionKey.REOPENED: _("Opened again"),
    TransitionKey.ACKNOWLEDGED: _("Acknowledged"),
    TransitionKey.RESOLVED: _("Resolved"),
}
ENDINGS: dict[str, Promise] = {
    ResolveReason.RECOVERED: _("its checks were good again"),
    ResolveReason.MANUAL: _("somebody resolved it by hand"),
    ResolveReason.TOOL_DISABLED: _("the tool was turned off"),
    ResolveReason.OPENS_ISSUES_OFF: _("the tool no longer opens issues"),
    ResolveReason.BASELINE_DELETED: _("the expected records were deleted"),
    ResolveReason.TARGET_CHANGED: _("the site got another address"),
}


def status_look(status: str) -> Look:
    """Choose how a status is shown."""
    tone, icon = _SHAPES[status]
    return Look(tone, icon, str(STATUS_LABELS[status]))


def severity_look(severity: str, *, active: bool = True) -> Look:
    """Choose how a severity is shown; that of what is over has no colour."""
    tone, icon = _SHAPES[severity]
    return Look(tone if active else "idle", icon, str(SEVERITY_LABELS[severity]))


def transition_look(key: str) -> Look:
    """Choose how an entry of a timeline is shown."""
    tone, icon = _SHAPES[key]
    return Look(tone, icon, str(_KEYS[key]))


def title_of(fingerprint: str, site: str, *, active: bool) -> str:
    """Say in one sentence what is, or was, wrong with a site."""
    title = TITLES[fingerprint]
    return str(title.now if active else title.then) % {"site": site}
