"""The whole way, over real connections: owed, claimed, sent, written down."""

import asyncio
import socket
from typing import Any

import pytest
from django.db import connection

from tests.issues.conftest import MIDNIGHT
from tests.notifications.conftest import Making, Story, ledger
from tests.notifications.receiver import Receiver, receiving, receiving_aside, status
from tocsin.access.principal import SYSTEM
from tocsin.kit import clock
from tocsin.notifications.actions import destinations
from tocsin.notifications.actions.recording import Tried, record
from tocsin.notifications.claims import Claimed, claim
from tocsin.notifications.couriers import Courier
from tocsin.notifications.messages import Attempt
from tocsin.notifications.models import Delivery, DeliveryAttempt
from tocsin.notifications.sending.sender import Sender, open_sender
from tocsin.notifications.sending.smtp import Mailer
from tocsin.probes.egress import EgressPolicy
from tocsin.probes.lookup import Answer
from tocsin.probes.outbound.client import Outbound
from tocsin.runtime.notifier import Notifier

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_delivers_signed_messages_in_order_and_records_each_attempt(
    story: Story, team: Any, settings: Any
) -> None:
    settings.EGRESS_ALLOW = ("127.0.0.0/8",)
    secrets: list[str] = []

    def begin(good: str, bad: str) -> None:
        try:
            for url in (good, bad):
                added = destinations.add(SYSTEM, team.pk, channel="webhook", config={"url": url})
                secrets.append(added.secret)
            story.goes_down()
            story.comes_up(1200)
        finally:
            # It is this thread's own, and the thread ends with the loop.
            connection.close()

    async def tell() -> Receiver:
        stop = asyncio.Event()
        async with receiving() as receiver, open_sender() as sender:
            bad = receiver.answering("/bad", status(400, b"no such thing"))
            await asyncio.to_thread(begin, receiver.url + "/good", bad)
            with clock.frozen(MIDNIGHT + 1300):
                notifying = asyncio.create_task(Notifier(Courier(sender)).run(stop))
                await receiver.wait_for(4)
                stop.set()
                await notifying
            return receiver

    receiver = asyncio.run(tell())
    good = [each for each in receiver.received if each.path == "/good"]
    assert [each.json["transition"] for each in good] == ["open", "resolve"]
    assert sorted({reason for _, _, reason in ledger()}) == ["", "refused"]
    assert DeliveryAttempt.objects.filter(answer="no such thing", status_code=400).count() == 2
    ids = {str(each) for each in Delivery.objects.values_list("pk", flat=True)}
    assert {each.delivery for each in receiver.received} == ids
    assert all(each.headers["webhook-signature"].startswith("v1,") for each in good)


def test_it_stops_at_a_name_that_moved_inside_since_the_first_try(
    story: Story, webhook: Making
) -> None:
    """The name was judged when it was saved and at the first try; the retry is judged anew."""
    answers = iter([Answer(("127.0.0.1",)), Answer(("127.0.0.2",))])

    async def rebinding(_host: str, _family: socket.AddressFamily) -> Answer:
        return next(answers)

    async def attempt(claimed: Claimed, policy: EgressPolicy) -> Attempt:
        outbound = Outbound(policy, user_agent="Tocsin/test", names=rebinding)
        sender = Sender(outbound, Mailer())
        try:
            return await Courier(sender).send(claimed)
        finally:
            await sender.close()

    with receiving_aside(status(503, b"later")) as receiver:
        webhook(f"http://hook.test:{receiver.port}/a")
        story.goes_down()
        for at in (130, 150):
            now = clock.from_timestamp(MIDNIGHT + at)
            [claimed] = claim(now, {}, limit=10)
            made = asyncio.run(attempt(claimed, EgressPolicy(["127.0.0.1/32"])))
            record([Tried(claimed, now, made)])
        assert len(receiver.received) == 1
    assert ledger() == [("open", "suppressed", "egress_refused")]
    tried = DeliveryAttempt.objects.order_by("pk").values_list("error", "address", "answer")
    assert list(tried) == [
        ("receiver_failed", "127.0.0.1", "later"),
        ("egress_refused", "127.0.0.2", ""),
    ]
