"""The history of a site, and one check."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.results import check_of
from tests.web.watching import NASTY, watch
from tocsin.checks.models import Check
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice)


@pytest.fixture
def shop(team: Any) -> Site:
    return watch(team)


def _path(site: Site, path: str = "") -> str:
    return f"/teams/{site.team_id}/sites/{site.pk}/checks{path}"


def _listed(client: Client, site: Site, **query: str) -> set[str]:
    page = client.get(_path(site), query).content.decode()
    return {str(check.pk) for check in Check.objects.all() if f"check-{check.pk}" in page}


def test_it_filters(client: Client, shop: Site) -> None:
    now = clock.now()
    status = check_of(shop, Tool.STATUS, at=now - timedelta(days=3))
    retry = check_of(shop, Tool.STATUS, run_reason="confirmation_retry", outcome="failing")
    dns = check_of(shop, Tool.DNS, automatic=False, run_reason="", scheduled_for=None)
    failed = check_of(shop, Tool.SSL, status="failed", outcome="failing", result=None)
    every = {str(check.pk) for check in (status, retry, dns, failed)}
    assert _listed(client, shop) == every
    assert _listed(client, shop, type="status") == {str(status.pk), str(retry.pk)}
    assert _listed(client, shop, status="failed") == {str(failed.pk)}
    assert _listed(client, shop, reason="manual") == {str(dns.pk)}
    assert _listed(client, shop, reason="confirmation_retry") == {str(retry.pk)}
    today = now.date().isoformat()
    assert _listed(client, shop, **{"from": today}) == every - {str(status.pk)}
    assert _listed(client, shop, type="x", status="y", reason="z") == every


def test_it_explains_dates_that_are_none(client: Client, shop: Site) -> None:
    page = client.get(_path(shop), {"from": "2030-01-02", "to": "2030-01-01"}).content.decode()
    assert "It must not lie before" in page


def test_it_keeps_the_filters_from_page_to_page(client: Client, shop: Site) -> None:
    for minutes in range(26):
        check_of(shop, Tool.STATUS, at=clock.now() - timedelta(minutes=minutes))
    page = client.get(_path(shop), {"type": "status"}).content.decode()
    assert "?type=status&amp;page=2" in page
    assert client.get(_path(shop), {"page": "x"}).status_code == 404


def test_it_teaches_where_nothing_has_run(client: Client, shop: Site) -> None:
    assert "No check has run yet" in client.get(_path(shop)).content.decode()
    assert "No check fits" in client.get(_path(shop), {"type": "dns"}).content.decode()


def test_it_shows_a_check_with_its_numbers(client: Client, shop: Site) -> None:
    check = check_of(shop, Tool.STATUS, vantage="eu-1")
    page = client.get(_path(shop, f"/{check.pk}")).content.decode()
    for words in ("200 OK", "143 ms", "eu-1", str(check.pk), "completed · ok", "&quot;ttfb&quot;"):
        assert words in page, words
    assert "Delete this check" not in page


def test_it_shows_a_pending_check_until_it_has_ended(client: Client, shop: Site) -> None:
    check = check_of(
        shop, Tool.STATUS, status="pending", outcome="", result=None, automatic=False,
        completed_at=None,
    )  # fmt: skip
    assert 'hx-trigger="every 2s"' in client.get(_path(shop, f"/{check.pk}")).content.decode()


def test_it_deletes_checks_run_by_hand_only(
    client: Client, shop: Site, sign_in: SignIn, bob: Any
) -> None:
    manual = check_of(shop, Tool.DNS, automatic=False, run_reason="", scheduled_for=None)
    slot = check_of(shop, Tool.DNS)
    assert "Delete this check" in client.get(_path(shop, f"/{manual.pk}")).content.decode()
    assert sign_in(bob).post(_path(shop, f"/{manual.pk}/delete")).status_code == 403
    client.post(_path(shop, f"/{slot.pk}/delete"))
    client.post(_path(shop, f"/{manual.pk}/delete"))
    assert client.post(_path(shop, f"/{manual.pk}/delete")).status_code == 404
    assert list(Check.objects.all()) == [slot]


def test_it_finds_no_check_of_another_site(client: Client, shop: Site, team: Any) -> None:
    foreign = check_of(watch(team, "Other"), Tool.DNS)
    for check in (foreign.pk, uuid4()):
        assert client.get(_path(shop, f"/{check}")).status_code == 404
        assert client.post(_path(shop, f"/{check}/delete")).status_code == 404


def test_it_escapes_what_sites_say(client: Client, shop: Site) -> None:
    error = {"code": "http_error", "message": NASTY}
    check = check_of(shop, Tool.DNS, result={"records": {"TXT": [NASTY]}}, error=error)
    for path in ("", f"/{check.pk}"):
        page = client.get(_path(shop, path)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
