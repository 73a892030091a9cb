"""Clients that register by themselves: public ones, for the code grant, and in bounds."""

import json
from typing import Any

import pytest
from django.test import Client as Http

from tocsin.audit.models import Entry
from tocsin.oauth.endpoints import limits
from tocsin.oauth.metadata import MAX_BYTES
from tocsin.oauth.models import Client

CALLBACK = "https://client.example/callback"


def register(**said: Any) -> Any:
    return _send(json.dumps({"client_name": "Assistant", "redirect_uris": [CALLBACK]} | said))


def _send(body: str) -> Any:
    return Http().post("/oauth/register", body, content_type="application/json")


def test_it_registers_a_public_client(db: None) -> None:
    answer = register()
    assert answer.status_code == 201
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    client = Client.objects.get(client_id=body.pop("client_id"))
    assert body.pop("client_id_issued_at") == int(client.created.timestamp())
    assert body == {
        "client_name": "Assistant",
        "redirect_uris": [CALLBACK],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    }
    assert (client.client_type, client.client_secret) == ("public", "")
    entry = Entry.objects.get(action="oauth_client.registered")
    assert entry.after == {"name": "Assistant", "redirect_uris": [CALLBACK]}


@pytest.mark.parametrize(
    "said",
    [
        {"grant_types": ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"]},
        {"token_endpoint_auth_method": "client_secret_post"},
        {
            "redirect_uris": [
                "http://127.0.0.1/",
                "http://localhost/",
                "https://vscode.dev/redirect",
            ]
        },
        {"application_type": "native", "scope": "everything", "logo_uri": "javascript:alert(1)"},
    ],
)
def test_it_is_lenient_about_what_it_does_not_support(db: None, said: dict[str, Any]) -> None:
    answer = register(**said)
    assert answer.status_code == 201
    assert answer.json()["token_endpoint_auth_method"] == "none"
    assert answer.json()["grant_types"] == ["authorization_code", "refresh_token"]


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"redirect_uris": []}, "invalid_redirect_uri"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "invalid_redirect_uri"),
        ({"redirect_uris": ["data:text/html,x"]}, "invalid_redirect_uri"),
        ({"redirect_uris": [CALLBACK, "http://evil.example/"]}, "invalid_redirect_uri"),
        ({"redirect_uris": [f"{CALLBACK}/{n}" for n in range(11)]}, "invalid_redirect_uri"),
        ({"redirect_uris": [CALLBACK + "a" * 1024]}, "invalid_redirect_uri"),
        ({"redirect_uris": CALLBACK}, "invalid_client_metadata"),
        ({"redirect_uris": [1]}, "invalid_client_metadata"),
        ({"redirect_uris": None}, "invalid_client_metadata"),
        ({"grant_types": ["client_credentials"]}, "invalid_client_metadata"),
        ({"grant_types": ["implicit", "refresh_token"]}, "invalid_client_metadata"),
        ({"grant_types": []}, "invalid_client_metadata"),
        ({"grant_types": "authorization_code"}, "invalid_client_metadata"),
        ({"response_types": ["token"]}, "invalid_client_metadata"),
        ({"client_name": 1}, "invalid_client_metadata"),
        ({"client_name": "x" * 256}, "invalid_client_metadata"),
        ({"client_name": "Tocsin\u202e"}, "invalid_client_metadata"),
        ({"client_name": "a\x00b"}, "invalid_client_metadata"),
        ({"logo_uri": "x" * MAX_BYTES}, "invalid_client_metadata"),
    ],
)
def test_it_refuses_what_cannot_be_accepted(db: None, said: dict[str, Any], error: str) -> None:
    answer = register(**said)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert not Client.objects.exists()


@pytest.mark.parametrize("body", ["", "x", "[]", "null", "1", '"x"', "[" * 9000, '{"a":' * 2000])
def test_it_refuses_what_is_no_object(db: None, body: str) -> None:
    answer = _send(body)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client_metadata")


def test_it_lets_one_address_register_only_so_many(db: None) -> None:
    for _ in range(limits.registrations_an_address.limit):
        assert _send("x").status_code == 400
    answer = register()
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 60
