"""POST /teams/{team}/sites, its bulk, PATCH and DELETE /sites/{site}."""

import json
from typing import Any

import pytest

from tests.api.conftest import ClientFor
from tests.api.golden import SITE, differences
from tocsin.audit.models import Entry
from tocsin.checks.models import Schedule
from tocsin.sites.models import Site

JSON = "application/json"


def create(client: Any, team: Any, body: Any, path: str = "sites") -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(f"/api/v1/teams/{team.pk}/{path}", text, content_type=JSON)


def patch(client: Any, site: Any, body: Any) -> Any:
    return client.patch(f"/api/v1/sites/{site.pk}", json.dumps(body), content_type=JSON)


def test_it_creates_a_site(client_for: ClientFor, team: Any, bob: Any) -> None:
    """201, named by its domain, with a first check due at once and an entry in the record."""
    response = create(client_for(bob), team, {"url": "HTTPS://Example.com:443/#top"})
    assert response.status_code == 201
    data = response.json()["data"]
    assert differences(data, SITE) == []
    assert (data["url"], data["name"]) == ("https://example.com", "example.com")
    assert set(data["latest_checks"].values()) == {None}
    assert Schedule.objects.filter(site_id=data["uuid"], next_slot__isnull=False).exists()
    assert Entry.objects.filter(action="site.created").count() == 1


def test_it_creates_a_site_with_everything(client_for: ClientFor, team: Any, bob: Any) -> None:
    """Overrides and expected records as PATCH takes them."""
    body = {
        "url": "https://example.com/shop",
        "name": "Shop",
        "notes": "The shop.",
        "js_rendered": True,
        "monitoring_settings": {"tools": {"ssl": {"settings": {"expiry_days": 30}}}},
        "dns_expected_records": {"A": ["192.0.2.1"]},
    }
    data = create(client_for(bob), team, body).json()["data"]
    assert (data["name"], data["notes"], data["js_rendered"]) == ("Shop", "The shop.", True)
    assert data["monitoring_overrides"] == body["monitoring_settings"]
    assert data["issue_settings"]["ssl"]["expiry_days"] == 30
    assert data["issue_settings"]["dns"]["expected_records"] == {"A": ["192.0.2.1"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": None}, "url"),
        ({"url": 5}, "url"),
        ({"url": "ftp://example.com"}, "url"),
        ({"url": "https://user@example.com"}, "url"),
        ({"url": "http://127.0.0.1"}, "url"),
        ({"url": "https://example.com/" + "x" * 2048}, "url"),
        ({"url": "https://example.com", "name": "x" * 256}, "name"),
        ({"url": "https://example.com", "name": "a\x00b"}, "name"),
        ({"url": "https://example.com", "notes": "x" * 10_001}, "notes"),
        ({"url": "https://example.com", "notes": "\x00"}, "notes"),
        ({"url": "https://example.com", "js_rendered": "true"}, "js_rendered"),
        ({"url": "https://example.com", "pinned": True}, "pinned"),
        ({"url": "https://example.com", "monitoring_settings": []}, "monitoring_settings"),
        (
            {
                "url": "https://example.com",
                "monitoring_settings": {"tools": {"status": {"cadence_minutes": 10**40}}},
            },
            "monitoring_settings.tools.status.cadence_minutes",
        ),
        (
            {"url": "https://example.com", "dns_expected_records": {"A": ["x"]}},
            "dns_expected_records.A.0",
        ),
    ],
)
def test_it_names_what_cannot_be_used(
    body: Any, field: str, client_for: ClientFor, team: Any, bob: Any
) -> None:
    """422 on the field, and nothing is created."""
    response = create(client_for(bob), team, body)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [field]
    assert not Site.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        b'{"url": "https://example.com/\xff"}',
        '{"url": "https://example.com", "notes": NaN}',
        '{"url": "https://a.example.com", "url": "https://b.example.com"}',
        '{"url": "https://example.com", "monitoring_settings": {"tools": {}, "tools": {}}}',
        '{"url": "https://example.com", "notes": "\\ud800"}',
        '{"url": "https://example.com", "monitoring_settings": {"x": 1e999}}',
        '{"url": ' + "[" * 10_000 + "]" * 10_000 + "}",
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        b"\xff\xfe{\x00}\x00",
    ],
    ids=range(9),
)
def test_it_takes_no_json_that_leaves_anything_to_guess(
    text: Any, client_for: ClientFor, team: Any, bob: Any
) -> None:
    """400: other encodings, no numbers, names twice, halves of characters, far too deep."""
    response = create(client_for(bob), team, text)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("field", ["monitoring_settings", "dns_expected_records"])
@pytest.mark.parametrize("pair", ["[]", '{"tools":}'])
def test_it_takes_deep_objects_calmly(
    field: str, pair: str, client_for: ClientFor, team: Any, bob: Any
) -> None:
    """As deep as JSON is read: refused, never broken by."""
    start, end = pair[:-1], pair[-1]
    for depth in (10, 100, 300, 500, 900):
        nested = start * depth + '{"tools":1}' + end * depth
        text = f'{{"url": "https://example.com", "{field}": {nested}}}'
        assert create(client_for(bob), team, text).status_code in {400, 422}


def test_it_watches_an_address_once_a_team(client_for: ClientFor, team: Any, bob: Any) -> None:
    """422 on `url` for another spelling of the same."""
    client = client_for(bob)
    assert create(client, team, {"url": "https://example.com"}).status_code == 201
    again = create(client, team, {"url": "https://EXAMPLE.com/"})
    assert again.status_code == 422
    assert list(again.json()["errors"]) == ["url"]


def test_it_keeps_to_the_plan(client_for: ClientFor, team: Any, bob: Any) -> None:
    """422 `limit_reached`."""
    type(team).objects.filter(pk=team.pk).update(plan="starter")
    client = client_for(bob)
    body = {"sites": [{"url": f"https://s{number}.example.com"} for number in range(7)]}
    data = create(client, team, body, "sites/bulk").json()["data"]
    assert (len(data["created"]), len(data["failed"])) == (5, 2)
    refused = create(client, team, {"url": "https://other.example.com"})
    assert (refused.status_code, refused.json()["code"]) == (422, "limit_reached")


def test_it_creates_many(client_for: ClientFor, team: Any, bob: Any, site: Any) -> None:
    """One bad item never fails the others; addresses are told as they were sent."""
    body = {
        "sites": [
            {"url": "https://one.example.com", "name": "One"},
            {"url": "https://example.com/"},
            {"url": "https://One.example.com"},
            {"url": "gopher://x"},
            {"url": "http://10.0.0.1"},
            {"url": "https://two.example.com"},
        ]
    }
    response = create(client_for(bob), team, body, "sites/bulk")
    assert response.status_code == 200
    data = response.json()["data"]
    assert [differences(each, SITE) for each in data["created"]] == [[], []]
    assert [each["name"] for each in data["created"]] == ["One", "two.example.com"]
    assert data["skipped"] == [
        {"url": "https://example.com/", "reason": "duplicate"},
        {"url": "https://One.example.com", "reason": "duplicate"},
    ]
    assert [each["url"] for each in data["failed"]] == ["gopher://x", "http://10.0.0.1"]
    assert all(each["error"] for each in data["failed"])


@pytest.mark.parametrize("count", [0, 101])
def test_it_creates_1_to_100_at_once(
    count: int, client_for: ClientFor, team: Any, bob: Any
) -> None:
    """422 on `sites`."""
    body = {"sites": [{"url": f"https://s{number}.example.com"} for number in range(count)]}
    response = create(client_for(bob), team, body, "sites/bulk")
    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["sites"]


def test_it_changes_a_site(client_for: ClientFor, bob: Any, site: Any) -> None:
    """What is sent changes and the rest stays; null inherits again."""
    client = client_for(bob)
    overrides = {"tools": {"status": {"cadence_minutes": 10}}, "snoozed_until": None}
    response = patch(
        client,
        site,
        {"name": "New", "pinned": True, "notes": "n", "monitoring_settings": overrides},
    )
    assert response.status_code == 200
    data = response.json()["data"]
    assert differences(data, SITE) == []
    assert (data["name"], data["notes"], data["is_pinned"]) == ("New", "n", True)
    assert data["monitoring_overrides"] == {"tools": {"status": {"cadence_minutes": 10}}}
    again = patch(client, site, {"monitoring_settings": None, "pinned": False}).json()["data"]
    assert (again["monitoring_overrides"], again["is_pinned"], again["name"]) == ({}, False, "New")
    assert patch(client, site, {}).json()["data"] == again


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": None}, "url"),
        ({"name": None}, "name"),
        ({"name": " "}, "name"),
        ({"pinned": "yes"}, "pinned"),
        ({"js_rendered": None}, "js_rendered"),
        ({"is_pinned": True}, "is_pinned"),
        ({"monitoring_settings": {"quiet_time": {}}}, "monitoring_settings.quiet_time"),
        ({"dns_expected_records": {"SRV": []}}, "dns_expected_records.SRV"),
    ],
)
def test_it_names_what_cannot_be_changed_so(
    body: Any, field: str, client_for: ClientFor, bob: Any, site: Any
) -> None:
    """422 on the field, and nothing changes."""
    response = patch(client_for(bob), site, {**body, "notes": "changed"})
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [field]
    assert Site.objects.get().notes == ""


def test_it_deletes_a_site(client_for: ClientFor, adam: Any, site: Any) -> None:
    """204 without a body; then it is not there."""
    client = client_for(adam)
    response = client.delete(f"/api/v1/sites/{site.pk}")
    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Type" not in response.headers
    assert client.get(f"/api/v1/sites/{site.pk}").status_code == 404
    assert client.delete(f"/api/v1/sites/{site.pk}").status_code == 404
    assert Entry.objects.filter(action="site.deleted").count() == 1


def test_it_knows_no_trailing_slash(client_for: ClientFor, team: Any, bob: Any, site: Any) -> None:
    """404, as for malformed identifiers."""
    client = client_for(bob)
    paths = [f"teams/{team.pk}/sites/", f"sites/{site.pk}/", "sites/nope", f"sites/{site.pk}x"]
    assert {client.get(f"/api/v1/{path}").status_code for path in paths} == {404}


def test_it_takes_two_empty_words_for_no_request_header(
    client_for: ClientFor, team: Any, adam: Any, site: Any
) -> None:
    """As null does, for the site and for its team; half of a header is refused."""
    client, nothing = client_for(adam), {"request_header": {"name": "", "value": ""}}
    header = {"request_header": {"name": "X-Probe", "value": "tocsin"}}
    of_team = f"/api/v1/teams/{team.pk}/monitoring"
    for path in (f"/api/v1/sites/{site.pk}", of_team):
        for settings, shown in ((header, header["request_header"]), (nothing, None)):
            body = json.dumps({"monitoring_settings": settings})
            response = client.patch(path, body, content_type=JSON)
            assert response.status_code == 200
            data = response.json()["data"]
            resolved = data["settings"] if path == of_team else data["monitoring"]["settings"]
            assert resolved["request_header"] == shown
        half = {"monitoring_settings": {"request_header": {"name": "", "value": "tocsin"}}}
        refused = client.patch(path, json.dumps(half), content_type=JSON)
        assert list(refused.json()["errors"]) == ["monitoring_settings.request_header.name"]
    site.refresh_from_db()
    assert site.monitoring_overrides == {}
