"""Reading issues: who sees which, filters, order, timeline."""

from typing import Any
from uuid import uuid4

import pytest

from tests.issues.conftest import MIDNIGHT, acting, answer, check, claim, watch
from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.access.roles import Role
from tocsin.access.scopes import Scope
from tocsin.checks import intake
from tocsin.issues import actions, queries
from tocsin.issues.models import Issue
from tocsin.issues.queries import IssueFilters
from tocsin.issues.vocabulary import Severity
from tocsin.kit import clock
from tocsin.kit.errors import NotFound
from tocsin.kit.pagination import PageRequest
from tocsin.probes.contract import Tool
from tocsin.sites.actions import create_site
from tocsin.teams.models import Membership, Team

pytestmark = pytest.mark.django_db
FIRST = PageRequest()


def _found(user: Any, page: PageRequest = FIRST, **filters: Any) -> list[str]:
    found = queries.issues(acting(user), IssueFilters(**filters), page)
    return [view.fingerprint for view in found.items]


@pytest.fixture
def two(down: Any) -> Any:
    """`down`, and its certificate expires since later."""
    watch(down, "ssl")
    with clock.frozen(MIDNIGHT + 300):
        requests = [each for each in claim(MIDNIGHT + 300) if each.tool is Tool.SSL]
        intake.store([answer(each, "expiring") for each in requests])
    assert Issue.objects.count() == 2
    return down


def test_it_lists_the_newest_opening_first(two: Any, vera: Any) -> None:
    assert _found(vera) == ["ssl:expiring", "status:down"]
    assert _found(vera, PageRequest(page=2, per_page=1)) == ["status:down"]
    assert _found(vera, PageRequest(page=3)) == []


def test_it_shows_others_nothing(two: Any, mallory: Any) -> None:
    assert _found(mallory) == []
    with pytest.raises(NotFound):
        queries.issue(acting(mallory), Issue.objects.first().pk)
    for foreign in ({"team_id": two.team_id}, {"site_id": two.pk}, {"site_id": uuid4()}):
        with pytest.raises(NotFound):
            _found(mallory, **foreign)
    assert queries.team_of_issue(acting(mallory), Issue.objects.first().pk) is None


def test_it_filters(two: Any, bob: Any) -> None:
    assert _found(bob, tool=Tool.SSL) == ["ssl:expiring"]
    assert _found(bob, severity=Severity.CRITICAL) == ["status:down"]
    assert _found(bob, team_id=two.team_id, site_id=two.pk) == ["ssl:expiring", "status:down"]
    other = create_site(SYSTEM, two.team, url="https://other.example.com")
    assert _found(bob, site_id=other.pk) == []


def test_it_filters_by_status(two: Any, bob: Any) -> None:
    actions.acknowledge(acting(bob), Issue.objects.get(type="ssl").pk)
    actions.resolve(acting(bob), Issue.objects.get(type="status").pk)
    assert _found(bob) == ["ssl:expiring"]
    assert _found(bob, status="open") == []
    assert _found(bob, status="acknowledged") == ["ssl:expiring"]
    assert _found(bob, status="resolved") == ["status:down"]
    assert _found(bob, status="all") == ["ssl:expiring", "status:down"]


@pytest.mark.parametrize("change", [{"plan_state": "inactive"}, {"require_two_factor": True}])
def test_it_leaves_out_teams_whose_gates_refuse(
    down: Any, alice: Any, change: dict[str, Any]
) -> None:
    open_team = Team.objects.create(name="Open")
    Membership.objects.create(team=open_team, user=alice, role=Role.OWNER)
    site = create_site(SYSTEM, open_team, url="https://open.example.com")
    site.schedules.all().delete()
    watch(site)
    check(MIDNIGHT + 600, "down")
    check(MIDNIGHT + 720, "down")
    by_token = Principal(PrincipalKind.PERSONAL_TOKEN, alice.pk, frozenset({Scope.ISSUES_READ}))
    assert len(queries.issues(by_token, IssueFilters(), FIRST).items) == 2
    Team.objects.filter(pk=down.team_id).update(**change)
    assert len(queries.issues(by_token, IssueFilters(), FIRST).items) == 1
    assert len(queries.issues(SYSTEM, IssueFilters(), FIRST).items) == 2


def test_it_refuses_a_site_of_another_team_than_named(down: Any, alice: Any) -> None:
    other = Team.objects.create(name="Other")
    Membership.objects.create(team=other, user=alice, role=Role.OWNER)
    with pytest.raises(NotFound):
        _found(alice, team_id=other.pk, site_id=down.pk)


def test_it_tells_the_whole_story(down: Any, bob: Any) -> None:
    issue = Issue.objects.get()
    actions.acknowledge(acting(bob), issue.pk)
    for moment, word in ((420, "good"), (600, "down"), (720, "down")):
        check(MIDNIGHT + moment, word)
    view = queries.issue(acting(bob), issue.pk)
    assert [each.key for each in view.timeline] == [
        "opened",
        "acknowledged",
        "resolved",
        "reopened",
    ]
    assert [None if each.user is None else each.user.name for each in view.timeline] == [
        None,
        "Bob",
        None,
        None,
    ]
    assert view.is_active
    assert view.reopen_count == 1
    assert view.check is not None
    assert view.check.outcome == "failing"
    assert view.previous_check is not None
    assert view.previous_check.outcome == "ok"
    assert view.site.uuid == down.pk


def test_it_survives_the_checks(down: Any, bob: Any) -> None:
    down.checks.all().delete()
    view = queries.issue(acting(bob), Issue.objects.get().pk)
    assert view.check is None
    assert len(view.context["opening"]["checks"]) == 2


@pytest.mark.parametrize("count", [1, 20])
def test_it_lists_with_a_constant_number_of_queries(
    team: Any, alice: Any, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        site = create_site(SYSTEM, team, url=f"https://{number}.example.com")
        site.schedules.all().delete()
        watch(site)
    check(MIDNIGHT, "down")
    check(MIDNIGHT + 120, "down")
    with django_assert_num_queries(5):  # teams, issues, timelines, checks, count
        assert len(_found(alice)) == count
