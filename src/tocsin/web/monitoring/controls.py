"""Every setting of a team as a control: where it is, how it is called, what it explains."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.probes.contract import Tool

Path = tuple[str, ...]


class Kind(StrEnum):
    """How a setting is typed."""

    FLAG = auto()
    NUMBER = auto()
    DECIMAL = auto()
    CADENCE = auto()
    CODES = auto()
    RECORD_TYPES = auto()
    INTERVALS = auto()
    LINES = auto()
    TIME = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Control:
    """One setting; `low` and `high` are only hints for the keyboard, the schema judges."""

    path: Path
    label: Promise
    kind: Kind
    help: Promise | str = ""
    low: int | None = None
    high: int | None = None
    is_threshold: bool = False

    @property
    def name(self) -> str:
        """Return the name of its field."""
        return "__".join(self.path)


def _tool(tool: Tool, *rest: str) -> Path:
    return ("tools", tool.value, *rest)


def _of_every_tool(tool: Tool) -> tuple[Control, ...]:
    return (
        Control(_tool(tool, "enabled"), _("Runs automatically"), Kind.FLAG),
        Control(
            _tool(tool, "opens_issues"),
            _("Opens issues"),
            Kind.FLAG,
            _("Off: it runs and records, and tells nobody."),
        ),
        Control(_tool(tool, "cadence_minutes"), _("Every"), Kind.CADENCE),
    )


def _in_a_row(tool: Tool, name: str, label: Promise) -> Control:
    path = _tool(tool, "settings", name)
    return Control(path, label, Kind.NUMBER, low=1, high=20, is_threshold=True)


def _retry(tool: Tool) -> Control:
    return Control(
        _tool(tool, "settings", "confirmation_retry_minutes"),
        _("Confirm a failure after (minutes)"),
        Kind.NUMBER,
        low=1,
        high=5,
    )


_FAILURES = _("Failures in a row that open an issue")
_BREACHES = _("Breaches in a row that open an issue")

TOOLS: Mapping[Tool, tuple[Control, ...]] = {
    Tool.STATUS: (
        *_of_every_tool(Tool.STATUS),
        _in_a_row(Tool.STATUS, "failures_to_open", _FAILURES),
        Control(
            _tool(Tool.STATUS, "settings", "successes_to_resolve"),
            _("Good checks in a row that resolve it"),
            Kind.NUMBER,
            low=1,
            high=20,
        ),
        _retry(Tool.STATUS),
        Control(
            _tool(Tool.STATUS, "settings", "incident_follow_up_minutes"),
            _("While it is down, look every (minutes)"),
            Kind.NUMBER,
            _("Never slower than the cadence."),
            low=1,
            high=60,
        ),
        Control(
            _tool(Tool.STATUS, "settings", "incident_status_codes"),
            _("Answers that count as failures"),
            Kind.CODES,
        ),
    ),
    Tool.SSL: (
        *_of_every_tool(Tool.SSL),
        Control(
            _tool(Tool.SSL, "settings", "expiry_days"),
            _("Warn with so many days left"),
            Kind.NUMBER,
            low=1,
            high=365,
        ),
        _in_a_row(Tool.SSL, "failures_to_open", _FAILURES),
        _retry(Tool.SSL),
    ),
    Tool.DNS: (
        *_of_every_tool(Tool.DNS),
        _in_a_row(Tool.DNS, "failures_to_open", _FAILURES),
        _retry(Tool.DNS),
        Control(
            _tool(Tool.DNS, "settings", "hard_failures_only"),
            _("Only names that cannot be looked up"),
            Kind.FLAG,
            _("Changed records open nothing then."),
        ),
        Control(
            _tool(Tool.DNS, "settings", "monitored_record_types"),
            _("Record types"),
            Kind.RECORD_TYPES,
        ),
    ),
    Tool.BROKEN_LINKS: (
        *_of_every_tool(Tool.BROKEN_LINKS),
        Control(
            _tool(Tool.BROKEN_LINKS, "settings", "min_broken_count"),
            _("Broken links that are too many"),
            Kind.NUMBER,
            low=1,
        ),
        _in_a_row(Tool.BROKEN_LINKS, "consecutive_breaches_to_open", _BREACHES),
        Control(
            _tool(Tool.BROKEN_LINKS, "settings", "ignore_external_links"),
            _("Leave out links to other sites"),
            Kind.FLAG,
        ),
        Control(
            _tool(Tool.BROKEN_LINKS, "settings", "ignore_redirects"),
            _("A link that redirects is fine"),
            Kind.FLAG,
        ),
        Control(
            _tool(Tool.BROKEN_LINKS, "settings", "ignore_paths"),
            _("Paths to leave out"),
            Kind.LINES,
            _("One a line, * stands for anything: /private/*"),
        ),
    ),
    Tool.PERFORMANCE: (
        *_of_every_tool(Tool.PERFORMANCE),
        Control(
            _tool(Tool.PERFORMANCE, "settings", "min_score"),
            _("Score that is still good"),
            Kind.NUMBER,
            low=1,
            high=100,
        ),
        Control(
            _tool(Tool.PERFORMANCE, "settings", "max_ttfb_ms"),
            _("Longest time to the first byte (ms)"),
            Kind.NUMBER,
            _("Empty: not looked at."),
            low=1,
        ),
        Control(
            _tool(Tool.PERFORMANCE, "settings", "max_load_time_seconds"),
            _("Longest time until interactive (s)"),
            Kind.DECIMAL,
            _("Empty: not looked at."),
            low=1,
        ),
        _in_a_row(Tool.PERFORMANCE, "consecutive_breaches_to_open", _BREACHES),
    ),
}
QUIET_TIME = (
    Control(
        ("quiet_time", "enabled"),
        _("Send nothing at night"),
        Kind.FLAG,
        _("What is still active when it ends is told once."),
    ),
    Control(("quiet_time", "starts_at"), _("From"), Kind.TIME),
    Control(("quiet_time", "ends_at"), _("Until"), Kind.TIME, _("May lie on the next day.")),
    Control(
        ("quiet_time", "timezone"), _("Time zone"), Kind.TEXT, _("Such as Europe/Vienna or UTC.")
    ),
)
ESCALATION = (
    Control(("escalation", "enabled"), _("Remind while an issue is active"), Kind.FLAG),
    Control(("escalation", "intervals"), _("After its opening"), Kind.INTERVALS),
)
HEADER = (
    Control(("request_header", "name"), _("Name"), Kind.TEXT, _("Such as X-Monitor.")),
    Control(("request_header", "value"), _("Value"), Kind.TEXT),
)
CONTROLS: tuple[Control, ...] = (
    *(control for controls in TOOLS.values() for control in controls),
    *QUIET_TIME,
    *ESCALATION,
    *HEADER,
)
BY_NAME: Mapping[str, Control] = {control.name: control for control in CONTROLS}


def value_at(settings: Mapping[str, Any], path: Path) -> Any:
    """Return what settings say at a path, None where they say nothing."""
    found: Any = settings
    for step in path:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
