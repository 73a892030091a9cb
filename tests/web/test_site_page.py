"""A site's first page, and the parts of it that renew themselves."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.web.conftest import SignIn
from tests.web.results import RESULTS, check_of
from tests.web.watching import NASTY, open_issue, roll_up, watch
from tocsin.checks.models import LinkFinding, ManualRun, Schedule
from tocsin.issues.vocabulary import Fingerprint, IssueStatus, Severity
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice)


@pytest.fixture
def shop(team: Any) -> Site:
    return watch(team)


def _page(client: Client, site: Site, path: str = "") -> str:
    answer = client.get(f"/teams/{site.team_id}/sites/{site.pk}/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_up_and_since_when(client: Client, shop: Site) -> None:
    roll_up(shop, ok=99, failing=1, response_time_count=10, response_time_sum=1430)
    page = _page(client, shop)
    assert '<h2 class="pulse-state" id="pulse-title">Up</h2>' in page
    assert "no incident since it was added" in page
    assert "99.00 %" in page
    assert "143 ms" in page
    assert "every 5\xa0minutes" in page


def test_it_says_down_since_the_issue_opened_and_leads_to_it(client: Client, shop: Site) -> None:
    Schedule.objects.filter(site=shop, tool="status").update(latest_outcome="failing")
    assert "not confirmed yet" in _page(client, shop, "pulse")
    issue = open_issue(shop, summary="It answers 503.")
    page = _page(client, shop, "pulse")
    assert "since it went down" in page
    assert issue.opened_at.isoformat(timespec="seconds") in page
    assert f'href="/teams/{shop.team_id}/issues/{issue.pk}"' in page


def test_it_says_up_since_the_last_incident_ended(client: Client, shop: Site) -> None:
    issue = open_issue(shop, status=IssueStatus.RESOLVED)
    issue.resolved_at = clock.now() - timedelta(hours=5)
    issue.save()
    page = _page(client, shop, "pulse")
    assert "since its last incident ended" in page
    assert "5\xa0hours ago" in page


def test_it_renders_the_latest_result_of_each_tool(client: Client, shop: Site) -> None:
    shop.dns_expected_records = {"A": ["203.0.113.7", "203.0.113.9"]}
    shop.save()
    for tool in Tool:
        check_of(shop, tool)
    page = _page(client, shop, "panels")
    for words in (
        "200 OK", "TLS handshake", "301", "203.0.113.7 · HTTP/2",  # status
        "61 days left", "Valid from 1 January 2030 to 1 April 2030.", "www.shop.example",
        "not expected", "missing", "Resolvers that say otherwise", "servfail",  # dns
        "2 dead links", "Not found", "Host does not exist", "listed, not counted", "newer",
        "Performance score 78 of 100", "Largest paint: 40 of 100", "Score at least 50",
        "2.8 s", "Serve smaller images", "median of 78, 80",
    ):  # fmt: skip
        assert words in page, words
    assert page.count("203.0.113.9") == 1


def test_it_says_since_when_links_are_dead(client: Client, shop: Site) -> None:
    check = check_of(shop, Tool.BROKEN_LINKS)
    now = clock.now()
    LinkFinding.objects.create(
        site=shop, key="a", url="https://shop.example/a", source="https://shop.example/",
        cause="not_found", status=404, confirmed=True, is_current=True,
        first_seen=now - timedelta(days=3), last_seen=now - timedelta(hours=2),
    )  # fmt: skip
    for path in ("", "panels", f"checks/{check.pk}"):
        page = _page(client, shop, path)
        assert "first seen" in page
        assert "3\xa0days ago" in page
        assert "2\xa0hours ago" in page


@pytest.mark.parametrize("tool", list(Tool))
@pytest.mark.parametrize("result", [{}, {"crawl": 1, "urls": "x", "chain": [1], "timings": []}])
def test_it_takes_results_of_any_shape(
    client: Client, shop: Site, tool: Tool, result: dict[str, Any]
) -> None:
    check = check_of(shop, tool, result=result)
    _page(client, shop, "panels")
    _page(client, shop, f"checks/{check.pk}")


def test_a_check_that_runs_does_not_hide_the_answer_before_it(client: Client, shop: Site) -> None:
    check_of(shop, Tool.SSL)
    run = check_of(
        shop, Tool.SSL, status="pending", outcome="", result=None, completed_at=None,
        automatic=False, at=clock.now() + timedelta(seconds=1),
    )  # fmt: skip
    ManualRun.objects.create(
        team_id=shop.team_id, site_uuid=shop.pk, tool="ssl", check_uuid=run.pk, is_priority=False,
        asked_at=run.created_at, deadline=run.created_at + timedelta(minutes=1),
    )  # fmt: skip
    assert "61 days left" in _page(client, shop, "panels")
    assert str(run.pk) in _page(client, shop, "runs")


def test_it_does_not_send_panels_again_that_the_page_has(client: Client, shop: Site) -> None:
    check_of(shop, Tool.SSL)
    page = _page(client, shop, "panels")
    seen = page.split('name="seen" value="')[1].split('"')[0]
    path = f"/teams/{shop.team_id}/sites/{shop.pk}/panels"
    assert client.get(path, {"seen": seen}).status_code == 204
    check_of(shop, Tool.DNS, at=clock.now() + timedelta(seconds=1))
    assert client.get(path, {"seen": seen}).status_code == 200


def test_it_says_why_there_is_no_result(client: Client, shop: Site) -> None:
    check_of(
        shop,
        Tool.SSL,
        status="skipped",
        outcome="",
        result=None,
        error={"code": "no_tls", "message": "A plain-http site has no certificate."},
    )
    page = _page(client, shop, "panels")
    assert "A plain-http site has no certificate." in page
    assert "Skipped" in page
    assert "The first result is on its way." in page


def test_it_draws_response_times_and_moves_through_them(client: Client, shop: Site) -> None:
    now = clock.now()
    for minutes in range(10, 100, 5):
        check_of(shop, Tool.STATUS, at=now - timedelta(minutes=minutes))
    check_of(shop, Tool.STATUS, at=now - timedelta(minutes=30), outcome="failing")
    page = _page(client, shop, "response-times")
    assert "Response times: 143 ms on average, the slowest 143 ms." in page
    assert 'class="phase-tls"' in page
    assert "1 failing" in page
    assert 'class="band-failing"' in page
    start, end = int(now.timestamp()) - 86_400 * 3, int(now.timestamp()) - 86_400 * 2
    assert "Nothing was checked in this stretch." in _page(
        client, shop, f"response-times?from={start}&to={end}"
    )


def test_it_leads_from_a_stretch_that_was_drawn_back_to_its_range(
    client: Client, shop: Site
) -> None:
    now = int(clock.now().timestamp())

    def links(query: str) -> dict[str, str]:
        page = LexborHTMLParser(_page(client, shop, f"response-times?{query}"))
        found = page.css(".chart-tools a")
        return {link.attributes.get("aria-label") or link.text().strip():
                (link.attributes["hx-get"] or "").partition("?")[2] for link in found}  # fmt: skip

    assert "Reset zoom" not in links("range=7d")
    drawn = links(f"from={now - 7200}&to={now - 3600}&range=7d")
    assert drawn["Reset zoom"] == "range=7d"
    assert drawn["Zoom in"] == f"from={now - 6300}&to={now - 4500}&range=7d"
    assert drawn["Zoom out"] == f"from={now - 9000}&to={now - 1800}&range=7d"
    assert drawn["Earlier"] == f"from={now - 9000}&to={now - 5400}&range=7d"
    shortest, longest = f"from={now - 700}&to={now - 100}", f"from=9&to={now - 100}"
    assert "Zoom in" not in links(shortest)
    assert "Zoom out" not in links(longest)
    assert links(f"{shortest}&range=x")["Reset zoom"] == "range=24h"


@pytest.mark.parametrize(
    "query", ["range=x", "from=9&to=1", "from=a&to=b", "from=1&to=99999999999", "range=30d", "to=1"]
)
def test_it_draws_something_whatever_is_asked(client: Client, shop: Site, query: str) -> None:
    roll_up(shop, ok=5, response_time_count=5, response_time_sum=500)
    assert "Response time" in _page(client, shop, f"response-times?{query}")


def test_it_shows_long_stretches_by_the_day(client: Client, shop: Site) -> None:
    roll_up(shop, days_ago=3, ok=5, response_time_count=5, response_time_sum=500)
    page = _page(client, shop, "response-times?range=30d")
    assert "100 ms" in page
    assert "phase-tls" not in page


def test_it_escapes_what_people_and_sites_say(client: Client, team: Any) -> None:
    site = watch(team, NASTY, summary=NASTY)
    site.notes = NASTY * 150
    site.save()
    open_issue(site, Fingerprint.SSL_EXPIRING, severity=Severity.WARNING, summary=NASTY)
    for tool, result in RESULTS.items():
        check_of(site, tool, result=_poisoned(result))
    page = _page(client, site)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7|add:7 }}" in page


def _poisoned(value: Any) -> Any:
    """Put the nasty text in place of every text of a result but those that decide its form."""
    if isinstance(value, dict):
        return {key: _poisoned(each) if key != "cause" else each for key, each in value.items()}
    if isinstance(value, list):
        return [_poisoned(each) for each in value]
    return NASTY if isinstance(value, str) else value


def test_it_offers_viewers_nothing_to_change(sign_in: SignIn, vera: Any, shop: Site) -> None:
    page = _page(sign_in(vera), shop)
    main = page[page.index('id="main"') :]
    assert "Run check" not in main
    assert "<form" not in main


@pytest.mark.parametrize(
    "path", ["", "pulse", "panels", "response-times", "slots", "checks", "settings", "runs"]
)
def test_it_finds_no_site_of_another_team_or_none(
    sign_in: SignIn, mallory: Any, shop: Site, client: Client, path: str
) -> None:
    from tocsin.access.principal import SYSTEM
    from tocsin.teams.actions import create_team

    other = create_team(SYSTEM, owner_id=mallory.pk, name="Other")
    for who, team_id, site in (
        (sign_in(mallory), other.pk, shop.pk),
        (sign_in(mallory), shop.team_id, shop.pk),
        (client, shop.team_id, uuid4()),
    ):
        assert who.get(f"/teams/{team_id}/sites/{site}/{path}").status_code == 404


def test_it_pins_and_unpins(client: Client, shop: Site) -> None:
    path = f"/teams/{shop.team_id}/sites/{shop.pk}/pin"
    for wanted in ("yes", "yes", "no", "no"):
        client.post(path, {"pinned": wanted})
        shop.refresh_from_db()
        assert (shop.pinned_at is not None) == (wanted == "yes")


def test_it_says_where_it_is_snoozed_and_ends_it(client: Client, shop: Site) -> None:
    path = f"/teams/{shop.team_id}/sites/{shop.pk}/snooze"
    assert "Snoozed until" in client.post(path, {"for": "4h"}, follow=True).content.decode()
    shop.refresh_from_db()
    assert shop.snoozed_until is not None
    assert "Choose for how long." in client.post(path, {"for": "x"}, follow=True).content.decode()
    assert "no longer snoozed" in client.post(path, {"for": ""}, follow=True).content.decode()
    shop.refresh_from_db()
    assert shop.snoozed_until is None
