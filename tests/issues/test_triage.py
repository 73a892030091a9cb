"""Acknowledging, resolving and deleting."""

from typing import Any
from uuid import uuid4

import pytest

from tests.issues.conftest import MIDNIGHT, acting, check
from tocsin.audit.models import Entry
from tocsin.issues import actions
from tocsin.issues.models import Issue, Transition
from tocsin.kit.errors import Conflict, NotFound

pytestmark = pytest.mark.django_db


def test_it_acknowledges_once(down: Any, bob: Any) -> None:
    issue = Issue.objects.get()
    for _ in range(2):
        assert actions.acknowledge(acting(bob), issue.pk).status == "acknowledged"
    issue.refresh_from_db()
    assert issue.acknowledged_by == bob
    assert issue.acknowledged_at is not None
    rows = Transition.objects.filter(key="acknowledged")
    assert [(row.user, row.alerts) for row in rows] == [(bob, False)]
    assert Entry.objects.filter(action="issue.acknowledged").count() == 1


def test_it_acknowledges_no_resolved_issue(down: Any, bob: Any) -> None:
    check(MIDNIGHT + 420, "good")
    with pytest.raises(Conflict):
        actions.acknowledge(acting(bob), Issue.objects.get().pk)


def test_it_stays_active_while_acknowledged(down: Any, bob: Any) -> None:
    issue = actions.acknowledge(acting(bob), Issue.objects.get().pk)
    check(MIDNIGHT + 420, "down")
    issue.refresh_from_db()
    assert issue.status == "acknowledged"
    check(MIDNIGHT + 600, "good")
    issue.refresh_from_db()
    assert issue.status == "resolved"


def test_it_clears_the_acknowledgement_at_a_recurrence(down: Any, bob: Any) -> None:
    actions.acknowledge(acting(bob), Issue.objects.get().pk)
    for moment, word in ((420, "good"), (600, "down"), (720, "down")):
        check(MIDNIGHT + moment, word)
    issue = Issue.objects.get()
    assert issue.status == "open"
    assert issue.acknowledged_by is None
    assert issue.acknowledged_at is None


def test_it_resolves_by_hand_without_an_alert(down: Any, bob: Any) -> None:
    issue = Issue.objects.get()
    for _ in range(2):
        assert actions.resolve(acting(bob), issue.pk).status == "resolved"
    issue.refresh_from_db()
    assert (issue.resolved_by, issue.resolve_reason) == (bob, "manual")
    (row,) = Transition.objects.filter(key="resolved")
    assert (row.user, row.alerts, row.reason) == (bob, False, "manual")
    assert Entry.objects.filter(action="issue.resolved").count() == 1


def test_it_reopens_at_the_next_failing_check_after_a_manual_end(down: Any, bob: Any) -> None:
    actions.resolve(acting(bob), Issue.objects.get().pk)
    check(MIDNIGHT + 420, "down")
    issue = Issue.objects.get()
    assert (issue.status, issue.reopen_count, issue.resolved_by) == ("open", 1, None)


def test_it_does_not_reopen_where_the_site_is_fine(down: Any, bob: Any) -> None:
    actions.resolve(acting(bob), Issue.objects.get().pk)
    check(MIDNIGHT + 420, "good")
    check(MIDNIGHT + 600, "down")
    assert Issue.objects.get().status == "resolved"


def test_it_deletes_with_the_history(down: Any, alice: Any) -> None:
    actions.delete(acting(alice), Issue.objects.get().pk)
    assert not Issue.objects.exists()
    assert not Transition.objects.exists()
    assert Entry.objects.filter(action="issue.deleted").count() == 1
    check(MIDNIGHT + 420, "down")
    assert Issue.objects.get().reopen_count == 0


@pytest.mark.parametrize("verb", ["acknowledge", "resolve", "delete"])
def test_it_finds_no_issue_of_another_team(down: Any, mallory: Any, verb: str) -> None:
    act = getattr(actions, verb)
    with pytest.raises(NotFound):
        act(acting(mallory), Issue.objects.get().pk)
    with pytest.raises(NotFound):
        act(acting(mallory), uuid4())
    assert Issue.objects.get().status == "open"
