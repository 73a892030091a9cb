"""A site that is watched, and checks that go through the real claim and the real intake."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.issues.builders import SIGHTS
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.checks import claims, intake
from tocsin.checks.models import Schedule
from tocsin.kit import clock
from tocsin.probes.contract import CheckStatus, ProbeRequest, ProbeResult, Tool

# A moment on every grid whose phase is 0: a UTC midnight.
MIDNIGHT = 1_800_057_600
TOOLS = tuple(Tool)

Schedules = Callable[..., Schedule]


def watch(site: Any, tool: str = "status", *, cadence: int = 600) -> Schedule:
    """Let a tool watch a site, on the hour and so on."""
    return Schedule.objects.create(
        site=site, tool=tool, cadence=cadence, phase=0, since=MIDNIGHT, next_slot=MIDNIGHT
    )


def answer(request: ProbeRequest, word: str, seconds: float = 1.0) -> ProbeResult:
    """Answer a request with what a word of SIGHTS says; a tool without that word sees good."""
    sights = SIGHTS[request.tool]
    outcome, result = sights.get(word, sights["good"])
    now = clock.timestamp()
    return ProbeResult(
        check_id=request.check_id,
        tool=request.tool,
        status=CheckStatus.COMPLETED,
        outcome=outcome,
        result=result,
        error=None,
        started_at=now,
        completed_at=now + seconds,
        ticket=request.ticket,
    )


def claim(now: float) -> tuple[ProbeRequest, ...]:
    """Take what is due."""
    return claims.claim(TOOLS, now=now, running_since=MIDNIGHT - 1).requests


def check(now: float, word: str) -> list[ProbeRequest]:
    """Run what is due at a moment; everything sees the same."""
    with clock.frozen(now):
        requests = claim(now)
        intake.store([answer(request, word) for request in requests])
    return list(requests)


def next_due() -> int:
    """Tell when the next run waits."""
    due = claims.next_due(TOOLS)
    assert due is not None
    return due


def acting(user: Any) -> Principal:
    """Make the principal of somebody's browser session."""
    return Principal(kind=PrincipalKind.SESSION, user_id=user.pk)


@pytest.fixture
def watched(site: Any) -> Any:
    """`site`, watched by the status tool every ten minutes."""
    watch(site)
    return site


@pytest.fixture
def down(watched: Any) -> Any:
    """`watched`, down since MIDNIGHT: an issue is open."""
    check(MIDNIGHT, "down")
    check(MIDNIGHT + 120, "down")
    return watched
