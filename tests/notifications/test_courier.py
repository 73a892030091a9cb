"""The whole way, over real connections: owed, claimed, sent, written down."""

import asyncio
from typing import Any

import pytest

from tests.issues.conftest import MIDNIGHT
from tests.notifications.conftest import Story, ledger
from tests.notifications.receiver import Receiver, receiving, status
from tocsin.access.principal import SYSTEM
from tocsin.kit import clock
from tocsin.notifications.actions import destinations
from tocsin.notifications.couriers import Courier
from tocsin.notifications.models import Delivery, DeliveryAttempt
from tocsin.notifications.sending.sender import open_sender
from tocsin.runtime.notifier import Notifier

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_delivers_signed_messages_in_order_and_records_each_attempt(
    story: Story, team: Any, settings: Any
) -> None:
    settings.EGRESS_ALLOW = ("127.0.0.0/8",)
    secrets: list[str] = []

    def begin(good: str, bad: str) -> None:
        for url in (good, bad):
            added = destinations.add(SYSTEM, team.pk, channel="webhook", config={"url": url})
            secrets.append(added.secret)
        story.goes_down()
        story.comes_up(1200)

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
