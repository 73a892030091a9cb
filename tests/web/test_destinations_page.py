"""Destinations, their forms, the link that confirms an address, and what was sent."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.conftest import SignIn
from tocsin.notifications.models import Delivery, Destination
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
    assert "whsec_" in _do(client, team, "secret")
    assert "No destinations yet" in _do(client, team, "delete")


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
    assert "No such deliveries" in _page(client, team, "deliveries?status=delivered")
    assert "no address has confirmed" in _page(client, team, "deliveries?status=suppressed")
    assert "Send again" not in _page(sign_in(vera), team, "deliveries")
    owed = Delivery.objects.get()
    client.post(f"/teams/{team.pk}/deliveries/{owed.pk}/resend")
    owed.refresh_from_db()
    assert owed.status == "pending"
