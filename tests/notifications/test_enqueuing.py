"""What happens to an issue is owed to every destination in the same commit."""

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from tests.issues.conftest import MIDNIGHT, acting
from tests.notifications.conftest import Making, Story, ledger
from tocsin.issues import actions as issues
from tocsin.issues.models import Issue
from tocsin.kit import clock
from tocsin.notifications.models import Delivery, InAppNotice, Occurrence
from tocsin.sites.models import Site
from tocsin.sites.monitoring.models import TeamMonitoring

pytestmark = pytest.mark.django_db
NIGHT = {"enabled": True, "starts_at": "22:00", "ends_at": "07:00", "timezone": "UTC"}


def test_it_owes_an_opening_and_its_recovery_to_every_destination(
    story: Story, webhook: Making
) -> None:
    webhook(), webhook()
    story.goes_down()
    story.comes_up(1200)
    assert ledger() == [("open", "pending", "")] * 2 + [("resolve", "pending", "")] * 2
    kept = Occurrence.objects.first()
    assert kept is not None
    assert kept.notice["issue"]["summary"] == "The site answers with status 503."
    assert kept.notice["explanation"]["checks_in_a_row"] == 2


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({"enabled": False}, [("open", "disabled"), ("resolve", "disabled")]),
        ({"events": ["open"]}, [("open", ""), ("resolve", "event_not_subscribed")]),
        ({"events": ["resolve"]}, [("open", "event_not_subscribed"), ("resolve", "")]),
        ({"tools": ["ssl"]}, [("open", "tool_not_in_scope"), ("resolve", "tool_not_in_scope")]),
        ({"tools": ["status"]}, [("open", ""), ("resolve", "")]),
    ],
)
def test_it_says_why_something_is_not_sent(
    story: Story, webhook: Making, wishes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    webhook(**wishes)
    story.goes_down()
    story.comes_up(1200)
    assert [(transition, reason) for transition, _, reason in ledger()] == expected
    assert all((status == "suppressed") == bool(reason) for _, status, reason in ledger())


def test_it_puts_off_what_happens_in_quiet_time_and_drops_a_recovery_never_told(
    story: Story, team: Any, webhook: Making
) -> None:
    TeamMonitoring.objects.create(team=team, settings={"quiet_time": NIGHT})
    webhook()
    story.goes_down()
    story.comes_up(1200)
    assert ledger() == [
        ("open", "deferred", "quiet_time"),
        ("resolve", "suppressed", "never_told"),
    ]
    held = Delivery.objects.get(status="deferred")
    assert held.next_attempt_at == clock.from_timestamp(MIDNIGHT + 7 * 3600)


def test_it_sends_nothing_of_a_snoozed_site(story: Story, site: Any, webhook: Making) -> None:
    webhook()
    story.goes_down()
    Site.objects.update(snoozed_until=clock.from_timestamp(MIDNIGHT + 86_400))
    story.comes_up(1200)
    assert ledger()[1] == ("resolve", "suppressed", "snoozed")


def test_it_tells_nobody_of_what_people_do(
    story: Story, webhook: Making, alice: Any, bob: Any
) -> None:
    webhook()
    story.goes_down()
    uuid = Issue.objects.get().pk
    issues.acknowledge(acting(bob), uuid)
    issues.resolve(acting(bob), uuid)
    assert [transition for transition, *_ in ledger()] == ["open"]


def test_it_remembers_what_nobody_was_told_of(story: Story) -> None:
    story.goes_down()
    assert Occurrence.objects.filter(deliveries=None).count() == 1


def test_it_shows_every_member_a_notice(story: Story, alice: Any, bob: Any, vera: Any) -> None:
    story.goes_down()
    shown = InAppNotice.objects.filter(read_at=None).values_list("user_id", flat=True)
    assert set(shown) == {alice.pk, bob.pk, vera.pk}


def test_it_writes_to_nobody_who_did_not_agree(
    story: Story, mails: Making, alice: Any, team: Any
) -> None:
    mails("stranger@example.org")
    mails("stranger@example.org", alice.email)
    story.goes_down()
    assert ledger() == [("open", "suppressed", "address_unconfirmed"), ("open", "pending", "")]


def test_it_takes_no_more_queries_for_more_destinations(
    story: Story, webhook: Making, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection

    for _ in range(20):
        webhook()
    story.see("down", at=0)
    with CaptureQueriesContext(connection) as captured:
        story.see("down", at=120)
    ours = [query for query in captured.captured_queries if "notifications_" in query["sql"]]
    assert len(ours) <= 5
    assert Delivery.objects.count() == 20
