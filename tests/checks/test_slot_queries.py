"""The slot ledger as faces show it."""

from typing import Any
from uuid import uuid4

import pytest

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tocsin.access.principal import SYSTEM
from tocsin.accounts.queries import session_principal
from tocsin.checks import claims, intake, partitions, retention
from tocsin.checks.models import Schedule
from tocsin.checks.periods import ALWAYS, read_period
from tocsin.checks.slot_queries import SlotGap, slots_of_site
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock
from tocsin.kit.errors import NotFound
from tocsin.probes.contract import Outcome, Tool

pytestmark = pytest.mark.django_db
DAY = 86_400


def run(now: float, **changes: Any) -> None:
    """Claim what is due and file its answer."""
    found = claims.claim(tools_of(Weight.LIGHT), now=now, running_since=now - 1)
    with clock.frozen(now):
        intake.store([answer(request, **changes) for request in found.requests])


def test_it_accounts_for_the_last_seven_days(schedule: Schedule, site: Any) -> None:
    run(T)
    run(T + 300, outcome=Outcome.UNKNOWN)
    with clock.frozen(T + 301):
        account = slots_of_site(SYSTEM, site.pk, Tool.STATUS, ALWAYS)
    assert (account.expected, account.ran, account.unknown) == (6, 2, 1)
    assert (account.skipped, account.lost) == ({}, {"scheduler_down": 4})
    assert account.first == clock.from_timestamp(T + 301 - 7 * DAY)
    assert account.last == clock.from_timestamp(T + 301)
    moments = clock.from_timestamp(T + 60), clock.from_timestamp(T + 240)
    assert account.gaps == (SlotGap(*moments, 4, "scheduler_down"),)


def test_it_accounts_for_the_range_that_is_named(schedule: Schedule, site: Any) -> None:
    for minute in range(4):
        run(T + 60 * minute)
    first, last = clock.from_timestamp(T + 60), clock.from_timestamp(T + 120)
    with clock.frozen(T + 239):
        account = slots_of_site(
            SYSTEM, site.pk, Tool.STATUS, read_period(first.isoformat(), last.isoformat())
        )
    assert (account.first, account.last) == (first, last)
    assert (account.expected, account.ran) == (2, 2)


def test_it_leaves_out_what_is_no_longer_kept(schedule: Schedule, site: Any) -> None:
    run(T)
    run(T + 30 * DAY)
    now = T + 90 * DAY + 1
    run(now)
    with clock.frozen(now):
        # A partition takes its rows along up to a week later; the account leaves them out now.
        assert sum(retention.sweep(clock.now())) == (0 if partitions.are_used() else 1)
        account = slots_of_site(SYSTEM, site.pk, Tool.STATUS, read_period("2020-01-01", None))
        assert account.first == clock.from_timestamp(T + 1)
    assert account.expected == account.ran + sum(account.lost.values()) == 90 * DAY // 60
    assert account.ran == 2


def test_it_accounts_for_nothing_of_a_tool_that_was_never_on(site: Any) -> None:
    account = slots_of_site(SYSTEM, site.pk, Tool.DNS, ALWAYS)
    assert (account.expected, account.ran, account.gaps) == (0, 0, ())


def test_it_shows_nothing_to_others(site: Any, mallory: Any) -> None:
    for principal, uuid in ((session_principal(mallory), site.pk), (SYSTEM, uuid4())):
        with pytest.raises(NotFound):
            slots_of_site(principal, uuid, Tool.STATUS, ALWAYS)
