"""A site's settings: inherited, set here, reset; and the end of a site."""

from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.results import check_of
from tests.web.watching import NASTY, watch
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site, TeamMonitoring
from tocsin.web.site_settings.catalogue import SETTINGS
from tocsin.web.site_settings.showing import at

FAILURES = "tools.status.settings.failures_to_open"
CODES = "tools.status.settings.incident_status_codes"


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice)


@pytest.fixture
def shop(team: Any) -> Site:
    return watch(team)


def _path(site: Site, path: str = "") -> str:
    return f"/teams/{site.team_id}/sites/{site.pk}/settings{path}"


def _save(client: Client, site: Site, **fields: Any) -> Any:
    site.refresh_from_db()
    form = {
        "revision": str(site.settings_revision),
        "name": site.name,
        "url": site.url,
        "notes": site.notes,
    }
    return client.post(_path(site, "/save"), form | fields)


def test_it_knows_every_setting_that_a_site_may_override(client: Client, shop: Site) -> None:
    from tocsin.sites.monitoring.schema import DEFAULTS_AS_DATA

    def leaves(value: Any, path: str = "") -> set[str]:
        if not isinstance(value, dict):
            return {path}
        return {each for key, below in value.items() for each in leaves(below, f"{path}.{key}")}

    assert {path[1:] for path in leaves({"tools": DEFAULTS_AS_DATA["tools"]})} == set(SETTINGS)


def test_it_shows_what_is_inherited_and_what_is_set_here(client: Client, shop: Site) -> None:
    TeamMonitoring.objects.create(team=shop.team, settings={"tools": {"ssl": {"enabled": False}}})
    shop.monitoring_overrides = {"tools": {"status": {"settings": {"failures_to_open": 4}}}}
    shop.save()
    page = client.get(_path(shop)).content.decode()
    assert "As the team: off" in page
    assert f'name="{FAILURES}" inputmode="decimal" value="4" placeholder="2 in a row"' in page
    assert page.count("Reset to team default") == 1
    assert "1 set here" in page


def test_it_overrides_and_inherits_again(client: Client, shop: Site) -> None:
    fields = {
        FAILURES: "5",
        "tools.dns.enabled": "no",
        "tools.ssl.cadence_minutes": "720",
        f"{CODES}.own": "yes",
        CODES: ["500", "404"],
        "tools.broken-links.settings.ignore_paths.own": "yes",
        "tools.broken-links.settings.ignore_paths": "/a/*\r\n\r\n/b",
        "tools.performance.settings.max_load_time_seconds": "2.5",
        "request_header.name": "X-Gate",
        "request_header.value": "open",
        "js_rendered": "yes",
    }
    assert _save(client, shop, **fields).status_code == 302
    shop.refresh_from_db()
    own = shop.monitoring_overrides
    assert at(own, FAILURES) == 5
    assert at(own, "tools.dns") == {"enabled": False}
    assert at(own, CODES) == [404, 500]
    assert at(own, "tools.broken-links.settings.ignore_paths") == ["/a/*", "/b"]
    assert at(own, "tools.performance.settings") == {"max_load_time_seconds": 2.5}
    assert own["request_header"] == {"name": "X-Gate", "value": "open"}
    assert shop.js_rendered

    client.post(_path(shop, "/reset"), {"reset": FAILURES})
    shop.refresh_from_db()
    assert at(shop.monitoring_overrides, FAILURES) is None
    assert at(shop.monitoring_overrides, CODES) == [404, 500]

    assert _save(client, shop).status_code == 302
    shop.refresh_from_db()
    assert shop.monitoring_overrides == {}
    assert not shop.js_rendered


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        (FAILURES, "99", "It must be at most 20."),
        (FAILURES, "many", "It must be a whole number."),
        ("tools.broken-links.cadence_minutes", "5", "720"),
        ("tools.performance.settings.url", "https://elsewhere.example", "It must be a page on"),
        ("request_header.name", "X-Gate", "It must not be empty."),
        ("records.A", "not an address", "IPv4 address"),
        ("name", " ", "1 to 255 characters"),
        ("url", "ftp://example.com", "http"),
        ("notes", "a\x00b", "null character"),
        ("name", "x" * 10_000, "1 to 255 characters"),
    ],
)
def test_it_says_beside_the_field_what_is_wrong_and_keeps_what_was_typed(
    client: Client, shop: Site, field: str, value: str, words: str
) -> None:
    answer = _save(client, shop, **{field: value, "tools.ssl.settings.expiry_days": "33"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert 'class="errorlist"' in page
    assert 'value="33"' in page
    shop.refresh_from_db()
    assert shop.monitoring_overrides == {}


def test_it_does_not_save_over_what_somebody_else_saved(client: Client, shop: Site) -> None:
    stale = str(shop.settings_revision)
    assert _save(client, shop, **{FAILURES: "5"}).status_code == 302
    answer = _save(client, shop, revision=stale, **{FAILURES: "9"})
    assert answer.status_code == 409
    assert "Somebody changed these settings" in answer.content.decode()
    shop.refresh_from_db()
    assert at(shop.monitoring_overrides, FAILURES) == 5


def test_it_takes_hostile_text_as_text(client: Client, shop: Site) -> None:
    _save(client, shop, name=NASTY, notes=NASTY)
    shop.refresh_from_db()
    assert shop.name == NASTY
    page = client.get(_path(shop)).content.decode()
    assert "<script>alert" not in page
    assert "{{ 7|add:7 }}" in page


def test_it_expects_what_was_seen_last(client: Client, shop: Site) -> None:
    page = client.post(_path(shop, "/records"), follow=True).content.decode()
    assert "No records have been seen yet" in page
    check_of(shop, Tool.DNS)
    client.post(_path(shop, "/records"))
    shop.refresh_from_db()
    assert shop.dns_expected_records == {"A": ["203.0.113.7", "203.0.113.8"]}
    _save(client, shop, **{"records.A": "203.0.113.7", "records.MX": "5 Mail.Example.com."})
    shop.refresh_from_db()
    assert shop.dns_expected_records == {"A": ["203.0.113.7"], "MX": ["5 mail.example.com"]}


def test_it_resets_nothing_that_is_no_setting(client: Client, shop: Site) -> None:
    for path in ("", "tools", "quiet_time.enabled", "x" * 10_000):
        assert client.post(_path(shop, "/reset"), {"reset": path}).status_code == 404


def test_it_lets_viewers_look_and_change_nothing(sign_in: SignIn, vera: Any, shop: Site) -> None:
    viewer = sign_in(vera)
    page = viewer.get(_path(shop)).content.decode()
    assert "Your role lets you look" in page
    assert '<fieldset class="stack" disabled>' in page
    form = page.split('id="settings-form"')[1].split("</form>")[0]
    assert "<button" not in form
    assert "Snooze" not in page
    assert _save(viewer, shop).status_code == 403


def test_it_deletes_a_site_whose_name_is_typed(client: Client, shop: Site) -> None:
    path = f"/teams/{shop.team_id}/sites/{shop.pk}/delete"
    assert "Everything recorded about it" in client.get(path).content.decode()
    refused = client.post(path, {"name": "shop"})
    assert refused.status_code == 422
    assert "This is not the name of the site." in refused.content.decode()
    assert client.post(path, {"name": "Shop"}).status_code == 302
    assert not Site.objects.exists()
    assert client.post(path, {"name": "Shop"}).status_code == 404


def test_it_deletes_a_site_with_a_hostile_name(client: Client, team: Any) -> None:
    site = watch(team, NASTY)
    client.post(f"/teams/{team.pk}/sites/{site.pk}/delete", {"name": NASTY})
    assert not Site.objects.exists()


def test_it_does_not_offer_members_to_delete(sign_in: SignIn, bob: Any, shop: Site) -> None:
    member = sign_in(bob)
    assert "Delete this site" not in member.get(_path(shop)).content.decode()
    path = f"/teams/{shop.team_id}/sites/{shop.pk}/delete"
    assert member.post(path, {"name": "Shop"}).status_code == 403
