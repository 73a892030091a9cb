"""Sites with incidents, made by the real rules, for the tests of pages."""

from typing import Any

from tests.issues.conftest import MIDNIGHT, answer, check, claim, watch
from tocsin.checks import intake
from tocsin.issues.models import Issue
from tocsin.kit import clock
from tocsin.probes.contract import Tool

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> \u05d0\U0001f600"


def down(site: Any) -> Issue:
    """Let a site be down since MIDNIGHT."""
    watch(site)
    check(MIDNIGHT, "down")
    check(MIDNIGHT + 120, "down")
    return Issue.objects.get(site=site, type="status")


def see(site: Any, tool: Tool, word: str, *, moment: int = 300) -> Issue:
    """Let one more tool see something at a site until it opens an issue."""
    watch(site, tool.value)
    for step in range(2):
        now = MIDNIGHT + moment + 600 * step
        with clock.frozen(now):
            due = [each for each in claim(now) if each.tool is tool]
            intake.store([answer(each, word) for each in due])
    return Issue.objects.get(site=site, type=tool.value)


def recover(moment: int = 420) -> None:
    """Let everything that is due see good."""
    check(MIDNIGHT + moment, "good")
