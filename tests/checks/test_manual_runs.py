"""The life of a manual run between asking and answer."""

from typing import Any

import pytest

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.runs import LIGHT, ask, file, take
from tocsin.access.principal import SYSTEM
from tocsin.checks import manual_runs
from tocsin.checks.intake import AsideReason, Stored
from tocsin.checks.models import Check, ManualRun
from tocsin.probes.contract import DnsSettings, StatusSettings, Tool
from tocsin.sites.actions import create_site, delete_site
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db


def test_it_asks_for_what_the_site_says(site: Any) -> None:
    site.monitoring_overrides = {"request_header": {"name": "X-Key", "value": "v"}}
    site.dns_expected_records = {"A": ["192.0.2.1"]}
    site.save()
    checks = {check.type: check for check in ask(site)}
    requests = {request.tool: request for request in take()}
    status, dns = requests[Tool.STATUS], requests[Tool.DNS]
    assert status.check_id == str(checks["status"].uuid)
    assert status.url == "https://example.com"
    assert status.settings == StatusSettings()
    assert status.headers == (("X-Key", "v"),)
    assert status.deadline > T
    assert status.ticket is not None
    assert (status.ticket.site_id, status.ticket.schedule_id) == (str(site.pk), None)
    assert (status.ticket.slot, status.ticket.run_reason) == (None, None)
    assert dns.settings == DnsSettings(expected_records={"A": ("192.0.2.1",)})
    assert dns.headers == ()


def test_it_takes_a_run_once_within_its_lease(site: Any) -> None:
    ask(site, "status")
    assert len(take(T)) == 1
    assert take(T + 59) == ()
    assert len(take(T + 60)) == 1


def test_it_takes_only_the_tools_asked_for(site: Any) -> None:
    ask(site, "status", "ssl")
    (request,) = manual_runs.claim([Tool.SSL], now=T)
    assert request.tool is Tool.SSL


def test_it_takes_those_with_priority_first_and_no_more_than_the_limit(site: Any) -> None:
    poor = Team.objects.create(name="Poor", plan="starter")
    poor_site = create_site(SYSTEM, poor, url="https://poor.example")
    (last,) = ask(poor_site, "status")
    first, second = ask(site, "status", "ssl")
    taken = [manual_runs.claim(LIGHT, now=T, limit=1)[0].check_id for _ in range(3)]
    assert taken == [str(check.uuid) for check in (first, second, last)]


def test_it_hands_back_what_was_not_run(site: Any) -> None:
    ask(site, "status")
    requests = take()
    assert manual_runs.release(requests) == 1
    assert take() == requests
    assert manual_runs.release_all() == 1
    assert take() == requests


def test_it_loses_what_nobody_answered_before_the_deadline(site: Any) -> None:
    ask(site, "status")
    (request,) = take(T + 250)
    assert manual_runs.expire(now=T + 299) == 0
    assert manual_runs.expire(now=T + 300) == 1
    assert manual_runs.expire(now=T + 300) == 0
    check = Check.objects.get()
    assert (check.status, check.outcome) == ("failed", "unknown")
    assert check.error is not None
    assert check.error["code"] == "lost"
    assert check.completed_at is not None
    assert check.completed_at.timestamp() == T + 300
    assert take(T + 301) == ()
    assert file(request, T + 302) == Stored(0, {AsideReason.NOT_HELD: 1})
    check.refresh_from_db()
    assert check.status == "failed"


def test_it_takes_nothing_past_its_deadline(site: Any) -> None:
    ask(site, "status")
    assert take(T + 300) == ()


@pytest.mark.parametrize("wrong", [{"A": 5}, ["A"]])
def test_it_ends_a_run_whose_settings_are_wrong_and_takes_the_others(site: Any, wrong: Any) -> None:
    ask(site, "dns")
    other = create_site(SYSTEM, site.team, url="https://other.example.com")
    ask(other, "dns")
    site.dns_expected_records = wrong
    site.save()
    assert len(take()) == 1
    check = Check.objects.get(site=site)
    assert check.error is not None
    assert (check.status, check.error["code"]) == ("failed", "settings_invalid")


def test_it_lets_go_of_the_runs_of_a_deleted_site(site: Any) -> None:
    ask(site, "status", "ssl")
    request, _ = take()
    delete_site(SYSTEM, site)
    assert file(request) == Stored(0, {AsideReason.NOT_HELD: 1})
    assert take(T + 100) == ()
    assert manual_runs.expire(now=T + 900) == 0
    assert not ManualRun.objects.filter(finished_at=None).exists()


def test_it_looks_with_one_query_where_nothing_waits(
    site: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert take() == ()
    with django_assert_num_queries(1):
        assert manual_runs.expire(now=T) == 0
