"""Endpoint 22 after real deliveries: delivered at the second try, refused, and never sent."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.issues.conftest import MIDNIGHT
from tests.notifications.conftest import Making, Story
from tests.notifications.receiver import OK, Receiver, status
from tocsin.access.actions import create_token
from tocsin.access.principal import SYSTEM
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind
from tocsin.issues.models import Issue
from tocsin.kit import clock
from tocsin.notifications.actions.recording import Tried, record
from tocsin.notifications.claims import claim
from tocsin.notifications.couriers import Courier
from tocsin.notifications.sending.sender import open_sender

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "samples" / "issue_deliveries.json"
UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")


def send(at: float) -> None:
    """Send what is due at a moment over real connections, as the notifier does."""

    async def carry(claimed: Any) -> Any:
        async with open_sender() as sender:
            return await asyncio.gather(*(Courier(sender).send(each) for each in claimed))

    now = clock.from_timestamp(MIDNIGHT + at)
    claimed = claim(now, {}, limit=100)
    attempts = asyncio.run(carry(claimed))
    record([Tried(each, now, attempt) for each, attempt in zip(claimed, attempts, strict=True)])


def ask(user: Any, issue: Issue) -> Any:
    """Return the answer as somebody with a token gets it."""
    scopes = [Scope.ISSUES_READ]
    token = create_token(SYSTEM, user=user, kind=TokenKind.API, name="golden", scopes=scopes)
    client = Client(headers={"authorization": f"Bearer {token.plaintext}"})
    answer = client.get(f"/api/v1/issues/{issue.pk}/deliveries")
    assert answer.status_code == 200
    return answer.json()


def masked(body: Any, destinations: list[int]) -> Any:
    """Put names in place of what differs from run to run."""
    for delivery in body["data"]:
        assert UUID.fullmatch(delivery["uuid"])
        delivery["uuid"] = "…"
        delivery["destination"]["id"] = destinations.index(delivery["destination"]["id"]) + 1
        for attempt in delivery["attempts"]:
            assert isinstance(attempt["duration_ms"], int | float)
            attempt["duration_ms"] = 0
        if delivery["delivered_at"]:  # the end of the attempt, which takes as long as it takes
            delivery["delivered_at"] = delivery["delivered_at"][:16]
    return body["data"]


def test_it_tells_what_was_sent_where_when_and_why_not(
    story: Story, webhook: Making, mails: Making, receiver: Receiver, vera: Any
) -> None:
    """The golden file is what clients see; write it anew by deleting it."""
    again = webhook(receiver.answering("/again", status(503, b"busy"), OK))
    refusing = webhook(receiver.answering("/no", status(404, b"<b>gone</b>")))
    unwilling = webhook(events=["resolve"], url=receiver.url + "/late")
    stranger = mails("stranger@example.org")
    story.goes_down()
    send(130)
    send(140 + 10)  # the retry comes 10 s after the end of the attempt before
    story.comes_up(1200)
    send(1200)
    body = ask(vera, Issue.objects.get())
    known = [each.pk for each in (again, refusing, unwilling, stranger)]
    text = json.dumps(masked(body, known), indent=1, ensure_ascii=False) + "\n"
    if not GOLDEN.exists():
        GOLDEN.write_text(text, encoding="utf-8")
    assert json.loads(text) == json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert receiver.url not in str(body)
    assert "busy" not in str(body)
    sent = [each for each in receiver.received if each.path == "/again"]
    assert len({each.delivery for each in sent}) == 2  # the retry under the id of the first try
    assert len(sent) == 3
