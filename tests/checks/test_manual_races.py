"""Several askers, schedulers, intakes and housekeepers at once, each with its own connection."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tests.checks.runs import LIGHT, ask, take
from tocsin.access.principal import SYSTEM
from tocsin.checks import filing, manual_runs
from tocsin.checks.manual import delete_check, queue_checks
from tocsin.checks.models import Check, ManualRun
from tocsin.kit import clock
from tocsin.kit.errors import Conflict, DomainError, InvalidInput, NotFound
from tocsin.sites.actions import create_site, delete_site
from tocsin.sites.models import Site
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def at_once(*calls: Callable[[], object]) -> list[Any]:
    """Make calls from threads that start together; return what each returned or was refused."""
    gate = Barrier(len(calls))

    def one(call: Callable[[], object]) -> object:
        try:
            gate.wait(timeout=10)
            return call()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(one, calls))


def refusals(found: list[Any]) -> int:
    return sum(isinstance(each, DomainError) for each in found)


def test_it_queues_a_tool_once(site: Any) -> None:
    with clock.frozen(T):
        found = at_once(*[lambda: queue_checks(SYSTEM, site, tools=["status"])] * AT_ONCE)
    assert refusals(found) == AT_ONCE - 1
    assert Check.objects.count() == ManualRun.objects.count() == 1


def test_it_gives_away_the_last_of_the_quota_once(site: Any) -> None:
    Team.objects.filter(pk=site.team_id).update(plan="starter")
    ManualRun.objects.bulk_create(
        ManualRun(
            team=site.team,
            site_uuid=site.pk,
            tool="ssl",
            is_priority=False,
            asked_at=clock.from_timestamp(T),
            deadline=clock.from_timestamp(T),
            finished_at=clock.from_timestamp(T),
        )
        for _ in range(48)
    )
    others = [
        Site.objects.create(team=site.team, name="x", url=f"https://{number}.example")
        for number in range(AT_ONCE)
    ]
    with clock.frozen(T + 1):
        found = at_once(
            *[lambda o=other: queue_checks(SYSTEM, o, tools=["status"]) for other in others]
        )
    assert refusals(found) == AT_ONCE - 2
    assert ManualRun.objects.count() == 50


def test_it_takes_each_run_once(team: Any) -> None:
    for number in range(10):
        ask(create_site(SYSTEM, team, url=f"https://{number}.example.com"))
    found = at_once(*[lambda: manual_runs.claim(LIGHT, now=T + 1, limit=10)] * AT_ONCE)
    taken = [request.check_id for claim in found for request in claim]
    left = [request.check_id for request in take(T + 1)]
    assert len(set(taken + left)) == len(taken + left) == 10 * len(LIGHT)


def test_it_files_one_of_the_answers_or_the_loss(site: Any) -> None:
    ask(site, "status")
    (request,) = take()
    result = answer(request, completed_at=T + 299.0)
    found = at_once(
        lambda: filing.store([result]).stored,
        lambda: manual_runs.expire(now=T + 300),
        lambda: filing.store([result]).stored,
        lambda: manual_runs.expire(now=T + 300),
    )
    assert sum(found) == 1
    check = Check.objects.get()
    assert (check.error is None) == (check.status == "completed")
    assert ManualRun.objects.get().finished_at is not None


def test_it_deletes_a_check_once_and_never_a_pending_one(site: Any) -> None:
    (check,) = ask(site, "status")
    (request,) = take()
    found = at_once(
        lambda: filing.store([answer(request)]),
        *[lambda: delete_check(SYSTEM, check.uuid)] * 3,
    )
    deletions = [each for each in found[1:] if each is None]
    assert all(isinstance(each, Conflict | NotFound) for each in found[1:] if each is not None)
    assert len(deletions) + Check.objects.count() == 1


@pytest.mark.parametrize("round_number", range(5))
def test_it_leaves_nothing_of_a_site_that_is_deleted_meanwhile(
    site: Any, round_number: int
) -> None:
    found = at_once(
        lambda: ask(site, "status"),
        lambda: delete_site(SYSTEM, Site.objects.get(pk=site.pk)),
        lambda: manual_runs.claim(LIGHT, now=T),
    )
    assert not isinstance(found[0], InvalidInput)
    assert not Site.objects.exists()
    assert not Check.objects.exists()
    assert not ManualRun.objects.filter(finished_at=None).exists()
