"""What nobody should send, sent to every route that could take it: the exact answer of each."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import ClientFor, make_issue
from tests.api.routes import PREFIX, Route, all_routes
from tests.api.test_gates import NOBODY, QUERIES
from tocsin.api import limits
from tocsin.api.bodies import MOST_BODY_BYTES
from tocsin.audit.models import Entry
from tocsin.sites.models import Site

ROUTES = all_routes()
WITH_BODY = [route for route in ROUTES if route.guard and route.guard.takes_body]
JSON = "application/json"
TEN_MEGABYTES = 10 * 1024 * 1024
NOT_JSON = {"message": "The body is not JSON.", "code": "invalid_json"}
TOO_LARGE = {"message": "The body is too large.", "code": "payload_too_large"}
OTHER_TYPE = {"message": "Send the body as application/json.", "code": "unsupported_media_type"}
NOT_FOUND = b'{"message":"Not found.","code":"not_found"}'
HUGE = "1" + "0" * 400


@pytest.fixture
def owner(client_for: ClientFor, alice: Any) -> Client:
    """A client that may do all that a token allows."""
    return client_for(alice)


@pytest.fixture
def targets(named: dict[str, object]) -> Callable[[list[Route]], Iterator[tuple[Route, str]]]:
    """Yield routes with their addresses, each with its throttles anew."""

    def each(routes: list[Route]) -> Iterator[tuple[Route, str]]:
        for route in routes:
            limits.requests_a_token.clear()
            limits.check_runs_a_token.clear()
            yield route, route.url(**named)

    return each


def sent(client: Client, route: Route, url: str, body: Any, kind: str = JSON) -> tuple[int, Any]:
    """Send a body; return the status and the body of the answer."""
    answer = client.generic(route.method, url, body, content_type=kind)
    return answer.status_code, answer.json()


def errors_of(client: Client, method: str, url: str, body: Any) -> list[str]:
    """Send a body that is JSON and refused; return which fields were."""
    answer = client.generic(method, url, body, content_type=JSON)
    assert answer.status_code == 422, (method, url, body, answer.content)
    assert answer.json()["code"] == "validation_failed"
    return sorted(answer.json()["errors"])


NO_JSON = {
    "invalid UTF-8": b'{"name": "\xff"}',
    "UTF-16": '{"name": "a"}'.encode("utf-16"),
    "a lone surrogate": b'{"name": "\\ud800"}',
    "10,000 objects deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "10,000 lists deep": b'{"sites":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "the same key twice": b'{"url": "https://a.example.com", "url": "https://b.example.com"}',
    "the same key twice further in": b'{"monitoring_settings": {"tools": {}, "tools": {}}}',
    "the same key twice in a list": b'{"sites": [{"url": "a", "url": "b"}]}',
    "NaN": b'{"name": NaN}',
    "Infinity": b'{"tools": [Infinity]}',
    "minus Infinity": b'{"tools": -Infinity}',
    "a number beyond all floats": b'{"name": 1e999}',
    "a comment": b'{"name": "a"} // b',
    "a trailing comma": b'{"name": "a",}',
    "a byte order mark": b'\xef\xbb\xbf{"name": "a"}',
    "half of it": b'{"name": "a"',
    "two of them": b"{} {}",
}


@pytest.mark.parametrize("name", NO_JSON)
def test_it_takes_only_json(name: str, owner: Client, targets: Any) -> None:
    """400 on every route with a body, before any field is looked at; nothing is done."""
    for route, url in targets(WITH_BODY):
        assert sent(owner, route, url, NO_JSON[name]) == (400, NOT_JSON), route
    assert not Entry.objects.exclude(action__startswith="token.").exists()


def test_it_takes_no_ten_megabytes(owner: Client, targets: Any) -> None:
    """413, where there is nothing to say as well, whatever it claims to be."""
    body = b" " * TEN_MEGABYTES
    for route, url in targets(WITH_BODY):
        assert sent(owner, route, url, body) == (413, TOO_LARGE), route
        assert sent(owner, route, url, body, "text/plain") == (413, TOO_LARGE), route


def test_it_takes_no_ten_megabytes_without_a_length(owner: Client, targets: Any) -> None:
    """413, having read one byte more than may be."""
    for route, url in targets(WITH_BODY):
        stream = io.BytesIO(b" " * TEN_MEGABYTES)
        answer = owner.generic(
            route.method,
            url,
            content_type=JSON,
            **{
                "wsgi.input": stream,
                "CONTENT_LENGTH": "",
                "HTTP_TRANSFER_ENCODING": "chunked",
            },
        )
        assert (answer.status_code, answer.json()) == (413, TOO_LARGE), route
        assert stream.tell() == MOST_BODY_BYTES + 1


def test_it_takes_a_body_of_the_largest_size(owner: Client, targets: Any) -> None:
    """It is read: what is wrong with it is its fields."""
    for route, url in targets(WITH_BODY):
        body = b'{"nmae": 1}'.ljust(MOST_BODY_BYTES)
        status, answer = sent(owner, route, url, body)
        assert (status, "nmae" in answer["errors"]) == (422, True), route


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_it_takes_no_other_kind_of_body(kind: str, owner: Client, targets: Any) -> None:
    """415, also where there is nothing to say."""
    for route, url in targets(WITH_BODY):
        assert sent(owner, route, url, b"{}", kind) == (415, OTHER_TYPE), route


def test_it_knows_the_fields_of_every_body(owner: Client, targets: Any) -> None:
    """422 on a field that does not exist, on the body where it is no object."""
    for route, url in targets(WITH_BODY):
        assert "nmae" in errors_of(owner, route.method, url, '{"nmae": 1}'), route
        for odd in ("[]", '"text"', "1", "true"):
            assert errors_of(owner, route.method, url, odd) == ["body"], (route, odd)


STATUS_FIELD = "monitoring_settings.tools.status"
OF_A_NEW_SITE = "POST /teams/{team}/sites"
OF_MANY_SITES = "POST /teams/{team}/sites/bulk"
OF_A_SITE = "PATCH /sites/{site}"
OF_A_TEAM = "PATCH /teams/{team}/monitoring"
OF_CHECKS = "POST /sites/{site}/checks"


def settings_of_status(**values: Any) -> dict[str, Any]:
    whole = {"enabled": True, "cadence_minutes": 5, **values}
    return {"monitoring_settings": {"tools": {"status": whole}}}


WRONG_TYPES: list[tuple[str, Any, str]] = [
    (OF_A_NEW_SITE, {"url": 5}, "url"),
    (OF_A_NEW_SITE, {"url": "https://n.example.com", "name": 5}, "name"),
    (OF_A_NEW_SITE, {"url": "https://n.example.com", "notes": ["a"]}, "notes"),
    (OF_A_NEW_SITE, {"url": "https://n.example.com", "js_rendered": "true"}, "js_rendered"),
    (OF_A_NEW_SITE, {"url": "https://n.example.com", "js_rendered": 1}, "js_rendered"),
    (
        OF_A_NEW_SITE,
        {"url": "https://n.example.com", "monitoring_settings": "none"},
        "monitoring_settings",
    ),
    (
        OF_A_NEW_SITE,
        {"url": "https://n.example.com", **settings_of_status(cadence_minutes="5")},
        f"{STATUS_FIELD}.cadence_minutes",
    ),
    (
        OF_A_NEW_SITE,
        {"url": "https://n.example.com", "dns_expected_records": {"A": "192.0.2.1"}},
        "dns_expected_records.A",
    ),
    (OF_MANY_SITES, {"sites": {"url": "https://n.example.com"}}, "sites"),
    (OF_MANY_SITES, {"sites": [{"url": 5}]}, "sites.0.url"),
    (OF_A_SITE, {"pinned": "true"}, "pinned"),
    (OF_A_SITE, {"pinned": 1}, "pinned"),
    (OF_A_SITE, {"name": None}, "name"),
    (OF_A_SITE, settings_of_status(cadence_minutes="5"), f"{STATUS_FIELD}.cadence_minutes"),
    (OF_A_SITE, settings_of_status(cadence_minutes=5.0), f"{STATUS_FIELD}.cadence_minutes"),
    (OF_A_SITE, settings_of_status(cadence_minutes=True), f"{STATUS_FIELD}.cadence_minutes"),
    (OF_A_SITE, settings_of_status(enabled="yes"), f"{STATUS_FIELD}.enabled"),
    (
        OF_A_SITE,
        settings_of_status(settings={"failures_to_open": "2"}),
        f"{STATUS_FIELD}.settings.failures_to_open",
    ),
    (
        OF_A_SITE,
        settings_of_status(settings={"incident_status_codes": ["500"]}),
        f"{STATUS_FIELD}.settings.incident_status_codes.0",
    ),
    (
        OF_A_SITE,
        {"monitoring_settings": {"snoozed_until": 1_800_000_000}},
        "monitoring_settings.snoozed_until",
    ),
    (OF_A_TEAM, settings_of_status(cadence_minutes="5"), f"{STATUS_FIELD}.cadence_minutes"),
    (
        OF_A_TEAM,
        {"monitoring_settings": {"escalation": {"enabled": True, "intervals": ["15"]}}},
        "monitoring_settings.escalation.intervals.0",
    ),
    (OF_CHECKS, {"tools": "status"}, "tools"),
    (OF_CHECKS, {"tools": [1]}, "tools.0"),
    (OF_CHECKS, {"automatic": "false"}, "automatic"),
    (OF_CHECKS, {"tools": ["performance"], "url": 5}, "url"),
]


def test_it_takes_nothing_for_what_it_is_not(owner: Client, targets: Any) -> None:
    """Numbers as strings, strings as numbers, whole floats, words for true: 422 on that field."""
    addresses = {route.name: (route.method, url) for route, url in targets(WITH_BODY)}
    for name, body, field in WRONG_TYPES:
        method, url = addresses[name]
        limits.check_runs_a_token.clear()
        assert errors_of(owner, method, url, json.dumps(body)) == [field], body
    assert Site.objects.count() == 1


def test_it_takes_no_huge_integers(owner: Client, targets: Any) -> None:
    """422 on the field wherever a number stands, or stands for something else."""
    addresses = {route.name: (route.method, url) for route, url in targets(WITH_BODY)}
    for name, body, field in WRONG_TYPES:
        method, url = addresses[name]
        if not field.endswith(("cadence_minutes", "failures_to_open", "name", "pinned", "tools")):
            continue
        limits.check_runs_a_token.clear()
        text = json.dumps(_replaced(body, field.split(".")))
        huge = text.replace('"HUGE"', HUGE)
        assert HUGE in huge
        assert errors_of(owner, method, url, huge) == [field], body


def _replaced(body: Any, path: list[str]) -> Any:
    first, *rest = path
    return {**body, first: _replaced(body[first], rest) if rest else "HUGE"}


NUMBERS = {"page": 200, "per_page": 422, "days": 422, "team": 404}


def test_it_takes_huge_integers_in_no_query(owner: Client, targets: Any) -> None:
    """A page that far out is empty; other numbers have limits, and no team has that id."""
    seen = set()
    for route, url in targets([route for route in ROUTES if route.method == "GET"]):
        assert route.guard is not None
        query = QUERIES.get(route.path.rpartition("/")[2], "?")
        for name in sorted(NUMBERS.keys() & route.guard.query_names):
            for number in (HUGE, "9" * 19):
                answer = owner.get(f"{url}{query}&{name}={number}")
                assert answer.status_code == NUMBERS[name], (route, name, answer.content)
            for odd in ("1.5", "1e3", "0x1", "-" + HUGE, "%EF%BC%91x", "NaN"):
                answer = owner.get(f"{url}{query}&{name}={odd}")
                refused = name == "team" and odd.startswith("-")
                assert answer.status_code == (404 if refused else 422), (route, name, odd)
            seen.add(name)
    assert seen == NUMBERS.keys()


DATES = [
    *("2026-02-30", "2026-13-01", "2026-00-10", "0000-01-01", "10000-01-01", "-2026-01-01"),
    *("9999-12-31", "2026-01-01T25:00:00", "2026-01-01T00:60:00Z", "2026-01-01T00:00:00%2B25:00"),
    *("1767225600", "now", "", "%00", "%FF", "2026-01-01;2026-01-02"),
]


def test_it_takes_only_dates_of_the_calendar(owner: Client, targets: Any) -> None:
    """422 on the parameter; and `to` must not lie before `from`."""
    seen = 0
    for route, url in targets(ROUTES):
        assert route.guard is not None
        if not {"from", "to"} <= route.guard.query_names:
            continue
        address = url + (QUERIES.get(route.path.rpartition("/")[2]) or "?page=1")
        for date in DATES:
            # The day after the last one would end it.
            for name in ("from", "to") if date != "9999-12-31" else ("to",):
                answer = owner.get(f"{address}&{name}={date}")
                assert answer.status_code == 422, (route, name, date)
                assert list(answer.json()["errors"]) == [name], (route, name, date)
        for first, last in (
            ("2026-02-02", "2026-02-01"),
            ("2026-02-02T00:00:01Z", "2026-02-02T00:00:00Z"),
            ("2026-02-02T00:00:00%2B00:00", "2026-02-02T00:30:00%2B01:00"),
        ):
            answer = owner.get(f"{address}&from={first}&to={last}")
            assert answer.status_code == 422, (route, first)
            assert answer.json()["errors"] == {"to": ["It must not lie before `from`."]}
        seen += 1
    assert seen == 2


@pytest.mark.parametrize(
    "moment",
    ["2020-01-01T00:00:00Z", "9999-12-31T23:59:59-01:00", "2026-02-30T00:00:00Z", "soon", ""],
)
def test_it_snoozes_until_no_odd_moment(moment: str, owner: Client, site: Any) -> None:
    """422: past, beyond the calendar, or no moment at all."""
    body = json.dumps({"monitoring_settings": {"snoozed_until": moment}})
    errors = errors_of(owner, "PATCH", f"{PREFIX}/sites/{site.pk}", body)
    assert errors == ["monitoring_settings.snoozed_until"]


def test_it_finds_nothing_foreign_by_a_filter(
    client_for: ClientFor, mallory: Any, team: Any, site: Any
) -> None:
    """A team's or a site's id in a filter: 404, byte for byte that of one that never was."""
    make_issue(site)
    client = client_for(mallory)
    filters = (
        f"?team={team.pk}",
        f"?site={site.pk}",
        f"?team={team.pk}&site={site.pk}",
        "?team=999999999",
        f"?site={NOBODY}",
        f"?team=0&site={NOBODY}",
    )
    for query in filters:
        answer = client.get(f"{PREFIX}/issues{query}")
        assert (answer.status_code, answer.content) == (404, NOT_FOUND), query


def test_it_takes_no_broken_text_in_an_address(owner: Client, targets: Any) -> None:
    """Bytes that are no UTF-8, null characters: 404 in a path; in a query what that text means."""
    for route, url in targets(ROUTES):
        for odd in ("%ff", "%00", "%c3%28", "%ed%a0%80"):
            answer = owner.generic(route.method, f"{url}{odd}")
            assert (answer.status_code, answer.content) == (404, NOT_FOUND), (route, odd)
            unknown = owner.generic(route.method, f"{url}?{odd}=1")
            assert unknown.status_code == 422, (route, odd)
    for path, query in (("issues", "team"), ("issues", "site"), ("issues", "status")):
        assert owner.get(f"{PREFIX}/{path}?{query}=%ff").status_code == 422


def methods_of(path: str) -> set[str]:
    declared = {route.method for route in ROUTES if route.path == path}
    return {*declared, "OPTIONS", *({"HEAD"} if "GET" in declared else set())}


def test_it_tells_the_methods_of_every_route(owner: Client, targets: Any) -> None:
    """OPTIONS: 204 and exactly those; HEAD: as GET without its body; others: 405."""
    for route, url in targets(ROUTES):
        allow = ", ".join(sorted(methods_of(route.path)))
        options = owner.options(url)
        assert (options.status_code, options.content, options["Allow"]) == (204, b"", allow), route
        head = owner.head(url + QUERIES.get(route.path.rpartition("/")[2], ""))
        expected = 200 if "HEAD" in allow else 405
        assert (head.status_code, head.content) == (expected, b""), route
        others = {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"} - methods_of(route.path)
        for method in sorted(others):
            refused = owner.generic(method, url)
            assert (refused.status_code, refused["Allow"]) == (405, allow), (route, method)
            assert refused.json()["code"] == "method_not_allowed"


def test_it_has_no_second_address(owner: Client, targets: Any) -> None:
    """A slash more, at the end or between, or other letters: 404, for every method it has."""
    for route, url in targets(ROUTES):
        for other in (f"{url}/", f"{url}//", url.replace("/v1/", "/v1//"), url.replace("v1", "V1")):
            for method in (route.method, "OPTIONS"):
                answer = owner.generic(method, other)
                assert (answer.status_code, answer.content) == (404, NOT_FOUND), (method, other)
            assert owner.head(other).status_code == 404
