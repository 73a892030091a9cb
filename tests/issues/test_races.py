"""People and checks at the same moment: one after the other, and nothing twice."""

from typing import Any

import pytest

from tests.issues.conftest import MIDNIGHT, acting, answer, check, claim
from tests.racing import at_once
from tocsin.checks import intake
from tocsin.issues import actions
from tocsin.issues.models import Issue, IssueState, Transition
from tocsin.kit import clock

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_resolves_once_whoever_asks(down: Any, bob: Any) -> None:
    uuid = Issue.objects.get().pk
    at_once(lambda _: actions.resolve(acting(bob), uuid))
    assert Transition.objects.filter(key="resolved").count() == 1
    check(MIDNIGHT + 420, "down")
    assert Issue.objects.get().reopen_count == 1


def test_it_acknowledges_once_whoever_asks(down: Any, bob: Any) -> None:
    uuid = Issue.objects.get().pk
    at_once(lambda _: actions.acknowledge(acting(bob), uuid))
    assert Transition.objects.filter(key="acknowledged").count() == 1


@pytest.mark.parametrize("word", ["good", "down"])
def test_it_takes_a_check_and_people_in_some_order(down: Any, bob: Any, word: str) -> None:
    """Whichever comes first, issue, counters and history tell the same story."""
    uuid = Issue.objects.get().pk
    with clock.frozen(MIDNIGHT + 420):
        results = [answer(request, word) for request in claim(MIDNIGHT + 420)]
        at_once(
            lambda number: actions.resolve(acting(bob), uuid) if number else intake.store(results)
        )
    issue = Issue.objects.get()
    track = IssueState.objects.get().tracks.get("status:down", {"active": False})
    assert track["active"] is issue.is_active
    keys = list(Transition.objects.order_by("pk").values_list("key", flat=True))
    assert keys[:2] == ["opened", "resolved"]
    # Whoever asks after the check reopened it ends it once more.
    assert keys[2:] in ([], ["reopened"], ["reopened", "resolved"])
    assert issue.is_active is (keys[-1] == "reopened")
