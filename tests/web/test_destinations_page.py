"""Destinations, their forms, the link that confirms an address, and what was sent."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import make_issue
from tests.web.conftest import SignIn
from tocsin.access.principal import SYSTEM
from tocsin.issues.models import Issue, Transition
from tocsin.kit import clock
from tocsin.notifications.actions import destinations
from tocsin.notifications.actions.enqueuing import enqueue
from tocsin.notifications.models import Delivery, DeliveryAttempt, Destination, Occurrence
from tocsin.notifications.sealing import target_of
from tocsin.sites.models import Site

URL = "https://hooks.example.com/secret-path-9876"
NASTY = '<script>alert(1)</script>"><img src=x>'
EVERYTHING = {
    "events": ["open", "resolve"],
    "tools": ["status", "ssl", "dns", "broken-links", "performance"],
    "method": "post",
}


@pytest.fixture
def client(sign_in: SignIn, adam: Any) -> Client:
    return sign_in(adam)


def _page(client: Client, team: Any, path: str = "destinations") -> str:
    answer = client.get(f"/teams/{team.pk}/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def _add(client: Client, team: Any, channel: str = "webhook", **fields: Any) -> Any:
    typed = EVERYTHING | {"url": URL} | fields
    return client.post(f"/teams/{team.pk}/destinations/new/{channel}", typed)


def _do(client: Client, team: Any, what: str, **fields: Any) -> str:
    address = f"/teams/{team.pk}/destinations/{Destination.objects.get().pk}/{what}"
    return client.post(address, fields, follow=True).content.decode()


def test_it_teaches_where_there_are_none(client: Client, team: Any) -> None:
    page = _page(client, team)
    assert "No destinations yet" in page
    assert "this team has no destinations" in page
    assert "Microsoft Teams" in page


def test_it_shows_the_secret_once_and_the_address_masked(client: Client, team: Any) -> None:
    answer = _add(client, team)
    assert answer.status_code == 201
    assert "whsec_" in answer.content.decode()
    page = _page(client, team)
    assert "whsec_" not in page
    assert "secret-path" not in page
    assert "https://hooks.example.com/…9876" in page
    assert "Nobody would be told" not in page


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": "http://127.0.0.1/hook"}, "url"),
        ({"url": ""}, "url"),
        ({"url": "https://example.com/" + "x" * 2048}, "url"),
        ({"events": []}, "events"),
        ({"tools": ["smell"]}, "tools"),
        ({"label": "\u202e"}, "label"),
    ],
)
def test_it_says_beside_the_field_what_is_wrong(
    client: Client, team: Any, fields: dict[str, Any], field: str
) -> None:
    answer = _add(client, team, **fields)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Destination.objects.exists()


def test_it_knows_no_other_channel(client: Client, team: Any) -> None:
    assert client.get(f"/teams/{team.pk}/destinations/new/pigeon").status_code == 404


def test_it_keeps_the_address_where_it_is_left_blank(client: Client, team: Any) -> None:
    _add(client, team)
    typed = EVERYTHING | {"events": ["open"], "tools": ["ssl"], "label": "On call", "url": ""}
    _do(client, team, "", **typed)
    kept = Destination.objects.get()
    assert target_of(kept).url == URL
    assert (kept.label, kept.events, kept.tools) == ("On call", ["open"], ["ssl"])
    assert "secret-path" not in _page(client, team, f"destinations/{kept.pk}/")


def test_it_switches_rotates_and_deletes(client: Client, team: Any) -> None:
    _add(client, team)
    assert "every destination is off" in _do(client, team, "switch", enabled="no")
    assert "The destination is on" in _do(client, team, "switch", enabled="yes")
    assert "No destinations yet" in _do(client, team, "delete")


def test_it_makes_a_new_secret_once_it_is_asked_to(sign_in: SignIn, adam: Any, team: Any) -> None:
    client = sign_in(adam, proven=True)
    first = _add(client, team).content.decode()
    assert "shown this once" in first
    assert "24 hours" not in first  # there is no secret before it
    page = _page(client, team, f"destinations/{Destination.objects.get().pk}/secret")
    assert "Make a new secret?" in page
    assert "whsec_" not in page
    assert Destination.objects.get().previous_secret == ""
    assert "two signatures" in _do(client, team, "secret")
    again = _page(client, team, f"destinations/{Destination.objects.get().pk}/")
    assert "still signs, until" in again
    assert "whsec_" not in again


def test_it_asks_for_fresh_proof_before_a_new_secret(client: Client, team: Any) -> None:
    _add(client, team)
    before = Destination.objects.get().secret
    address = f"/teams/{team.pk}/destinations/{Destination.objects.get().pk}/secret"
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]
    assert Destination.objects.get().secret == before


def test_it_deletes_only_after_a_second_look(client: Client, team: Any) -> None:
    _add(client, team, label="On call")
    assert "/delete" not in _page(client, team)
    page = _page(client, team, f"destinations/{Destination.objects.get().pk}/")
    assert page.index('<details class="confirm">') < page.index("Yes, delete On call")


def test_it_escapes_what_people_call_it(client: Client, team: Any) -> None:
    _add(client, team, label=NASTY)
    page = _page(client, team)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_it_costs_the_same_queries_however_many(client: Client, team: Any) -> None:
    _add(client, team)
    _page(client, team)
    with CaptureQueriesContext(connection) as few:
        _page(client, team)
    for number in range(5):
        _add(client, team, url=f"{URL}{number}")
    with CaptureQueriesContext(connection) as many:
        _page(client, team)
    assert len(many) == len(few)


def test_it_warns_admins_on_the_first_page(
    client: Client, sign_in: SignIn, team: Any, site: Site, vera: Any
) -> None:
    assert site
    assert "Nobody would be told" in _page(client, team, "sites")
    assert "Nobody would be told" not in _page(sign_in(vera), team, "sites")
    _add(client, team)
    assert "Nobody would be told" not in _page(client, team, "sites")


def test_it_tells_an_address_only_once_it_said_yes(
    client: Client, team: Any, mails: list[Any]
) -> None:
    _add(client, team, "email", addresses="stranger@example.com")
    page = _page(client, team)
    assert "not confirmed" in page
    assert "no address has confirmed" in page
    assert "Nothing was sent" in _do(client, team, "test")
    link = re.search(r"/destinations/confirm/\S+", mails[0].body)
    assert link is not None
    assert "Yes, send me these mails" in Client().get(link[0]).content.decode()
    assert "Thank you" in Client().post(link[0]).content.decode()
    assert "confirmed already" in Client().get(link[0]).content.decode()
    assert "not confirmed" not in _page(client, team)
    assert "Every address is confirmed" in _do(client, team, "ask")


@pytest.mark.django_db
def test_it_says_that_a_link_no_longer_works() -> None:
    answer = Client().get("/destinations/confirm/nonsense")
    assert answer.status_code == 404
    assert "no longer works" in answer.content.decode()


def test_it_tries_out_what_is_typed_without_keeping_it(client: Client, team: Any) -> None:
    answer = _add(client, team, "email", addresses="stranger@example.com", test="yes")
    assert "Nothing was sent: no address has confirmed" in answer.content.decode()
    assert not Destination.objects.exists()


def test_it_lists_what_was_not_sent_with_its_reason_and_sends_it_again(
    client: Client, sign_in: SignIn, team: Any, vera: Any
) -> None:
    _add(client, team, "email", addresses="stranger@example.com")
    _do(client, team, "test")
    page = _page(client, team, "deliveries")
    assert "Not sent" in page
    assert "no address has confirmed" in page
    assert "No delivery fits" in _page(client, team, "deliveries?status=delivered")
    assert "no address has confirmed" in _page(client, team, "deliveries?status=suppressed")
    assert "Send again" not in _page(sign_in(vera), team, "deliveries")
    owed = Delivery.objects.get()
    client.post(f"/teams/{team.pk}/deliveries/{owed.pk}/resend")
    owed.refresh_from_db()
    assert owed.status == "pending"


def _tell(team: Any, site: Site, **wishes: Any) -> tuple[Destination, Issue]:
    """Owe the opening of an issue of `site` to a new destination."""
    made = destinations.add(SYSTEM, team.pk, channel="webhook", config={"url": URL}, **wishes)
    issue = make_issue(site)
    transition = Transition.objects.create(
        issue=issue, key="opened", at=clock.now(), severity="critical", summary="", alerts=True
    )
    enqueue([transition])
    return made.destination, issue


def test_it_names_site_and_issue_and_filters_by_them(client: Client, team: Any, site: Site) -> None:
    Site.objects.update(name=NASTY)
    site.refresh_from_db()
    told, issue = _tell(team, site, label="On call")
    page = _page(client, team, "deliveries")
    assert f"/teams/{team.pk}/issues/{issue.pk}" in page
    assert "It is down." in page
    assert "On call" in page
    assert "<script>alert" not in page
    for query, seen in (
        (f"destination={told.pk}", True),
        (f"destination={told.pk + 1}", False),
        ("destination=99999999999999999999999", True),  # means nothing, filters nothing
        (f"issue={issue.pk}", True),
        ("issue=01990000-0000-7000-8000-000000000000", False),
        ("issue=nonsense", True),
        (f"issue={issue.pk}&status=pending&destination={told.pk}", True),
        (f"issue={issue.pk}&status=failed", False),
    ):
        assert ("It is down." in _page(client, team, f"deliveries?{query}")) is seen, query


def test_it_shows_what_the_receiver_answered(client: Client, team: Any, site: Site) -> None:
    _tell(team, site)
    owed = Delivery.objects.get()
    DeliveryAttempt.objects.create(
        delivery=owed, destination_id=owed.destination_id, at=clock.now(), duration_ms=214,
        status_code=503, error="receiver_failed", address="192.0.2.7", answer=NASTY,
    )  # fmt: skip
    page = _page(client, team, "deliveries")
    for words in ("Answered 503", "after 214 ms", "192.0.2.7", "1 attempt", "&lt;img src=x&gt;"):
        assert words in page
    assert "<img src=x>" not in page


def test_it_offers_no_second_try_where_the_destination_is_gone(
    client: Client, team: Any, site: Site
) -> None:
    told, _ = _tell(team, site)
    assert "Send again" in _page(client, team, "deliveries")
    destinations.delete(SYSTEM, team.pk, told.pk)
    page = _page(client, team, "deliveries")
    assert "It is down." in page
    assert "Send again" not in page


def test_it_costs_the_same_queries_however_many_deliveries(
    client: Client, team: Any, site: Site
) -> None:
    _tell(team, site)
    _page(client, team, "deliveries")
    with CaptureQueriesContext(connection) as few:
        _page(client, team, "deliveries")
    first = Delivery.objects.get()
    for number in range(5):
        told = Occurrence.objects.get(pk=first.occurrence_id)
        told.pk, told.key = None, f"{number}"
        told.save()
        first.pk, first.occurrence = None, told
        first.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        assert _page(client, team, "deliveries").count("It is down.") == 6
    assert len(many) == len(few)
