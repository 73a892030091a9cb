"""Doing one thing to many issues."""

from typing import Any
from uuid import uuid4

import pytest

from tests.issues.conftest import MIDNIGHT, acting, check, watch
from tocsin.audit.models import Entry
from tocsin.issues.actions import Tally, Verb, acknowledge, triage_many
from tocsin.issues.actions.bulk import MOST
from tocsin.issues.models import Issue
from tocsin.sites.models import Site
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(down: Any) -> list[Any]:
    """Open issues of two sites."""
    other = Site.objects.create(team=down.team, name="B", url="https://b.example", domain="b")
    watch(other)
    check(MIDNIGHT + 600, "down")
    check(MIDNIGHT + 720, "down")
    keys = list(Issue.objects.order_by("pk").values_list("pk", flat=True))
    assert len(keys) == 2
    return keys


def test_it_does_it_to_each_and_records_it(two: list[Any], team: Any, bob: Any) -> None:
    assert triage_many(acting(bob), team.pk, two, Verb.ACKNOWLEDGE) == Tally(2, 0, 0)
    assert Issue.objects.filter(status="acknowledged").count() == 2
    assert Entry.objects.filter(action="issue.acknowledged").count() == 2


def test_it_goes_on_where_one_refuses(two: list[Any], team: Any, bob: Any) -> None:
    triage_many(acting(bob), team.pk, two[:1], Verb.RESOLVE)
    tally = triage_many(acting(bob), team.pk, [*two, uuid4()], Verb.ACKNOWLEDGE)
    assert tally == Tally(done=1, refused=1, gone=1)


def test_it_counts_each_once(two: list[Any], team: Any, alice: Any) -> None:
    assert triage_many(acting(alice), team.pk, [*two, *two], Verb.DELETE) == Tally(2, 0, 0)
    assert not Issue.objects.exists()


def test_it_leaves_issues_of_other_teams_alone(two: list[Any], bob: Any) -> None:
    other = Team.objects.create(name="Other")
    assert triage_many(acting(bob), other.pk, two, Verb.DELETE) == Tally(0, 0, 2)
    assert Issue.objects.count() == 2


def test_it_takes_a_bounded_number(two: list[Any], team: Any, bob: Any) -> None:
    wanted = [uuid4() for _ in range(MOST)]
    assert triage_many(acting(bob), team.pk, wanted + two, Verb.RESOLVE) == Tally(0, 0, MOST)
    assert acknowledge(acting(bob), two[0]).status == "acknowledged"
