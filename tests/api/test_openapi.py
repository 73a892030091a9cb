"""The description of the API."""

import gzip
import json
import re
from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import validate

from tests.api.description import Operation, document, examples, faults, operations
from tests.api.golden import RESOURCES, differences
from tests.api.routes import PREFIX, Route, all_routes
from tocsin.access.permissions import Permission
from tocsin.api.v1.openapi.examples.bodies import BODIES
from tocsin.sites.monitoring.schema import DEFAULTS
from tocsin.sites.monitoring.shapes import team_shape


@pytest.fixture(scope="module")
def described() -> Any:
    return document()


def _operation(described: Any, route: Route) -> Operation:
    path, method = PREFIX + re.sub(r"\{\w+:", "{", route.path), route.method.lower()
    return Operation(method, path, described["paths"][path][method])


def _schema(described: Any, name: str) -> Any:
    return described["components"]["schemas"][name]


def test_it_needs_no_token_and_is_openapi_3_1() -> None:
    """No database either: this test has none."""
    assert document()["openapi"].startswith("3.1")


def test_it_is_valid_to_others(described: Any) -> None:
    validate(described)


def test_it_is_sent_once_to_whoever_keeps_it() -> None:
    first = Client().get("/openapi/v1.json")
    again = Client().get("/openapi/v1.json", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert Client().post("/openapi/v1.json").status_code == 405


def test_it_is_sent_small_to_whoever_can_unfold_it() -> None:
    """A tenth of its size, under a tag of its own that is known again."""
    plain = Client().get("/openapi/v1.json")
    client = Client(headers={"accept-encoding": "gzip"})
    small = client.get("/openapi/v1.json")
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) * 10 < len(plain.content)
    assert small["Content-Length"] == str(len(small.content))
    assert "Accept-Encoding" in small["Vary"]
    assert "Accept-Encoding" in plain["Vary"]
    again = client.get("/openapi/v1.json", headers={"if-none-match": small["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_it_describes_every_operation_with_its_gates(described: Any) -> None:
    """As the guards declare them; the gate of issues is asked for each team that is named."""
    for route in all_routes():
        operation, guard = _operation(described, route), route.guard
        assert guard is not None
        details, scope = operation.details, guard.required_scope
        assert details["security"] == [{"token": [] if scope is None else [scope]}]
        permission = Permission.VIEW_ISSUES if str(operation) == "list_issues" else guard.permission
        assert details.get("x-required-permission") == permission
        for needed in filter(None, (scope, permission)):
            assert f"`{needed}`" in details["description"]
        assert details["summary"]
        assert operation.details["tags"][0] in {tag["name"] for tag in described["tags"]}
    assert len(operations(described)) == len(all_routes())


def test_it_describes_every_answer(described: Any) -> None:
    """Each status that the gates, the body and the state can lead to, and no other."""
    for route in all_routes():
        operation, guard = _operation(described, route), route.guard
        assert guard is not None
        expected = {guard.success, 401, 403, 422, 429, 500}
        inside = operation.details.get("x-required-permission") is not None
        expected |= {404} if inside else set()
        expected |= {402} if inside and guard.permission is not Permission.VIEW_TEAM else set()
        expected |= {400, 413, 415} if guard.takes_body else set()
        expected |= {409} if route.method == "POST" else set()
        expected |= {409} if str(operation) == "delete_check" else set()
        assert {int(status) for status in operation.details["responses"]} == expected, operation
        assert ("requestBody" in operation.details) == (str(operation) in BODIES)


def test_it_names_the_headers_of_every_answer(described: Any) -> None:
    for operation in operations(described):
        for status, answer in operation.details["responses"].items():
            names = set(answer["headers"])
            assert {"X-Request-Id", "X-RateLimit-Limit", "X-RateLimit-Remaining"} <= names
            assert ("Retry-After" in names) == (status == "429")
            assert ("WWW-Authenticate" in names) == (
                status == "401" or (status == "403" and str(operation) != "show_token")
            )
            replayed = operation.method == "post" and status.startswith("2")
            assert ("Idempotency-Replayed" in names) == replayed
        sent = {each["name"]: each["in"] for each in operation.details["parameters"]}
        assert ("Idempotency-Key" in sent) == (operation.method == "post")


def test_it_shows_examples_that_fit(described: Any) -> None:
    """Every body, answer, refusal, parameter and header has one, and each passes its schema."""
    wrong = {
        where: found
        for where, schema, value in examples(described)
        if (found := faults(described, schema, value))
    }
    assert wrong == {}


def test_it_refuses_examples_that_do_not_fit(described: Any) -> None:
    """The judge of the test above can say no, to a format as well."""
    site = {"$ref": "#/components/schemas/Site"}
    answer = next(
        value for where, _, value in examples(described) if where == "show_site 200 example"
    )
    assert faults(described, site, {**answer["data"], "created_at": "yesterday"})
    assert faults(described, site, {**answer["data"], "is_pinned": "yes"})


def test_it_sends_examples_that_the_api_takes(
    client_for: Any, team: Any, alice: Any, site: Any
) -> None:
    """Each body of the examples, sent to a server: done."""
    client = client_for(alice)
    targets = {
        "update_monitoring": ("PATCH", f"/teams/{team.pk}/monitoring"),
        "create_site": ("POST", f"/teams/{team.pk}/sites"),
        "create_sites": ("POST", f"/teams/{team.pk}/sites/bulk"),
        "update_site": ("PATCH", f"/sites/{site.pk}"),
        "queue_checks": ("POST", f"/sites/{site.pk}/checks"),
    }
    assert targets.keys() == BODIES.keys()
    for name, (method, path) in targets.items():
        answer = client.generic(
            method, PREFIX + path, json.dumps(BODIES[name]), content_type="application/json"
        )
        assert answer.status_code in {200, 201, 202}, (name, answer.content)


def test_it_names_parameters_as_they_are_sent(described: Any) -> None:
    """`from` and `to`, not what they are called inside; with their words and limits."""
    checks = described["paths"]["/api/v1/sites/{site}/checks"]["get"]["parameters"]
    sent = {each["name"]: each["schema"] for each in checks if each["in"] == "query"}
    words = ["page", "per_page", "type", "status", "automatic", "run_reason", "from", "to"]
    assert list(sent) == words
    assert (sent["per_page"]["maximum"], sent["per_page"]["default"]) == (100, 25)
    for operation in operations(described):
        for parameter in operation.details["parameters"]:
            assert parameter["description"], (operation, parameter["name"])
            assert "null" not in str(parameter["schema"])


def test_it_leads_from_answers_to_what_they_name(described: Any) -> None:
    """Links point at operations that exist, by parameters that these have, and at real values."""
    named = {str(operation): operation for operation in operations(described)}
    led = set()
    for operation in named.values():
        for status, answer in operation.details["responses"].items():
            for link in answer.get("links", {}).values():
                target = named[link["operationId"]]
                led.add(str(target))
                example = answer["content"]["application/json"]["example"]
                known = {each["name"] for each in target.details["parameters"]}
                for parameter, expression in link["parameters"].items():
                    assert parameter in known
                    assert _pointed(example, expression), (operation, status)
    in_path = {name for name, each in named.items() if "{" in each.path}
    assert led == in_path


def _pointed(value: Any, expression: str) -> Any:
    for part in expression.removeprefix("$response.body#/").split("/"):
        value = value[int(part)] if part.isdecimal() else value[part]
    return value


def test_it_refers_only_to_what_it_defines(described: Any) -> None:
    """No dangling references, nothing that nobody refers to, no names of modules."""
    names = set(described["components"]["schemas"])
    assert set(re.findall(r"#/components/schemas/([^'\"]+)", str(described))) == names
    assert all(name.isalpha() for name in names)


@pytest.mark.parametrize("name", RESOURCES)
def test_it_describes_the_fields_of_the_contract(name: str, described: Any) -> None:
    """Those and no others, all of them always there."""
    schema = _schema(described, name)
    assert set(schema["properties"]) == set(RESOURCES[name]) == set(schema["required"])


def test_it_shows_resources_of_the_contract(described: Any) -> None:
    """Each example of a success is one of them, field by field at any depth."""
    seen = set()
    for operation in operations(described):
        for answer in operation.details["responses"].values():
            for content in answer.get("content", {}).values():
                name = content["schema"]["$ref"].rpartition("/")[2]
                resource = re.sub("(Detail)?(List)?(Data|Page)$", "", name)
                if resource == "Error":
                    continue
                for example in _examples_in(content):
                    items = example["data"]
                    for item in items if isinstance(items, list) else [items]:
                        assert differences(item, RESOURCES[resource]) == [], operation
                seen.add(resource)
    assert seen == RESOURCES.keys() - {"User"}


def _examples_in(content: Any) -> list[Any]:
    named = content.get("examples", {"example": {"value": content.get("example")}})
    return [each["value"] for each in named.values()]


def test_it_describes_settings_with_their_limits(described: Any) -> None:
    """Resolved settings are whole; a patch may leave out anything; neither knows other names."""
    whole = {"$ref": "#/components/schemas/TeamSettings"}
    patch = {"$ref": "#/components/schemas/SiteSettingsPatch"}
    assert faults(described, whole, team_shape(DEFAULTS)) == []
    assert faults(described, whole, {})
    assert faults(described, patch, {}) == []

    def status(**settings: Any) -> Any:
        return {"tools": {"status": {"settings": settings}}}

    for settings, fits in (
        ({"failures_to_open": 20}, True),
        ({"failures_to_open": None}, True),
        ({"failures_to_open": 21}, False),
        ({"failures_to_open": "2"}, False),
        ({"incident_status_codes": [503]}, True),
        ({"incident_status_codes": [200]}, False),
        ({"failures": 2}, False),
    ):
        assert (faults(described, patch, status(**settings)) == []) == fits, settings
    for other in ({"quiet_time": {"enabled": True}}, {"tools": {"ping": {}}}):
        assert faults(described, patch, other)
    assert faults(described, patch, {"tools": {"ssl": {"cadence_minutes": 7}}})


def test_it_says_what_a_team_must_say_of_a_tool(described: Any) -> None:
    patch = {"$ref": "#/components/schemas/TeamSettingsPatch"}
    assert faults(described, patch, {"tools": {"ssl": {"enabled": True}}})
    assert faults(described, patch, {"snoozed_until": None})
    tool = {"enabled": True, "cadence_minutes": 60, "settings": {"expiry_days": 30}}
    assert faults(described, patch, {"tools": {"ssl": tool}}) == []
