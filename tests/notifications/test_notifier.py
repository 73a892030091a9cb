"""The notifier sends what is owed, in order, fairly, and writes down how it went."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.issues.conftest import MIDNIGHT, check
from tests.notifications.conftest import Making, Story, ledger
from tocsin.access.principal import SYSTEM
from tocsin.kit import clock
from tocsin.notifications.actions import escalating
from tocsin.notifications.actions.recording import Tried, record
from tocsin.notifications.actions.resending import resend
from tocsin.notifications.claims import Claimed, claim, next_due
from tocsin.notifications.limits import Limits
from tocsin.notifications.messages import Attempt, Verdict
from tocsin.notifications.models import Delivery, DeliveryAttempt, Destination
from tocsin.sites.models import Site
from tocsin.sites.monitoring.models import TeamMonitoring

pytestmark = pytest.mark.django_db
DELIVERED = Attempt(Verdict.DELIVERED, 12, 200, address="192.0.2.1")
BUSY = Attempt(Verdict.RETRY, 1000, 503, answer="busy")
NO = Attempt(Verdict.FINAL, 5, 400)


def take(at: float, **limits: Any) -> list[Claimed]:
    """Claim at a moment, in seconds after midnight."""
    now = clock.from_timestamp(MIDNIGHT + at)
    return claim(now, {}, limit=500, limits=Limits(**limits))


def end(claimed: list[Claimed], attempt: Attempt, at: float) -> None:
    """Record that messages ended alike."""
    moment = clock.from_timestamp(MIDNIGHT + at)
    record([Tried(each, moment, attempt) for each in claimed])


def see_all(word: str, at: float) -> None:
    """Run what is due at a moment; every site sees the same."""
    check(MIDNIGHT + at, word)


def transitions(claimed: list[Claimed]) -> list[str]:
    return [notice.transition.value for each in claimed for notice in each.message.notices]


def test_it_delivers_once(story: Story, webhook: Making) -> None:
    destination = webhook()
    story.goes_down()
    [message] = take(130)
    assert take(130) == []
    end([message], DELIVERED, 130)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.tries) == ("delivered", 1)
    assert delivery.delivered_at == clock.from_timestamp(MIDNIGHT + 130.012)
    assert delivery.attempts.get().address == "192.0.2.1"
    assert message.message.lead.delivery == delivery.pk == message.uuid
    destination.refresh_from_db()
    assert destination.last_success_at is not None
    assert next_due() is None


def test_it_retries_on_the_schedule_from_the_end_of_each_attempt(
    story: Story, webhook: Making
) -> None:
    webhook()
    story.goes_down()
    at = 120.0
    for delay in (10, 60, 300, 900, 3600, 3 * 3600, 6 * 3600):
        [message] = take(at)
        end([message], BUSY, at)
        at += 1 + delay
        assert take(at - 0.01) == []
        assert next_due() == clock.from_timestamp(MIDNIGHT + at)
    end(take(at), BUSY, at)
    assert ledger() == [("open", "failed", "retries_exhausted")]
    assert Delivery.objects.get().attempts.count() == 8


def test_it_sends_again_under_the_same_id_what_a_dead_notifier_took(
    story: Story, webhook: Making
) -> None:
    webhook()
    story.goes_down()
    [taken] = take(120)
    assert take(179) == []
    [again] = take(180)
    assert again.uuid == taken.uuid
    end([again], DELIVERED, 181)
    end([taken], NO, 182)
    assert ledger() == [("open", "delivered", "")]
    assert DeliveryAttempt.objects.count() == 2


def test_it_keeps_a_recovery_behind_its_opening(story: Story, webhook: Making) -> None:
    webhook()
    story.goes_down()
    opening = take(120)
    end(opening, BUSY, 120)
    story.comes_up(1200)
    assert transitions(take(1200)) == ["open"]
    assert take(1201) == []
    end(opening, DELIVERED, 1201)
    assert transitions(take(1202)) == ["resolve"]


@pytest.fixture
def quiet_nights(team: Any) -> None:
    """The team wants nothing from ten in the evening to seven in the morning."""
    night = {"enabled": True, "starts_at": "22:00", "ends_at": "07:00", "timezone": "UTC"}
    TeamMonitoring.objects.create(team=team, settings={"quiet_time": night})


@pytest.mark.usefixtures("quiet_nights")
def test_it_tells_at_the_end_of_quiet_time_what_is_still_active(
    webhook: Making, many: Callable[[int], None]
) -> None:
    webhook()
    many(3)
    see_all("down", 0)
    see_all("down", 120)
    assert {status for _, status, _ in ledger()} == {"deferred"}
    assert take(7 * 3600 - 1) == []
    [digest] = take(7 * 3600)
    assert transitions([digest]) == ["open"] * 3
    assert digest.message.gathering == "quiet_time"
    end([digest], DELIVERED, 7 * 3600)
    assert {status for _, status, _ in ledger()} == {"delivered"}


@pytest.mark.usefixtures("quiet_nights")
def test_it_drops_at_the_end_of_quiet_time_what_has_ended(story: Story, webhook: Making) -> None:
    webhook()
    story.goes_down()
    story.comes_up(1200)
    assert take(7 * 3600) == []
    assert ledger() == [
        ("open", "suppressed", "quiet_time"),
        ("resolve", "suppressed", "never_told"),
    ]


@pytest.mark.usefixtures("quiet_nights")
def test_it_tells_the_recovery_of_what_a_message_of_several_tells(
    webhook: Making, many: Callable[[int], None]
) -> None:
    """The receiver is slow to take the openings of the night; meanwhile the sites recover."""
    webhook()
    many(3)
    see_all("down", 0)
    see_all("down", 120)
    [digest] = take(7 * 3600)
    see_all("good", 7 * 3600 + 1)
    assert [row for row in ledger() if row[0] == "resolve"] == [("resolve", "pending", "")] * 3
    end([digest], DELIVERED, 7 * 3600 + 2)
    assert set(ledger()) == {("open", "delivered", ""), ("resolve", "pending", "")}


@pytest.mark.usefixtures("quiet_nights")
def test_it_sends_nothing_of_the_night_of_a_site_that_is_snoozed_at_its_end(
    story: Story, webhook: Making
) -> None:
    webhook()
    story.goes_down()
    Site.objects.update(snoozed_until=clock.from_timestamp(MIDNIGHT + 8 * 3600))
    assert take(7 * 3600) == []
    assert ledger() == [("open", "suppressed", "snoozed")]


def test_it_folds_a_storm_into_one_message_and_drops_none(
    webhook: Making, many: Callable[[int], None]
) -> None:
    webhook()
    many(7)
    see_all("down", 0)
    see_all("down", 120)
    limits = {"messages_a_minute": 3, "at_once_a_destination": 10}
    first = take(120, **limits)
    assert len(first) == 3
    end(first, DELIVERED, 121)
    assert take(180, **limits) == []
    [rest] = take(181, **limits)
    assert rest.message.gathering == "storm"
    assert len(rest.message.notices) == 4
    end([rest], DELIVERED, 181)
    assert {status for _, status, _ in ledger()} == {"delivered"}
    assert Delivery.objects.filter(folded_into=rest.uuid).count() == 3


def test_it_takes_a_few_of_each_destination_at_a_time(
    webhook: Making, many: Callable[[int], None]
) -> None:
    hanging, quick = webhook(), webhook()
    many(6)
    see_all("down", 0)
    see_all("down", 120)
    taken = [each.destination.pk for each in take(120)]
    assert sorted(taken) == [hanging.pk] * 4 + [quick.pk] * 4
    end([], DELIVERED, 120)
    now = clock.from_timestamp(MIDNIGHT + 121)
    more = claim(now, {hanging.pk: 4}, limit=500)
    assert [each.destination.pk for each in more] == [quick.pk] * 2


def test_it_ends_what_is_owed_to_a_destination_that_is_gone_or_off(
    story: Story, webhook: Making
) -> None:
    gone, off = webhook(), webhook()
    story.goes_down()
    gone.delete()
    Destination.objects.filter(pk=off.pk).update(enabled=False)
    assert take(120) == []
    assert {reason for *_, reason in ledger()} == {"destination_deleted", "disabled"}


def test_it_escalates_each_interval_once_while_active(
    story: Story, team: Any, webhook: Making
) -> None:
    wish = {"escalation": {"enabled": True, "intervals": [15, 60]}}
    TeamMonitoring.objects.create(team=team, settings=wish)
    webhook()
    story.goes_down()
    fired = [
        at for at in range(0, 5400, 60) if escalating.fire(clock.from_timestamp(MIDNIGHT + at))
    ]
    assert fired == [120 + 15 * 60, 120 + 60 * 60]
    story.comes_up(6000)
    assert escalating.fire(clock.from_timestamp(MIDNIGHT + 10**6)) == 0
    assert [transition for transition, *_ in ledger()] == [
        "open",
        "escalate",
        "escalate",
        "resolve",
    ]


def test_it_skips_attempts_of_what_was_deleted(story: Story, webhook: Making, site: Any) -> None:
    webhook()
    story.goes_down()
    taken = take(120)
    Site.objects.all().delete()
    end(taken, DELIVERED, 121)
    assert not DeliveryAttempt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_runs_until_it_is_told_to_stop(story: Story, webhook: Making) -> None:
    from tocsin.runtime.notifier import Notifier

    webhook()
    story.goes_down()
    story.comes_up(1200)
    stop = asyncio.Event()
    told: list[str] = []

    class Sender:
        async def send(self, claimed: Claimed) -> Attempt:
            told.append(claimed.message.lead.transition.value)
            if len(told) == 2:
                stop.set()
            return DELIVERED

    with clock.frozen(MIDNIGHT + 1300):
        asyncio.run(asyncio.wait_for(Notifier(Sender()).run(stop), 10))
    assert told == ["open", "resolve"]
    assert {status for _, status, _ in ledger()} == {"delivered"}


def test_it_sends_again_on_request_under_the_same_id(
    story: Story, webhook: Making, team: Any
) -> None:
    webhook()
    story.goes_down()
    [first] = take(120)
    end([first], NO, 121)
    with clock.frozen(MIDNIGHT + 500):
        resend(SYSTEM, team.pk, first.uuid)
    [again] = take(500)
    assert again.uuid == first.uuid
    end([again], DELIVERED, 501)
    assert ledger() == [("open", "delivered", "")]
    assert Delivery.objects.get().attempts.count() == 2


def test_it_sends_again_with_its_members_what_was_told_together(
    webhook: Making, many: Callable[[int], None], team: Any
) -> None:
    webhook()
    many(5)
    see_all("down", 0)
    see_all("down", 120)
    limits = {"messages_a_minute": 2, "at_once_a_destination": 10}
    end(take(120, **limits), DELIVERED, 121)
    [rest] = take(181, **limits)
    end([rest], DELIVERED, 181)
    member = Delivery.objects.filter(folded_into=rest.uuid).first()
    assert member is not None
    with clock.frozen(MIDNIGHT + 500):
        resend(SYSTEM, team.pk, member.pk)
    [again] = take(500)
    assert again.uuid == rest.uuid
    assert len(again.message.notices) == 3
    end([again], DELIVERED, 500)
    assert {status for _, status, _ in ledger()} == {"delivered"}


def test_it_calls_nothing_delivered_that_nobody_got(
    story: Story, mails: Making, alice: Any
) -> None:
    mails(alice.email)
    story.goes_down()
    alice.email_verified_at = None
    alice.save()
    assert take(120) == []
    assert ledger() == [("open", "suppressed", "address_unconfirmed")]
