"""Changing a site."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sites.monitoring.documents import ROOT
from tocsin.access.principal import Principal
from tocsin.audit.models import Entry
from tocsin.kit import clock
from tocsin.kit.errors import InvalidInput, NotFound
from tocsin.sites.actions import update_site
from tocsin.sites.errors import DuplicateSite
from tocsin.sites.models import Site
from tocsin.sites.monitoring import queries
from tocsin.sites.monitoring.actions import snooze

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000
SSL_OFF = {"tools": {"ssl": {"enabled": False}}}
RECORDS = {"A": ["192.0.2.1"]}


def errors_of(principal: Principal, site: Site, body: Any) -> set[str]:
    with pytest.raises(InvalidInput) as refused:
        update_site(principal, site, body)
    return set(refused.value.errors)


def test_it_changes_what_the_body_names_and_nothing_else(site: Any, adams: Principal) -> None:
    changed = update_site(adams, site, {"name": "Shop", "notes": "of ours", "js_rendered": True})
    site.refresh_from_db()
    assert (site.name, site.notes, site.js_rendered) == ("Shop", "of ours", True)
    assert (site.url, site.monitoring_overrides) == ("https://example.com", {})
    assert changed == site


def test_it_merges_a_patch_and_shows_what_then_holds(site: Any, adams: Principal) -> None:
    update_site(adams, site, {ROOT: SSL_OFF})
    patch = {"tools": {"ssl": {"enabled": None}, "status": {"cadence_minutes": 1}}}
    changed = update_site(adams, site, {ROOT: patch})
    view = queries.view_of_site(changed)
    assert view.overrides == {"tools": {"status": {"cadence_minutes": 1}}}
    assert view.settings["tools"]["status"]["cadence_minutes"] == 1
    assert view.enabled_checks == ["status", "ssl", "dns", "broken-links", "performance"]


def test_it_pins_once_and_unpins(site: Any, adams: Principal) -> None:
    with clock.frozen(NOW):
        update_site(adams, site, {"pinned": True})
    with clock.frozen(NOW + 60):
        update_site(adams, site, {"pinned": True})
    site.refresh_from_db()
    assert site.pinned_at == datetime.fromtimestamp(NOW, UTC)
    update_site(adams, site, {"pinned": False})
    site.refresh_from_db()
    assert site.pinned_at is None


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ([], "body"),
        ({"nmae": "x"}, "nmae"),
        ({"uuid": "x"}, "uuid"),
        ({"is_pinned": True}, "is_pinned"),
        ({"snoozed_until": None}, "snoozed_until"),
        ({"name": ""}, "name"),
        ({"name": None}, "name"),
        ({"name": 5}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"notes": "x" * 10_001}, "notes"),
        ({"notes": ["x"]}, "notes"),
        ({"pinned": 1}, "pinned"),
        ({"pinned": None}, "pinned"),
        ({"js_rendered": "true"}, "js_rendered"),
        ({"url": None}, "url"),
        ({"url": ""}, "url"),
        ({"url": "ftp://example.com"}, "url"),
        ({"url": "http://127.0.0.1"}, "url"),
        ({"url": "https://example.com:25"}, "url"),
        ({"dns_expected_records": {"A": ["x"]}}, "dns_expected_records.A.0"),
        ({ROOT: {"escalation": {}}}, f"{ROOT}.escalation"),
    ],
)
def test_it_refuses(site: Any, adams: Principal, body: Any, where: str) -> None:
    assert errors_of(adams, site, body) == {where}


def test_it_says_everything_that_is_wrong_and_changes_nothing(site: Any, adams: Principal) -> None:
    body = {"name": "", "pinned": True, "notes": 7, ROOT: {"tools": {"ssl": {"enabled": 1}}}}
    assert errors_of(adams, site, body) == {"name", "notes", f"{ROOT}.tools.ssl.enabled"}
    site.refresh_from_db()
    assert site.pinned_at is None


def test_it_drops_the_baseline_when_the_site_moves(
    site: Any, adams: Principal, heard: list[Any]
) -> None:
    page = {"tools": {"performance": {"settings": {"url": "https://example.com/shop"}}}}
    update_site(adams, site, {"dns_expected_records": RECORDS, ROOT: page})
    heard.clear()
    changed = update_site(adams, site, {"url": "HTTPS://Example.org/#top"})
    assert (changed.url, changed.domain) == ("https://example.org", "example.org")
    assert changed.dns_expected_records is None
    assert changed.monitoring_overrides == {}
    assert heard == [("changing", site), ("moved", site), ("changed", site)]


def test_it_keeps_the_baseline_under_another_spelling_of_the_address(
    site: Any, adams: Principal, heard: list[Any]
) -> None:
    update_site(adams, site, {"dns_expected_records": RECORDS})
    heard.clear()
    changed = update_site(adams, site, {"url": "https://EXAMPLE.com:443/"})
    assert changed.dns_expected_records == RECORDS
    assert heard == []


def test_it_takes_baseline_and_page_of_the_new_address(site: Any, adams: Principal) -> None:
    page = {"tools": {"performance": {"settings": {"url": "https://example.org/shop"}}}}
    body = {ROOT: page, "dns_expected_records": RECORDS, "url": "https://example.org"}
    changed = update_site(adams, site, body)
    assert changed.monitoring_overrides == page
    assert changed.dns_expected_records == RECORDS


@pytest.mark.parametrize("nothing", [None, {}])
def test_it_clears_the_baseline(site: Any, adams: Principal, nothing: Any) -> None:
    update_site(adams, site, {"dns_expected_records": RECORDS})
    assert update_site(adams, site, {"dns_expected_records": nothing}).dns_expected_records is None


def test_it_refuses_an_address_that_the_team_watches(
    team: Any, site: Any, adams: Principal
) -> None:
    Site.objects.create(team=team, name="b", url="https://example.org", domain="example.org")
    with pytest.raises(DuplicateSite) as refused:
        update_site(adams, site, {"url": "https://Example.org/", "name": "b"})
    assert set(refused.value.errors) == {"url"}
    site.refresh_from_db()
    assert site.name == "Example"


def test_it_raises_the_revision_only_for_what_is_watched_otherwise(
    site: Any, adams: Principal, heard: list[Any]
) -> None:
    start = site.settings_revision
    assert update_site(adams, site, {"name": "Shop", "pinned": True}).settings_revision == start
    assert update_site(adams, site, {ROOT: SSL_OFF}).settings_revision == start + 1
    assert update_site(adams, site, {ROOT: SSL_OFF}).settings_revision == start + 1
    assert heard == [("changing", site), ("changed", site)]


def test_it_records_who_changed_what(site: Any, adams: Principal) -> None:
    update_site(adams, site, {"name": "Shop"})
    update_site(adams, site, {"name": "Shop"})
    entry = Entry.objects.get(action="site.changed")
    assert (entry.before, entry.after) == ({"name": "Example"}, {"name": "Shop"})
    assert (entry.user_id, entry.team_id) == (adams.user_id, site.team_id)


def test_it_does_not_record_a_header_s_value(site: Any, adams: Principal) -> None:
    header = {"request_header": {"name": "X-Key", "value": "very secret"}}
    update_site(adams, site, {ROOT: header})
    assert "very secret" not in str(Entry.objects.get(action="site.changed").after)


def test_it_finds_no_site_that_was_deleted(site: Any, adams: Principal) -> None:
    Site.objects.filter(pk=site.pk).delete()
    with pytest.raises(NotFound):
        update_site(adams, site, {"name": "x"})


def test_it_snoozes_and_ends_a_snooze(site: Any, adams: Principal) -> None:
    until = datetime.fromtimestamp(NOW + 3600, UTC)
    with clock.frozen(NOW):
        update_site(adams, site, {ROOT: {"snoozed_until": until.isoformat()}})
        site.refresh_from_db()
        assert site.snoozed_until == until
        view = queries.view_of_site(site)
        assert view.settings["snoozed_until"] == until.isoformat()
        assert view.issue_settings["snoozed_until"] == until.isoformat()
        assert snooze(adams, site, None).snoozed_until is None
        with pytest.raises(InvalidInput):
            snooze(adams, site, datetime.fromtimestamp(NOW, UTC))
    actions = Entry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["site.changed", "site.snooze_ended"]


def test_it_shows_sites_without_a_query_each(
    team: Any, site: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        for each in Site.objects.select_related("team__monitoring"):
            queries.view_of_site(each)
