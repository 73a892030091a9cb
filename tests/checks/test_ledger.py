"""The slot ledger."""

from typing import Any

import pytest

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.checks import claims, intake, leases
from tocsin.checks.ledger import ledger
from tocsin.checks.models import Schedule
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock
from tocsin.probes.contract import Outcome, Tool

pytestmark = pytest.mark.django_db


def run(now: float, running_since: float = 0, **changes: Any) -> None:
    claim = claims.claim(tools_of(Weight.LIGHT), now=now, running_since=running_since)
    intake.store([answer(request, **changes) for request in claim.requests])


def test_it_accounts_for_every_slot_of_a_range(schedule: Schedule) -> None:
    run(T)
    run(T + 60, outcome=Outcome.UNKNOWN)
    run(T + 120, started_at=T + 155.0)
    claims.claim(tools_of(Weight.LIGHT), now=T + 180, running_since=0)
    leases.expire_all()
    run(T + 600, running_since=T + 599)
    with clock.frozen(T + 630):
        found = ledger(SYSTEM, schedule.site_id, Tool.STATUS, first=T, last=T + 10_000)
    assert found is not None
    assert (found.expected, found.ran, found.late, found.unknown) == (11, 4, 1, 1)
    assert (found.lost, found.skipped) == ({"worker_lost": 1, "scheduler_down": 6}, {})
    assert [(gap.first, gap.last, gap.count) for gap in found.gaps] == [
        (T + 180, T + 180, 1),
        (T + 240, T + 540, 6),
    ]


def test_it_cuts_gaps_to_the_range(schedule: Schedule) -> None:
    run(T + 600, running_since=T + 599)
    with clock.frozen(T + 601):
        found = ledger(SYSTEM, schedule.site_id, Tool.STATUS, first=T + 61, last=T + 239.5)
    assert found is not None
    assert (found.expected, found.ran, found.lost) == (2, 0, {"scheduler_down": 2})
    assert (found.gaps[0].first, found.gaps[0].last) == (T + 120, T + 180)


def test_it_expects_nothing_of_what_is_under_way_or_ahead(schedule: Schedule) -> None:
    claims.claim(tools_of(Weight.LIGHT), now=T, running_since=0)
    with clock.frozen(T + 61):
        found = ledger(SYSTEM, schedule.site_id, Tool.STATUS, first=T - 1000, last=T + 10_000)
    assert found is not None
    assert (found.expected, found.ran, found.pending) == (0, 0, 2)


def test_it_is_shown_to_members_only(schedule: Schedule, bob: Any, mallory: Any) -> None:
    def seen(user: Any) -> bool:
        principal = Principal(PrincipalKind.SESSION, user_id=user.pk)
        return ledger(principal, schedule.site_id, Tool.STATUS, first=T, last=T) is not None

    assert seen(bob)
    assert not seen(mallory)
