"""Which module reads, and which template shows, the result of which tool."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.checks.check_view import CheckView
from tocsin.checks.findings import Finding
from tocsin.checks.queries import ToolState
from tocsin.checks.tool_watches import ToolWatch
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site
from tocsin.sites.monitoring.queries import of_site
from tocsin.web.board import Look, look_of
from tocsin.web.check_words import problem_of
from tocsin.web.issues.words import TOOLS
from tocsin.web.panels import dns, links, performance, ssl, status
from tocsin.web.panels.reading import Found

LINKS_IN_DETAIL = 250


@dataclass(frozen=True, slots=True)
class Beside:
    """What a result is read beside: its site, the site's findings, whether it is a page's matter.

    Alone on its page all is shown, and only what this check found.
    """

    site: Site
    findings: Sequence[Finding] = ()
    is_alone: bool = False


Reader = Callable[[Beside, Found], object]


@dataclass(frozen=True, slots=True)
class Panel:
    """One tool of a site: its state, and the body of its latest result, None without any."""

    tool: Tool
    label: object
    icon: str
    look: Look
    check: CheckView | None
    body: object | None
    next_at: datetime | None
    is_enabled: bool

    @property
    def template(self) -> str:
        """Return the template that shows the body."""
        return template_of(self.tool)

    @property
    def error(self) -> str:
        """Return why there is no result, in words."""
        return problem_of(self.check) if self.check else ""


def panel_of(beside: Beside, tool: Tool, watch: ToolWatch | None, check: CheckView | None) -> Panel:
    """Make a tool's panel; free of queries where the site was read with its team's settings."""
    icon, label = TOOLS[tool]
    enabled = of_site(beside.site).of(tool).enabled
    return Panel(
        tool=tool,
        label=label,
        icon=icon,
        look=look_of(tool, _state(watch, check) if enabled or check else None),
        check=check,
        body=body_of(beside, check) if check else None,
        next_at=watch.next_at if watch else None,
        is_enabled=enabled,
    )


def state_of(check: CheckView) -> ToolState:
    """Return the state that a check shows."""
    return ToolState(check.status, check.outcome, check.completed_at, "")


def body_of(beside: Beside, check: CheckView) -> object | None:
    """Read a check's result for people; None where it has none."""
    return _READERS[Tool(check.type)](beside, check.result) if check.result else None


def template_of(tool: Tool) -> str:
    """Return the template that shows a tool's result."""
    return f"site/panels/{tool.value.replace('-', '_')}.html"


def _state(watch: ToolWatch | None, check: CheckView | None) -> ToolState:
    if check is not None:
        return state_of(check)
    return watch.state if watch else ToolState(None, None, None, "")


def _status(_beside: Beside, found: Found) -> object:
    return status.body(found)


def _ssl(beside: Beside, found: Found) -> object:
    days = of_site(beside.site).tools.ssl.settings.expiry_days
    return ssl.body(found, expiry_days=days, now=clock.now())


def _dns(beside: Beside, found: Found) -> object:
    return dns.body(found, expected=beside.site.dns_expected_records)


def _links(beside: Beside, found: Found) -> object:
    shown = LINKS_IN_DETAIL if beside.is_alone else links.LINKS_SHOWN
    return links.body(found, findings=beside.findings, is_latest=not beside.is_alone, shown=shown)


def _performance(beside: Beside, found: Found) -> object:
    shown = None if beside.is_alone else performance.OPPORTUNITIES_SHOWN
    limits = of_site(beside.site).tools.performance.settings
    return performance.body(found, limits=limits, shown=shown)


_READERS: dict[Tool, Reader] = {
    Tool.STATUS: _status,
    Tool.SSL: _ssl,
    Tool.DNS: _dns,
    Tool.BROKEN_LINKS: _links,
    Tool.PERFORMANCE: _performance,
}
