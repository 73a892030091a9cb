"""Every setting that a site may override, in the order and words of the page."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.probes.contract import Tool


class Kind(StrEnum):
    """How a setting is filled in."""

    SWITCH = "switch"
    CADENCE = "cadence"
    NUMBER = "number"
    TEXT = "text"
    CODES = "codes"
    TYPES = "types"
    LINES = "lines"

    @property
    def is_list(self) -> bool:
        """Tell whether an empty value is a value, so that a tick says whether the site sets it."""
        return self in {Kind.CODES, Kind.TYPES, Kind.LINES}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its path within `monitoring_settings`, and how people see it."""

    path: str
    label: Promise
    kind: Kind
    help: Promise | str = ""
    unit: Promise | str = ""
    least: int = 1
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The settings of one tool."""

    tool: Tool
    settings: tuple[Setting, ...]


_TIMES, _MINUTES, _DAYS = _("in a row"), _("minutes"), _("days")
_MOST_IN_A_ROW, _MOST_RETRY, _MOST_MINUTES, _MOST_DAYS, _MOST_SCORE = 20, 5, 60, 365, 100


def _common(tool: Tool) -> tuple[Setting, ...]:
    at = f"tools.{tool}"
    return (
        Setting(f"{at}.enabled", _("Runs on schedule"), Kind.SWITCH),
        Setting(
            f"{at}.opens_issues",
            _("Opens issues"),
            Kind.SWITCH,
            _("Off: it runs and is recorded, but nothing opens."),
        ),
        Setting(f"{at}.cadence_minutes", _("Runs every"), Kind.CADENCE),
    )


def _confirmed(tool: Tool) -> tuple[Setting, ...]:
    at = f"tools.{tool}.settings"
    return (
        Setting(
            f"{at}.failures_to_open",
            _("An issue opens after failing"),
            Kind.NUMBER,
            unit=_TIMES,
            most=_MOST_IN_A_ROW,
        ),
        Setting(
            f"{at}.confirmation_retry_minutes",
            _("Looked at again after"),
            Kind.NUMBER,
            _("After a first failure, until it is confirmed or good."),
            _MINUTES,
            most=_MOST_RETRY,
        ),
    )


_STATUS = (
    *_common(Tool.STATUS),
    *_confirmed(Tool.STATUS),
    Setting(
        "tools.status.settings.successes_to_resolve",
        _("Recovered after being good"),
        Kind.NUMBER,
        unit=_TIMES,
        most=_MOST_IN_A_ROW,
    ),
    Setting(
        "tools.status.settings.incident_follow_up_minutes",
        _("While down, looked at every"),
        Kind.NUMBER,
        unit=_MINUTES,
        most=_MOST_MINUTES,
    ),
    Setting(
        "tools.status.settings.incident_status_codes",
        _("Codes that mean down"),
        Kind.CODES,
        _("A 4xx that is left out counts as up; every 5xx is down."),
    ),
)
_SSL = (
    *_common(Tool.SSL),
    Setting(
        "tools.ssl.settings.expiry_days",
        _("Warns before the end"),
        Kind.NUMBER,
        unit=_DAYS,
        most=_MOST_DAYS,
    ),
    *_confirmed(Tool.SSL),
)
_DNS = (
    *_common(Tool.DNS),
    Setting(
        "tools.dns.settings.hard_failures_only",
        _("Only failures to look it up"),
        Kind.SWITCH,
        _("On: changed records open nothing."),
    ),
    *_confirmed(Tool.DNS),
    Setting("tools.dns.settings.monitored_record_types", _("Records compared"), Kind.TYPES),
)
_LINKS = (
    *_common(Tool.BROKEN_LINKS),
    Setting(
        "tools.broken-links.settings.min_broken_count",
        _("An issue opens from"),
        Kind.NUMBER,
        unit=_("dead links"),
    ),
    Setting(
        "tools.broken-links.settings.consecutive_breaches_to_open",
        _("Found"),
        Kind.NUMBER,
        unit=_TIMES,
        most=_MOST_IN_A_ROW,
    ),
    Setting("tools.broken-links.settings.ignore_external_links", _("Own pages only"), Kind.SWITCH),
    Setting("tools.broken-links.settings.ignore_redirects", _("Ignore redirects"), Kind.SWITCH),
    Setting(
        "tools.broken-links.settings.ignore_paths",
        _("Paths left out"),
        Kind.LINES,
        _("One a line; * stands for anything, as in /archive/*."),
    ),
)
_PERFORMANCE = (
    *_common(Tool.PERFORMANCE),
    Setting(
        "tools.performance.settings.url",
        _("Page measured"),
        Kind.TEXT,
        _("A page on the site's own host; empty is the site's address."),
    ),
    Setting(
        "tools.performance.settings.min_score",
        _("Lowest score"),
        Kind.NUMBER,
        unit=_("of 100"),
        most=_MOST_SCORE,
    ),
    Setting(
        "tools.performance.settings.max_ttfb_ms",
        _("Slowest first byte"),
        Kind.NUMBER,
        unit=_("ms"),
    ),
    Setting(
        "tools.performance.settings.max_load_time_seconds",
        _("Slowest to be interactive"),
        Kind.NUMBER,
        unit=_("seconds"),
    ),
    Setting(
        "tools.performance.settings.consecutive_breaches_to_open",
        _("An issue opens after a breach"),
        Kind.NUMBER,
        unit=_TIMES,
        most=_MOST_IN_A_ROW,
    ),
)
GROUPS: tuple[Group, ...] = (
    Group(Tool.STATUS, _STATUS),
    Group(Tool.SSL, _SSL),
    Group(Tool.DNS, _DNS),
    Group(Tool.BROKEN_LINKS, _LINKS),
    Group(Tool.PERFORMANCE, _PERFORMANCE),
)
SETTINGS: dict[str, Setting] = {
    setting.path: setting for group in GROUPS for setting in group.settings
}
