"""Asking for checks and answering them, for the tests of manual runs."""

from typing import Any

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tocsin.access.principal import SYSTEM
from tocsin.checks import filing, manual_runs
from tocsin.checks.check_view import CheckView
from tocsin.checks.intake import Stored
from tocsin.checks.manual import queue_checks
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock
from tocsin.probes.contract import ProbeRequest

LIGHT = tools_of(Weight.LIGHT)


def ask(site: Any, *tools: str, at: float = T) -> list[CheckView]:
    """Ask for checks at a moment; for all that are enabled where none is named."""
    with clock.frozen(at):
        return queue_checks(SYSTEM, site, tools=tools or None)


def take(at: float = T) -> tuple[ProbeRequest, ...]:
    """Take what waits."""
    return manual_runs.claim(LIGHT, now=at)


def file(request: ProbeRequest, at: float = T + 2, **changes: Any) -> Stored:
    """Answer a request and file the answer."""
    result = answer(request, **{"completed_at": at, **changes})
    with clock.frozen(at):
        return filing.store([result])


def run(site: Any, tool: str, at: float = T) -> CheckView:
    """Ask for a check, run it and file it, all within two seconds."""
    (check,) = ask(site, tool, at=at)
    (request,) = take(at + 1)
    file(request, at + 2)
    return check
