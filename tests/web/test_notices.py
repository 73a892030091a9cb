"""The bell, and what stands under it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import make_issue
from tests.web.conftest import SignIn
from tocsin.kit import clock, ids
from tocsin.notifications import notices
from tocsin.notifications.made_up import made_up
from tocsin.notifications.messages import Event, MessageTransition
from tocsin.notifications.models import InAppNotice, Occurrence


@pytest.fixture
def client(sign_in: SignIn, vera: Any) -> Client:
    return sign_in(vera)


def _tell(team: Any, user: Any, name: str = "Shop") -> InAppNotice:
    subject = ids.new_uuid()
    notice = made_up(subject, Event.OPENED, MessageTransition.OPEN, name=name, summary="It is down")
    occurrence = Occurrence.objects.create(
        team=team,
        key=str(subject),
        event=Event.OPENED,
        transition=MessageTransition.OPEN,
        occurred_at=clock.now(),
        notice=notices.kept(notice),
    )
    return InAppNotice.objects.create(user=user, occurrence=occurrence)


def _page(client: Client, path: str = "") -> str:
    answer = client.get(f"/notices/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_counts_what_is_unread(client: Client, team: Any, vera: Any, bob: Any) -> None:
    assert "bell-count" not in _page(client, "bell")
    _tell(team, vera)
    _tell(team, bob)
    assert "Notices, 1 unread" in _page(client, "bell")
    assert "Notices, 1 unread" in client.get(f"/teams/{team.pk}/sites").content.decode()


@pytest.mark.parametrize("path", ["", "live"])
def test_it_lists_what_happened(client: Client, team: Any, vera: Any, path: str) -> None:
    _tell(team, vera, "<b>Shop</b>")
    page = _page(client, path)
    assert "&lt;b&gt;Shop&lt;/b&gt;" in page
    assert "It is down" in page
    assert "Opened" in page


def test_it_marks_one_and_then_all_as_read(client: Client, team: Any, vera: Any) -> None:
    first = _tell(team, vera)
    _tell(team, vera)
    client.post(f"/notices/{first.pk}/read")
    assert "1 unread" in _page(client, "bell")
    client.post("/notices/read")
    assert "unread" not in _page(client, "bell")
    assert "All read" in _page(client)


def test_it_hides_those_of_others(client: Client, team: Any, bob: Any) -> None:
    other = _tell(team, bob)
    assert client.post(f"/notices/{other.pk}/read").status_code == 404
    assert "Nothing to read" in _page(client)


@pytest.mark.parametrize("path", ["", "live", "bell"])
def test_it_costs_the_same_queries_however_many(
    client: Client, team: Any, vera: Any, path: str
) -> None:
    _tell(team, vera)
    _page(client, path)
    with CaptureQueriesContext(connection) as few:
        _page(client, path)
    for _ in range(10):
        _tell(team, vera)
    with CaptureQueriesContext(connection) as many:
        _page(client, path)
    assert len(many) == len(few)


def test_it_leads_to_the_issue(client: Client, team: Any, vera: Any, site: Any) -> None:
    told = _tell(team, vera)
    issue = make_issue(site)
    Occurrence.objects.filter(pk=told.occurrence_id).update(issue=issue)
    assert f"/teams/{team.pk}/issues/{issue.pk}" in _page(client)


def test_it_shows_red_only_for_what_is_critical(client: Client, team: Any, vera: Any) -> None:
    told = _tell(team, vera)
    assert "state-failing" in _page(client, "live")
    occurrence = Occurrence.objects.get(pk=told.occurrence_id)
    occurrence.notice["issue"]["severity"] = "warning"
    occurrence.save()
    assert "state-failing" not in _page(client, "live")
