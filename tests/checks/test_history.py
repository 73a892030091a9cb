"""Reading checks: contract, section 3, endpoints 12 and 14."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tests.checks.runs import ask, file, run, take
from tocsin.access.principal import SYSTEM
from tocsin.accounts.queries import session_principal
from tocsin.checks import claims, intake
from tocsin.checks.history import (
    CheckFilters,
    CheckPage,
    checks_of_site,
    get_check,
    latest_checks,
)
from tocsin.checks.manual import delete_check
from tocsin.checks.models import Check, Schedule
from tocsin.checks.periods import read_period
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock
from tocsin.kit.errors import NotFound
from tocsin.kit.pagination import PageRequest
from tocsin.probes.contract import CheckStatus, RunReason, Tool
from tocsin.sites.models import Site

pytestmark = pytest.mark.django_db
ALL = CheckFilters()


def add(site: Any, number: int, **changes: Any) -> Check:
    """Add a check, `number` minutes after T."""
    at = clock.from_timestamp(T) + timedelta(minutes=number)
    values: dict[str, Any] = {
        "type": "status",
        "status": "completed",
        "outcome": "ok",
        "automatic": True,
        "run_reason": "scheduled",
        "scheduled_for": at,
        "vantage": "local",
        "result": {"number": number},
        "created_at": at,
        "updated_at": at,
        "completed_at": at,
    }
    return Check.objects.create(site=site, **{**values, **changes})


def numbers(page: CheckPage) -> list[int]:
    return [check.result["number"] for check in page.items if check.result]


def listed(site: Any, **filters: Any) -> list[int]:
    return numbers(checks_of_site(SYSTEM, site.pk, CheckFilters(**filters), PageRequest()))


def test_it_shows_every_field_of_a_check(site: Any, bob: Any) -> None:
    made = add(site, 0)
    view = get_check(session_principal(bob), made.pk)
    assert (view.uuid, view.team_id, view.type) == (made.pk, site.team_id, "status")
    assert (view.status, view.outcome, view.automatic) == ("completed", "ok", True)
    assert (view.run_reason, view.scheduled_for) == ("scheduled", made.scheduled_for)
    assert (view.site.uuid, view.site.name) == (site.pk, "Example")
    assert (view.site.url, view.site.domain) == ("https://example.com", "example.com")
    assert (view.vantage, view.result, view.error) == ("local", {"number": 0}, None)
    assert (view.created_at, view.updated_at) == (made.created_at, made.updated_at)
    assert view.completed_at == made.completed_at


def test_it_lists_the_newest_first_in_pages(site: Any) -> None:
    for number in (3, 0, 4, 1, 2):
        add(site, number, type=("status", "ssl")[number % 2])
    pages = [checks_of_site(SYSTEM, site.pk, ALL, PageRequest(page, 2)) for page in (1, 2, 3, 4)]
    assert [numbers(page) for page in pages] == [[4, 3], [2, 1], [0], []]
    assert {page.total for page in pages} == {5}


def test_it_filters_by_each_field(site: Any) -> None:
    add(site, 0)
    add(site, 1, type="dns")
    add(site, 2, status="failed")
    add(site, 3, run_reason="confirmation_retry")
    add(site, 4, automatic=False, run_reason="", scheduled_for=None)
    assert listed(site, type=Tool.DNS) == [1]
    assert listed(site, status=CheckStatus.FAILED) == [2]
    assert listed(site, run_reason=RunReason.CONFIRMATION_RETRY) == [3]
    assert listed(site, automatic=False) == [4]
    assert listed(site, automatic=True, type=Tool.STATUS) == [3, 2, 0]


def test_it_filters_by_time(site: Any) -> None:
    day = clock.from_timestamp(T).date()
    for number in (-1, 0, 1, 1439, 1440):
        add(site, number)
    assert listed(site, period=read_period(str(day), str(day))) == [1439, 1, 0]
    first_minute = clock.from_timestamp(T + 60).isoformat()
    assert listed(site, period=read_period(first_minute, None)) == [1440, 1439, 1]
    assert listed(site, period=read_period(None, first_minute)) == [1, 0, -1]


def test_it_shows_nothing_of_others(site: Any, mallory: Any) -> None:
    check = add(site, 0)
    outsider = session_principal(mallory)
    with pytest.raises(NotFound):
        checks_of_site(outsider, site.pk, ALL, PageRequest())
    with pytest.raises(NotFound):
        get_check(outsider, check.pk)
    with pytest.raises(NotFound):
        get_check(SYSTEM, uuid4())
    assert latest_checks(outsider, [site.pk]) == {}


def test_it_lists_a_constant_number_of_queries(site: Any, django_assert_num_queries: Any) -> None:
    for number in range(30):
        add(site, number)
    with django_assert_num_queries(4):  # site, total, keys, rows
        checks_of_site(SYSTEM, site.pk, ALL, PageRequest())


def run_automatic(at: float) -> None:
    Schedule.objects.update(next_slot=at)
    requests = claims.claim(tools_of(Weight.LIGHT), now=at, running_since=0).requests
    with clock.frozen(at):
        intake.store([answer(request, started_at=at, completed_at=at) for request in requests])


def test_it_shows_the_latest_of_each_tool_manual_or_not(site: Any, schedule: Schedule) -> None:
    Schedule.objects.create(site=site, tool="ssl", cadence=60, phase=0, since=T, next_slot=T)
    assert latest_checks(SYSTEM, [site.pk]) == {}
    run_automatic(T)
    (pending,) = ask(site, "status", at=T + 1)
    latest = latest_checks(SYSTEM, [site.pk])[site.pk]
    assert latest[Tool.STATUS] == replace(pending)
    assert latest[Tool.SSL].automatic
    (request,) = take(T + 2)
    file(request, T + 3)
    assert latest_checks(SYSTEM, [site.pk])[site.pk][Tool.STATUS].status == "completed"
    run_automatic(T + 60)
    assert latest_checks(SYSTEM, [site.pk])[site.pk][Tool.STATUS].automatic


def test_it_falls_back_where_the_latest_was_deleted(site: Any, schedule: Schedule) -> None:
    run_automatic(T)
    check = run(site, "status", at=T + 1)
    delete_check(SYSTEM, check.uuid)
    assert latest_checks(SYSTEM, [site.pk])[site.pk][Tool.STATUS].automatic


def test_it_finds_the_latest_of_many_sites_by_two_queries(
    team: Any, django_assert_num_queries: Any
) -> None:
    sites = [
        Site.objects.create(team=team, name="x", url=f"https://{number}.example")
        for number in range(10)
    ]
    for site in sites:
        Schedule.objects.create(site=site, tool="ssl", cadence=60, phase=0, since=T, next_slot=T)
    run_automatic(T)
    with django_assert_num_queries(2):
        found = latest_checks(SYSTEM, [site.pk for site in sites])
    assert found.keys() == {site.pk for site in sites}
