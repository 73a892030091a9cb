"""Home: figures, what is wrong, pinned sites, and whether anybody watches at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.watching import NASTY, open_issue, roll_up, watch
from tocsin.access.principal import SYSTEM
from tocsin.checks import heartbeats
from tocsin.checks.models import Schedule
from tocsin.issues.vocabulary import Fingerprint, IssueStatus, Severity
from tocsin.kit import clock
from tocsin.teams.actions import create_team


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice)


def _page(client: Client, team: Any, path: str = "") -> str:
    answer = client.get(f"/teams/{team.pk}/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_signs_in_comes_to_where_the_sites_are(client: Client, team: Any, alice: Any) -> None:
    """Not to the personal team that everybody has and nobody need use; later to the last one."""
    personal = create_team(SYSTEM, owner_id=alice.pk, name="Alice’s team", personal=True)
    assert client.get("/").headers["Location"] == f"/teams/{personal.pk}/"  # nothing is watched
    watch(team)
    assert client.get("/").headers["Location"] == f"/teams/{team.pk}/"
    _page(client, personal)
    assert client.get("/").headers["Location"] == f"/teams/{personal.pk}/"


def test_it_shows_the_figures_of_the_team_and_of_no_other(
    client: Client, team: Any, mallory: Any
) -> None:
    roll_up(watch(team), ok=998, failing=2, lost=3)
    other = watch(create_team(SYSTEM, owner_id=mallory.pk, name="Other"), "theirs")
    roll_up(other, ok=0, failing=7000)
    open_issue(other)
    page = _page(client, team)
    assert "99.80 %" in page
    assert '<dd class="figure-value">1,000</dd>' in page
    assert "3 slots lost" in page
    assert "Nothing is wrong." in page


def test_it_groups_what_is_wrong_with_the_worst_first(client: Client, team: Any) -> None:
    site = watch(team, "Shop")
    open_issue(site, Fingerprint.SSL_EXPIRING, severity=Severity.WARNING, summary="9 days left.")
    down = open_issue(site, summary="It answers 503.")
    open_issue(
        site, Fingerprint.DNS_RECORDS_CHANGED, status=IssueStatus.RESOLVED, summary="It was over."
    )
    page = _page(client, team)
    assert page.index("It answers 503.") < page.index("9 days left.")
    assert "It was over." not in page
    assert f'href="/teams/{team.pk}/issues/{down.pk}"' in page
    assert "1 critical" in page


def test_it_draws_ninety_days_of_pinned_sites(client: Client, team: Any) -> None:
    pinned = watch(team, "Pinned one", pinned=True)
    roll_up(pinned, ok=90, failing=10)
    roll_up(pinned, days_ago=1, unknown=5)
    watch(team, "Another one")
    page = _page(client, team, "live")
    assert "Pinned sites" in page
    assert f'href="/teams/{team.pk}/sites/{pinned.pk}/"' in page
    assert "Another one" not in page
    assert "90.00 % up in the last 90 days; 1 day with downtime." in page
    assert page.count("<rect") == 91
    assert "not observed" in page


def test_it_teaches_to_pin_where_nothing_is_pinned(client: Client, team: Any) -> None:
    watch(team, "Only one")
    page = _page(client, team)
    assert "Newest sites" in page
    assert "Pin the sites that matter most" in page


def test_it_does_not_call_well_what_fails_unconfirmed(client: Client, team: Any) -> None:
    watch(team, "Fine")
    assert "Nothing is wrong." in _page(client, team)
    watch(team, "Shaky", outcome="failing")
    page = _page(client, team)
    assert "Nothing is wrong." not in page
    assert "nothing is wrong" not in page
    assert "A site below fails" in page


def test_it_says_since_when_nobody_watches(client: Client, team: Any) -> None:
    watch(team)
    assert "Not watching" not in _page(client, team)
    due = int(clock.timestamp()) - 7200
    Schedule.objects.filter(tool="status").update(next_slot=due)
    page = _page(client, team)
    assert "Not watching since" in page
    assert clock.from_timestamp(due).isoformat(timespec="seconds") in page
    heartbeats.beat("worker")
    assert "Behind since" in _page(client, team)


def test_it_warns_those_who_can_change_it_that_nobody_would_be_told(
    client: Client, team: Any, sign_in: SignIn, vera: Any
) -> None:
    watch(team)
    assert "Nobody would be told" in _page(client, team)
    assert "Nobody would be told" not in _page(sign_in(vera), team)


def test_it_teaches_where_there_are_no_sites(
    client: Client, team: Any, sign_in: SignIn, vera: Any
) -> None:
    assert "Add your first site" in _page(client, team)
    looked = _page(sign_in(vera), team)
    assert "No sites yet" in looked
    assert "Watch it" not in looked


def test_it_offers_viewers_nothing_to_change(team: Any, sign_in: SignIn, vera: Any) -> None:
    watch(team)
    page = _page(sign_in(vera), team)
    main = page[page.index('id="main"') :]
    assert "Add site" not in main
    assert "<form" not in main


def test_it_escapes_what_people_and_sites_say(client: Client, team: Any) -> None:
    open_issue(watch(team, NASTY, pinned=True), summary=NASTY * 90)
    page = _page(client, team)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7|add:7 }}" in page


def test_it_counts_the_day_in_which_it_is_in_utc(client: Client, team: Any) -> None:
    site = watch(team)
    roll_up(site, ok=10)
    with clock.frozen((clock.now() + timedelta(days=1)).timestamp()):
        assert '<dd class="figure-value">0</dd>' in _page(client, team, "live")
