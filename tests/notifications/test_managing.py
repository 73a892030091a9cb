"""What people do with destinations: edit, rotate, confirm, test, and see whether they work."""

import re
from typing import Any

import pytest
from django.core import mail

from tests.issues.conftest import MIDNIGHT, acting
from tests.notifications.conftest import Making, Story, ledger
from tests.notifications.receiver import Receiver, status
from tocsin.access.principal import SYSTEM
from tocsin.kit import clock
from tocsin.kit.errors import Conflict, InvalidInput, NotFound
from tocsin.notifications import queries
from tocsin.notifications.actions import confirming, destinations, failing, noticing, testing
from tocsin.notifications.models import Delivery, Destination
from tocsin.notifications.sealing import secrets_of, target_of
from tocsin.teams.models import Membership, Team

pytestmark = pytest.mark.django_db(transaction=True)
URL = "https://hooks.example.com/secret-path-9876"
DAY = 86_400
SAME: dict[str, Any] = {"label": "", "events": ["open"], "tools": None}


def token_in(message: Any) -> str:
    found = re.search(r"/destinations/confirm/(\S+)", str(message.body))
    assert found is not None
    return found[1]


def test_it_keeps_a_target_that_is_left_blank(team: Any, webhook: Making) -> None:
    made = webhook(URL)
    config = {"url": "", "method": "get"}
    destinations.edit(SYSTEM, team.pk, made.pk, config=config, **SAME)
    made.refresh_from_db()
    assert (target_of(made).url, target_of(made).method) == (URL, "get")
    assert made.events == ["open"]
    destinations.edit(SYSTEM, team.pk, made.pk, config={"url": URL + "x"}, **SAME)
    assert queries.destination(SYSTEM, team.pk, made.pk).to.endswith("876x")
    with pytest.raises(InvalidInput):
        destinations.edit(SYSTEM, team.pk, made.pk, config={"url": "http://10.0.0.1/"}, **SAME)


def test_it_signs_with_both_secrets_for_a_day(team: Any, webhook: Making, midnight: float) -> None:
    made = webhook()
    [before] = secrets_of(made, clock.now())
    after = destinations.rotate_secret(SYSTEM, team.pk, made.pk)
    made.refresh_from_db()
    assert secrets_of(made, clock.now()) == (after, before)
    assert secrets_of(made, clock.from_timestamp(midnight + DAY)) == (after,)


def test_it_changes_nothing_by_the_gates_of_another_team(
    team: Any, webhook: Making, alice: Any
) -> None:
    made, other = webhook(), Team.objects.create(name="Other")
    Membership.objects.create(team=other, user=alice, role="owner")
    with pytest.raises(NotFound):
        destinations.delete(acting(alice), other.pk, made.pk)
    with pytest.raises(NotFound):
        testing.send_test(acting(alice), other.pk, made.pk)
    with pytest.raises(NotFound):
        queries.destination(acting(alice), other.pk, made.pk)


def test_it_asks_an_address_and_writes_to_it_once_it_said_yes(team: Any, alice: Any) -> None:
    wanted = {"addresses": f"stranger@example.org, {alice.email}"}
    made = destinations.add(SYSTEM, team.pk, channel="email", config=wanted).destination
    [asked] = mail.outbox
    assert asked.to == ["stranger@example.org"]
    view = queries.destination(SYSTEM, team.pk, made.pk)
    assert [each.confirmed for each in view.addresses] == [False, True]
    with pytest.raises(Conflict):
        confirming.ask_again(SYSTEM, team.pk, made.pk)
    token = token_in(asked)
    assert not confirming.find_confirmation(token).is_confirmed
    with pytest.raises(NotFound):
        confirming.confirm_address(token + "x")
    with clock.frozen(clock.timestamp() + 7 * DAY + 1), pytest.raises(NotFound):
        confirming.confirm_address(token)
    assert confirming.confirm_address(token).team_name == team.name
    view = queries.destination(SYSTEM, team.pk, made.pk)
    assert all(each.confirmed for each in view.addresses)


def test_it_sends_a_test_now_and_keeps_it(team: Any, webhook: Making, receiver: Receiver) -> None:
    made = webhook(receiver.url + "/a", enabled=False)
    tested = testing.send_test(SYSTEM, team.pk, made.pk)
    assert tested.attempt is not None
    assert tested.attempt.status_code == 200
    [received] = receiver.received
    assert received.json["event"] == "notification.test"
    assert received.delivery == str(tested.delivery)
    assert ledger() == [("open", "delivered", "")]
    last = queries.destination(SYSTEM, team.pk, made.pk).last_delivery
    assert last is not None
    assert (last.event, last.status) == ("notification.test", "delivered")


def test_it_tries_a_test_only_once(team: Any, webhook: Making, receiver: Receiver) -> None:
    made = webhook(receiver.answering("/bad", status(503)))
    tested = testing.send_test(SYSTEM, team.pk, made.pk)
    assert tested.attempt is not None
    assert tested.attempt.status_code == 503
    assert ledger() == [("open", "failed", "retries_exhausted")]


def test_it_tests_what_is_not_saved(team: Any, receiver: Receiver) -> None:
    config = {"url": receiver.url + "/a"}
    tested = testing.send_unsaved_test(SYSTEM, team.pk, channel="webhook", config=config)
    assert tested.attempt is not None
    assert tested.attempt.ok
    assert len(receiver.received) == 1
    assert not Destination.objects.exists()
    assert not Delivery.objects.exists()


def test_it_tests_no_address_that_did_not_agree(team: Any, mails: Making) -> None:
    made = mails("stranger@example.org")
    assert testing.send_test(SYSTEM, team.pk, made.pk).reason == "address_unconfirmed"
    config = {"addresses": "stranger@example.org"}
    tested = testing.send_unsaved_test(SYSTEM, team.pk, channel="email", config=config)
    assert (tested.attempt, tested.reason) == (None, "address_unconfirmed")
    assert ledger() == [("open", "suppressed", "address_unconfirmed")]
    assert mail.outbox == []


def test_it_tells_admins_once_of_what_fails_for_a_day(
    webhook: Making, alice: Any, adam: Any, bob: Any
) -> None:
    webhook(failing_since=clock.from_timestamp(MIDNIGHT))
    webhook(failing_since=clock.from_timestamp(MIDNIGHT), enabled=False)
    webhook()
    assert failing.mark_failing(clock.from_timestamp(MIDNIGHT + DAY - 1)) == 0
    assert failing.mark_failing(clock.from_timestamp(MIDNIGHT + DAY)) == 1
    assert failing.mark_failing(clock.from_timestamp(MIDNIGHT + DAY + 1)) == 0
    assert sorted(each.to[0] for each in mail.outbox) == [adam.email, alice.email]


def test_it_says_whether_anybody_would_be_told(team: Any, webhook: Making, mails: Making) -> None:
    assert queries.listeners_of_team(SYSTEM, team.pk).nobody
    webhook(enabled=False)
    webhook(events=["resolve"])
    mails("stranger@example.org")
    found = queries.listeners_of_team(SYSTEM, team.pk)
    assert (found.nobody, len(found.deaf), len(found.unconfirmed)) == (True, 2, 1)
    broken = webhook(marked_failing_at=clock.now())
    found = queries.listeners_of_team(SYSTEM, team.pk)
    assert (found.nobody, [each.id for each in found.failing]) == (True, [broken.pk])
    webhook()
    assert not queries.listeners_of_team(SYSTEM, team.pk).nobody


def test_it_keeps_for_each_person_what_they_have_read(
    story: Story, alice: Any, bob: Any, mallory: Any
) -> None:
    from tocsin.kit.pagination import PageRequest

    story.goes_down()
    story.comes_up(1200)
    page = queries.notices_of_user(acting(alice), PageRequest())
    assert [each.notice.transition for each in page.items] == ["resolve", "open"]
    assert (page.total, page.unread) == (2, 2)
    noticing.mark_read(acting(alice), page.items[0].id)
    with pytest.raises(NotFound):
        noticing.mark_read(acting(mallory), page.items[0].id)
    assert queries.unread_notices(acting(alice)) == 1
    assert noticing.mark_all_read(acting(alice)) == 1
    assert queries.unread_notices(acting(bob)) == 2


def test_it_filters_the_ledger(story: Story, team: Any, webhook: Making, alice: Any) -> None:
    from tocsin.kit.pagination import PageRequest

    webhook(events=["open"])
    wanted = webhook()
    story.goes_down()
    story.comes_up(1200)

    def count(**fields: Any) -> int:
        filters = queries.DeliveryFilters(**fields)
        page = queries.deliveries_of_team(acting(alice), team.pk, PageRequest(), filters)
        return page.total

    assert count() == 4
    assert count(destination_id=wanted.pk) == 2
    assert count(status="suppressed") == 1
    assert count(transition="open") == 2
    assert count(since=clock.from_timestamp(MIDNIGHT + 1000)) == 2
