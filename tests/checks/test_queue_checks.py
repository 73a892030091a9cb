"""Asking for checks: contract, section 3, endpoint 13."""

from typing import Any
from uuid import uuid4

import pytest

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.runs import ask, run, take
from tocsin.access.principal import SYSTEM
from tocsin.accounts.queries import session_principal
from tocsin.audit.models import Entry
from tocsin.checks.manual import ManualRefused, delete_check, queue_checks
from tocsin.checks.manual_rules import RefusalReason
from tocsin.checks.models import Check, ManualRun
from tocsin.kit import clock
from tocsin.kit.errors import InvalidInput, NotFound
from tocsin.sites.actions import delete_site
from tocsin.sites.models import Site
from tocsin.sites.monitoring.probing import RUNNABLE_TOOLS
from tocsin.teams.limits import current_limits
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db


def test_it_queues_every_enabled_tool_as_pending(site: Any) -> None:
    checks = ask(site)
    assert [check.type for check in checks] == [tool.value for tool in RUNNABLE_TOOLS]
    for check in checks:
        assert (check.status, check.outcome, check.automatic) == ("pending", None, False)
        assert (check.run_reason, check.scheduled_for, check.completed_at) == (None, None, None)
        assert (check.result, check.error, check.vantage) == (None, None, None)
        assert check.created_at == check.updated_at == clock.from_timestamp(T)
        assert check.site.uuid == site.pk
    assert Check.objects.filter(status="pending").count() == len(checks)


def test_it_queues_the_tools_that_are_named_once_each(site: Any) -> None:
    assert [check.type for check in ask(site, "dns", "status", "dns")] == ["dns", "status"]


def test_it_records_who_asked(site: Any, bob: Any) -> None:
    with clock.frozen(T):
        (check,) = queue_checks(session_principal(bob), site, tools=["ssl"])
    entry = Entry.objects.get()
    assert (entry.action, entry.user_id, entry.team_id) == ("checks.queued", bob.pk, site.team_id)
    assert entry.after == {"tools": ["ssl"], "checks": [str(check.uuid)]}


@pytest.mark.parametrize("tools", [["status", "smoke"], [], [""]])
def test_it_refuses_names_that_are_no_tools(site: Any, tools: list[str]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        queue_checks(SYSTEM, site, tools=tools)
    assert list(refusal.value.errors) == ["tools"]


def refusal_of(site: Any, *tools: str, at: float = T) -> list[RefusalReason]:
    with pytest.raises(ManualRefused) as refusal:
        ask(site, *tools, at=at)
    assert len(refusal.value.errors["tools"]) == len(refusal.value.refusals)
    return [each.reason for each in refusal.value.refusals]


def test_it_queues_nothing_where_one_tool_is_refused(site: Any) -> None:
    site.monitoring_overrides = {"tools": {"dns": {"enabled": False}}}
    site.save()
    assert refusal_of(site, "status", "dns", "ssl") == [RefusalReason.NOT_ENABLED]
    assert not Check.objects.exists()
    assert not ManualRun.objects.exists()
    assert not Entry.objects.exists()
    assert [check.type for check in ask(site)] == ["status", "ssl", "broken-links", "performance"]


def test_it_refuses_what_is_pending_until_it_is_lost(site: Any) -> None:
    ask(site, "status")
    assert refusal_of(site, "status", at=T + 299) == [RefusalReason.PENDING]
    assert len(ask(site, "status", at=T + 300)) == 1


def test_it_keeps_manual_runs_apart_and_counts_only_them(site: Any, schedule: Any) -> None:
    Check.objects.create(
        site=site, type="status", status="completed", automatic=True, updated_at=clock.now()
    )
    run(site, "status")
    assert refusal_of(site, "status", at=T + 59.9) == [RefusalReason.TOO_SOON]
    assert len(ask(site, "status", at=T + 60)) == 1
    assert len(ask(site, "ssl", at=T + 60)) == 1


def test_it_refuses_beyond_the_months_quota(site: Any) -> None:
    Team.objects.filter(pk=site.team_id).update(plan="starter")
    month = 1_801_440_000  # 2027-02-01
    for number in range(48):
        other = Site.objects.create(team=site.team, name="x", url=f"https://{number}.example")
        ask(other, "status", at=month + number)
    assert refusal_of(site, "status", "ssl", "dns", at=month + 99) == [RefusalReason.QUOTA]
    assert len(ask(site, "status", "ssl", at=month + 100)) == 2
    assert refusal_of(site, "dns", at=month + 101) == [RefusalReason.QUOTA]
    with clock.frozen(month + 102):
        allowance = current_limits(site.team_id).manual_checks
    assert (allowance.used, allowance.limit, allowance.remaining) == (50, 50, 0)
    assert len(ask(site, "dns", at=1_803_859_200)) == 1  # 2027-03-01


def test_it_gives_back_neither_quota_nor_spacing_for_what_is_deleted(site: Any) -> None:
    check = run(site, "status")
    delete_check(SYSTEM, check.uuid)
    assert refusal_of(site, "status", at=T + 10) == [RefusalReason.TOO_SOON]
    delete_site(SYSTEM, site)
    with clock.frozen(T + 20):
        assert current_limits(site.team_id).manual_checks.used == 1


def test_it_counts_a_team_by_itself(site: Any, mallory: Any) -> None:
    ask(site, "status")
    other = Team.objects.create(name="Other")
    with clock.frozen(T):
        assert current_limits(other.pk).manual_checks.used == 0


def test_it_takes_a_page_for_performance_only(site: Any) -> None:
    with pytest.raises(InvalidInput) as refusal:
        queue_checks(SYSTEM, site, tools=["status"], url="https://example.com/slow")
    assert list(refusal.value.errors) == ["url"]


@pytest.mark.parametrize("url", ["https://other.example/", "ftp://example.com", "nonsense"])
def test_it_takes_a_page_of_the_sites_own_host_only(site: Any, url: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        queue_checks(SYSTEM, site, tools=["performance"], url=url)
    assert list(refusal.value.errors) == ["url"]


def test_it_finds_no_site_that_is_gone(site: Any) -> None:
    gone = Site(uuid=uuid4(), team=site.team, url="https://gone.example")
    with pytest.raises(NotFound):
        queue_checks(SYSTEM, gone)


def test_it_asks_a_constant_number_of_queries(site: Any, django_assert_num_queries: Any) -> None:
    # savepoint, team, site, earlier runs, usage, runs, checks, audit, release
    with django_assert_num_queries(9):
        ask(site)
    take()
