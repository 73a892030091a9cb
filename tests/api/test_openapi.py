"""The description of the API."""

import re
from typing import Any

from django.test import Client

from tests.api.routes import PREFIX, all_routes


def document() -> Any:
    response = Client().get("/openapi/v1.json")
    assert response.status_code == 200
    return response.json()


def test_it_needs_no_token_and_is_openapi_3_1() -> None:
    """No database either: this test has none."""
    assert document()["openapi"].startswith("3.1")


def test_it_describes_every_operation_with_its_scope() -> None:
    """As the guards declare them."""
    paths = document()["paths"]
    for route in all_routes():
        assert route.guard is not None
        path = PREFIX + re.sub(r"\{\w+:", "{", route.path)
        operation = paths[path][route.method.lower()]
        scope = route.guard.required_scope
        assert operation["security"] == [{"token": [] if scope is None else [scope]}]
        assert operation["summary"]
        assert {"401", "403", "429"} <= set(operation["responses"])
        assert str(route.guard.success) in operation["responses"]
        names = {each["name"]: each["in"] for each in operation["parameters"]}
        assert ("Idempotency-Key" in names) == (route.method == "POST")
        assert operation.get("x-required-permission") == route.guard.permission
        assert ("415" in operation["responses"]) == ("requestBody" in operation)


def test_it_names_parameters_as_they_are_sent() -> None:
    """`from` and `to`, not what they are called inside; with their words and limits."""
    parameters = document()["paths"]["/api/v1/sites/{site}/checks"]["get"]["parameters"]
    sent = {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}
    assert set(sent) == {
        "page",
        "per_page",
        "type",
        "status",
        "automatic",
        "run_reason",
        "from",
        "to",
    }
    assert sent["per_page"]["maximum"] == 100


def test_it_refers_only_to_what_it_defines() -> None:
    """No dangling references."""
    described = document()
    names = set(described["components"]["schemas"])
    assert set(re.findall(r"#/components/schemas/([^'\"]+)", str(described))) <= names
    assert "token" in described["components"]["securitySchemes"]


def test_it_describes_the_fields_of_a_team() -> None:
    """From the same struct that is rendered."""
    schemas = document()["components"]["schemas"]
    assert set(schemas["Team"]["properties"]) == {
        "id",
        "name",
        "personal_team",
        "owner_id",
        "sites_count",
        "members_count",
        "role",
        "limits",
        "created_at",
        "updated_at",
    }
