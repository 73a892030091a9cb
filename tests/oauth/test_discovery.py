"""What the server says of itself, under every address that clients look at."""

import pytest
from django.conf import settings
from django.test import Client as Http
from django.urls import resolve

OFFERED = ["teams:read", "sites:read", "checks:read", "checks:run", "issues:read", "issues:write"]


@pytest.mark.parametrize("suffix", ["", "/mcp"])
def test_it_describes_the_server(suffix: str) -> None:
    answer = Http(headers={"host": "localhost"}).get(
        f"/.well-known/oauth-authorization-server{suffix}"
    )
    assert answer["Access-Control-Allow-Origin"] == "*"
    said = answer.json()
    assert said["issuer"] == settings.BASE_URL
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["response_types_supported"] == ["code"]
    assert said["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert said["token_endpoint_auth_methods_supported"] == ["none"]
    assert said["authorization_response_iss_parameter_supported"] is True
    assert said["client_id_metadata_document_supported"] is True
    assert said["scopes_supported"] == OFFERED


def test_every_endpoint_it_names_is_there() -> None:
    said = Http().get("/.well-known/oauth-authorization-server").json()
    endpoints = [value for name, value in said.items() if name.endswith("_endpoint")]
    assert len(endpoints) == 5
    for each in endpoints:
        assert resolve(each.removeprefix(settings.BASE_URL))


@pytest.mark.parametrize("suffix", ["", "/mcp"])
def test_it_describes_the_resource(suffix: str) -> None:
    answer = Http().get(f"/.well-known/oauth-protected-resource{suffix}")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer.json() == {
        "resource": f"{settings.BASE_URL}/mcp",
        "resource_name": "Tocsin",
        "authorization_servers": [settings.BASE_URL],
        "scopes_supported": OFFERED,
        "bearer_methods_supported": ["header"],
    }


def test_the_door_for_fixed_tokens_is_not_discovered(db: None) -> None:
    assert Http().get("/.well-known/oauth-protected-resource/mcp/token").status_code == 404
