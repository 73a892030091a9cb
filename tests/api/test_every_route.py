"""What holds for every route there is, whatever is sent to it."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import ClientFor
from tests.api.routes import Route, all_routes
from tests.api.test_gates import QUERIES
from tocsin.api import limits
from tocsin.api.bodies import MOST_BODY_BYTES

ROUTES = all_routes()
READING = [route for route in ROUTES if route.method == "GET"]
WITH_BODY = [route for route in ROUTES if route.guard and route.guard.takes_body]
JSON = "application/json"


def query_of(route: Route) -> str:
    return QUERIES.get(route.path.rpartition("/")[2], "")


@pytest.mark.parametrize("route", READING, ids=str)
def test_it_answers_head_as_get(
    route: Route, client_for: ClientFor, alice: Any, named: dict[str, object]
) -> None:
    """The same status and length, without the body; and OPTIONS tells of both."""
    client, url = client_for(alice), route.url(**named) + query_of(route)
    got, head = client.get(url), client.head(url)
    assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
    if not route.path.endswith("slots"):  # whose `to` is now
        assert head["Content-Length"] == str(len(got.content))
    options = client.options(url)
    assert options.status_code == 204
    assert {"GET", "HEAD", "OPTIONS"} <= set(options["Allow"].split(", "))


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_it_has_one_address(
    route: Route, client_for: ClientFor, alice: Any, named: dict[str, object]
) -> None:
    """A trailing slash is 404, another method 405."""
    client, url = client_for(alice), route.url(**named)
    assert client.generic(route.method, f"{url}/").status_code == 404
    assert client.generic("PUT", url).status_code == 405


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_it_takes_no_large_bodies(
    route: Route, client_for: ClientFor, alice: Any, named: dict[str, object]
) -> None:
    """413, and 415 for what is not JSON."""
    client, url = client_for(alice), route.url(**named)
    large = client.generic(route.method, url, " " * (MOST_BODY_BYTES + 1), content_type=JSON)
    assert large.status_code == 413
    assert client.generic(route.method, url, "{}", content_type="text/plain").status_code == 415


@pytest.fixture
def owner(client_for: ClientFor, alice: Any) -> Client:
    """One client for all examples."""
    return client_for(alice)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
NAMES = [
    *("url", "name", "notes", "pinned", "js_rendered", "monitoring_settings", "sites", "tools"),
    *("dns_expected_records", "automatic", "status", "settings", "A", "quiet_time", "escalation"),
    *("enabled", "cadence_minutes", "request_header", "snoozed_until", "failures_to_open"),
]
bodies = st.recursive(
    values | st.sampled_from(["https://a.example.com", "status", 60, "22:00"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=bodies)
def test_it_takes_any_json_calmly(
    route: Route, owner: Client, named: dict[str, object], body: Any
) -> None:
    """Done or refused in the contract's words, never broken by."""
    for window in (limits.requests_a_token, limits.check_runs_a_token):
        window.clear()
    response = owner.generic(route.method, route.url(**named), json.dumps(body), content_type=JSON)
    assert route.guard is not None
    assert response.status_code in {route.guard.success, 400, 422}
    assert json.loads(response.content)


@pytest.mark.parametrize("route", READING, ids=str)
@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_it_takes_any_query_calmly(
    route: Route, owner: Client, named: dict[str, object], data: Any
) -> None:
    """Answered or refused, whatever its parameters are."""
    limits.requests_a_token.clear()
    assert route.guard is not None
    odd = st.text(max_size=12) | st.integers().map(str) | st.dates().map(str)
    odd |= st.datetimes().map(lambda moment: moment.isoformat())
    known = sorted(route.guard.query_names) or ["page"]
    sent = data.draw(st.dictionaries(st.sampled_from(known), odd, max_size=3))
    response = owner.get(route.url(**named), sent)
    assert response.status_code in {200, 404, 422}
