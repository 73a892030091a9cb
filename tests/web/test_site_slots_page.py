"""The slot ledger as people see it."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.results import check_of
from tests.web.watching import CADENCE, watch
from tocsin.checks.models import Gap, Schedule
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site

# A Wednesday noon, and the slots since midnight.
NOON = datetime.fromisoformat("2030-05-15T12:00:00+00:00").timestamp()
MIDNIGHT = int(NOON) - 12 * 3600


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice)


@pytest.fixture
def shop(team: Any) -> Site:
    """Watched every five minutes since midnight: an hour lost, a slot skipped, one late."""
    site = watch(team)
    due = Schedule.objects.filter(site=site, tool="status")
    due.update(since=MIDNIGHT, phase=0, next_slot=int(NOON))
    _gap(site, MIDNIGHT + 3600, 12, "lost", "scheduler_down")
    _gap(site, MIDNIGHT + 4 * 3600, 1, "skipped", "previous_still_running")
    for slot in range(MIDNIGHT, int(NOON), CADENCE):
        if MIDNIGHT + 3600 <= slot < MIDNIGHT + 7200 or slot == MIDNIGHT + 4 * 3600:
            continue
        check_of(
            site,
            Tool.STATUS,
            at=clock.from_timestamp(slot),
            late=slot == MIDNIGHT + 6 * 3600,
            result=None,
        )
    return site


def _gap(site: Site, first: int, count: int, kind: str, reason: str) -> None:
    Gap.objects.create(
        site=site,
        tool="status",
        kind=kind,
        reason=reason,
        first_slot=first,
        last_slot=first + (count - 1) * CADENCE,
        cadence=CADENCE,
        count=count,
    )


def _page(client: Client, site: Site, path: str) -> str:
    with clock.frozen(NOON):
        answer = client.get(f"/teams/{site.team_id}/sites/{site.pk}/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("path", ["", "slots"])
def test_it_accounts_for_every_slot(client: Client, shop: Site, path: str) -> None:
    page = _page(client, shop, path)
    assert "Of 144 slots 131 ran, 1 were skipped and 12 were lost." in page
    assert "Tocsin was not running" in page
    assert "the check before still ran" in page
    assert "Wed 15 May, 01:00 – Wed 15 May, 01:55 UTC" in page


def test_it_says_of_each_hour_what_became_of_its_slots(client: Client, shop: Site) -> None:
    page = _page(client, shop, "")
    for words in (
        'slot-ran" title="Wed 15 May, 00:00: 12 due, ran on time"',
        'slot-lost" title="Wed 15 May, 01:00: 12 due, 12 lost"',
        'slot-skipped" title="Wed 15 May, 04:00: 12 due, 1 skipped"',
        'slot-late" title="Wed 15 May, 06:00: 12 due, 1 ran late"',
        'slot-nothing" title="Wed 15 May, 12:00: 0 due, nothing due"',
        'slot-nothing" title="Tue 14 May, 23:00: 0 due, nothing due"',
    ):
        assert words in page, words


def test_it_shows_slow_tools_by_the_day(client: Client, shop: Site) -> None:
    Schedule.objects.filter(site=shop, tool="ssl").update(
        cadence=86_400, phase=0, since=MIDNIGHT - 5 * 86_400, next_slot=MIDNIGHT + 86_400
    )
    page = _page(client, shop, "slots")
    assert "30 days ago" in page
    assert 'title="Tue 14 May: 1 due, ran on time"' in page


def test_it_teaches_where_nothing_was_due(client: Client, team: Any) -> None:
    site = watch(team, "New", tools=())
    with clock.frozen(NOON):
        page = client.get(f"/teams/{team.pk}/sites/{site.pk}/slots").content.decode()
    assert page.count("No check was due yet.") == len(Tool)
