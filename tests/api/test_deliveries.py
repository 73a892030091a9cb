"""GET /issues/{issue}/deliveries: what was sent, where, when, or why not."""

from datetime import timedelta
from typing import Any

import pytest

from tests.api.conftest import ClientFor, make_issue
from tests.api.description import document, faults
from tests.api.golden import DELIVERY, differences
from tocsin.kit import clock
from tocsin.notifications.models import Delivery, DeliveryAttempt, Destination, Occurrence


@pytest.fixture
def destination(team: Any) -> Destination:
    return Destination.objects.create(
        team=team, channel="webhook", configuration="", masked="https://…/a", events=["open"]
    )


def owe(issue: Any, destination: Destination, status: str, **more: Any) -> Delivery:
    """Make a delivery of an event of its own."""
    number = Occurrence.objects.count()
    told = Occurrence.objects.create(
        team=issue.team,
        issue=issue,
        key=f"{issue.pk} {number}",
        event="issue.opened",
        transition="open",
        occurred_at=clock.now(),
        notice={},
    )
    values = {"channel": "webhook", "to": "https://hooks.example.com/…/a", "subject": issue.pk}
    return Delivery.objects.create(
        team=issue.team,
        occurrence=told,
        destination=destination,
        status=status,
        **{**values, **more},
    )


def attempt(delivery: Delivery, **more: Any) -> None:
    DeliveryAttempt.objects.create(
        delivery=delivery,
        destination_id=delivery.destination_id,
        at=clock.now(),
        duration_ms=210,
        **more,
    )


def test_it_shows_all_of_a_delivery(
    client_for: ClientFor, vera: Any, site: Any, destination: Destination
) -> None:
    """Sent at the second try, put off, given up, not sent at all: newest first."""
    issue, now = make_issue(site), clock.now()
    sent = owe(issue, destination, "delivered", delivered_at=now)
    attempt(sent, status_code=503, error="receiver_failed", address="192.0.2.80", answer="busy")
    attempt(sent, status_code=204, address="192.0.2.80")
    later = now + timedelta(hours=1)
    deferred = owe(issue, destination, "deferred", reason="quiet_time", next_attempt_at=later)
    failed = owe(issue, destination, "failed", reason="retries_exhausted")
    attempt(failed, error="timeout")
    suppressed = owe(issue, destination, "suppressed", reason="snoozed")
    body = client_for(vera).get(f"/api/v1/issues/{issue.pk}/deliveries").json()
    newest_first = [suppressed, failed, deferred, sent]
    assert [each["uuid"] for each in body["data"]] == [str(each.pk) for each in newest_first]
    described = document()
    for each in body["data"]:
        assert differences(each, DELIVERY) == []
        assert faults(described, {"$ref": "#/components/schemas/Delivery"}, each) == []
    last, third, second, first = body["data"]
    assert (last["status"], last["reason"], last["attempts"]) == ("suppressed", "snoozed", [])
    assert [each["error"] for each in third["attempts"]] == ["timeout"]
    assert second["next_attempt_at"] == later.isoformat(timespec="seconds")
    assert [each["status_code"] for each in first["attempts"]] == [503, 204]
    assert first["destination"] == {
        "id": destination.pk,
        "channel": "webhook",
        "to": "https://hooks.example.com/…/a",
    }
    assert first["reason"] is first["next_attempt_at"] is None
    assert "busy" not in str(body)


def test_it_pages_through_deliveries(
    client_for: ClientFor, vera: Any, site: Any, destination: Destination
) -> None:
    """Of this issue only; none is an empty page."""
    issue = make_issue(site)
    for _ in range(3):
        owe(issue, destination, "pending")
    other = make_issue(site, fingerprint="ssl:invalid", type="ssl")
    client = client_for(vera)
    page = client.get(f"/api/v1/issues/{issue.pk}/deliveries?per_page=2&page=2").json()
    assert (len(page["data"]), page["meta"]["total"]) == (1, 3)
    none = client.get(f"/api/v1/issues/{other.pk}/deliveries").json()
    assert (none["data"], none["meta"]["total"]) == ([], 0)
