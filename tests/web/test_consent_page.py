"""The page where a person decides on a client: what it shows, and where each answer leads."""

from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.oauth.conftest import CALLBACK
from tests.oauth.program import Program, parameters
from tests.web.conftest import SignIn
from tocsin.access.principal import SYSTEM
from tocsin.access.scopes import Scope
from tocsin.audit.models import Entry
from tocsin.oauth import clients
from tocsin.oauth.endpoints import limits
from tocsin.oauth.metadata import ClientMetadata
from tocsin.oauth.models import AuthorizationCode, Grant
from tocsin.oauth.resource import resource_url


@pytest.fixture
def program(db: None) -> Program:
    """A client that registered by itself."""
    client = clients.register(SYSTEM, ClientMetadata("Assistant", (CALLBACK,)))
    return Program(client.client_id, CALLBACK)


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice, proven=True)


def _page(program: Program, **changes: str | None) -> str:
    return f"/oauth/authorize?{urlencode(program.query(**changes))}"


def _decide(client: Client, page: str, decision: str, *scopes: str) -> Any:
    return client.post(page, {"decision": decision, "scopes": scopes})


def test_it_shows_who_asks_for_what_and_where_it_leads(client: Client, program: Program) -> None:
    text = client.get(_page(program)).content.decode()
    assert "Connect “Assistant”?" in text
    assert "client.example" in text
    assert "Acme" in text
    assert 'value="teams:read" id="scope-1" checked' in text
    assert "checks:run" not in text
    assert "nobody has checked the name" in text


def test_its_form_may_end_at_this_client_only(client: Client, program: Program) -> None:
    policy = client.get(_page(program))["Content-Security-Policy"]
    assert "form-action 'self' https://client.example;" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self';" in client.get("/settings/mcp")["Content-Security-Policy"]


def test_a_client_s_name_is_data(client: Client) -> None:
    made = clients.register(SYSTEM, ClientMetadata("<script>alert(1)</script>{{ 1 }}", (CALLBACK,)))
    text = client.get(_page(Program(made.client_id, CALLBACK))).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 1 }}" in text
    assert "<script>alert" not in text


def test_it_warns_of_a_client_on_a_computer(client: Client) -> None:
    local = "http://127.0.0.1/callback"
    made = clients.register(SYSTEM, ClientMetadata("Editor", (local,)))
    asked = client.get(_page(Program(made.client_id, "http://127.0.0.1:43117/callback")))
    assert "any other program can pose as it" in asked.content.decode()
    assert "form-action 'self' http://127.0.0.1:43117;" in asked["Content-Security-Policy"]


def test_agreeing_leads_back_with_a_code(client: Client, program: Program, alice: Any) -> None:
    answer = _decide(client, _page(program), "allow", "teams:read", "sites:read")
    assert answer.status_code == 302
    assert answer["Location"].startswith(CALLBACK)
    told = parameters(answer["Location"])
    assert set(told) == {"code", "state", "iss"}
    assert (told["state"], told["iss"]) == ("a state", settings.BASE_URL)
    assert program.swap(told["code"]).json()["scope"] == "teams:read sites:read"
    entry = Entry.objects.get(action="oauth_grant.created")
    assert (entry.kind, entry.user_id) == ("session", alice.pk)
    assert entry.after == {
        "client": "Assistant",
        "scopes": ["teams:read", "sites:read"],
        "redirect_host": "client.example",
    }


def test_a_person_may_grant_less(client: Client, program: Program) -> None:
    answer = _decide(client, _page(program), "allow", "sites:read")
    body = program.swap(parameters(answer["Location"])["code"]).json()
    assert body["scope"] == "sites:read"


def test_a_form_cannot_grant_more(client: Client, program: Program) -> None:
    answer = _decide(client, _page(program), "allow", "teams:read", "issues:write")
    assert answer.status_code == 422
    assert not Grant.objects.exists()


def test_it_asks_again_when_nothing_is_ticked(client: Client, program: Program) -> None:
    answer = _decide(client, _page(program), "allow")
    assert answer.status_code == 422
    assert "Choose at least one scope" in answer.content.decode()
    assert not Grant.objects.exists()


@pytest.mark.parametrize("decision", ["deny", "", "else"])
def test_declining_leads_back_with_the_refusal(
    client: Client, program: Program, decision: str
) -> None:
    answer = _decide(client, _page(program), decision, "teams:read")
    assert parameters(answer["Location"]) == {
        "error": "access_denied",
        "state": "a state",
        "iss": settings.BASE_URL,
    }
    assert not Grant.objects.exists()


def test_the_form_decides_nothing_but_the_scopes(client: Client, program: Program) -> None:
    form = {
        "decision": "allow",
        "scopes": "teams:read",
        "redirect_uri": "https://evil.example/",
        "client_id": "else",
        "scope": "issues:write",
    }
    location = client.post(_page(program), form)["Location"]
    assert location.startswith(CALLBACK)


def test_it_takes_no_form_of_another_page(sign_in: SignIn, alice: Any, program: Program) -> None:
    client = sign_in(alice, proven=True)
    client.handler.enforce_csrf_checks = True
    assert _decide(client, _page(program), "allow", "teams:read").status_code == 403
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": None}, "cannot be read"),
        ({"client_id": "nobody"}, "not known here"),
        ({"client_id": "a\x00b"}, "not known here"),
        ({"client_id": "http://plain.example/client.json"}, "not known here"),
        ({"redirect_uri": "https://client.example/callbac"}, "did not register"),
        ({"redirect_uri": "https://client.example/callback/"}, "did not register"),
        ({"redirect_uri": "https://client.example:8443/callback"}, "did not register"),
        ({"redirect_uri": "https://client.example.evil.example/callback"}, "did not register"),
        ({"redirect_uri": "javascript:alert(1)"}, "did not register"),
        ({"redirect_uri": "callback"}, "cannot be read"),
    ],
)
def test_it_leads_nowhere_when_the_address_may_not_be_the_client_s(
    client: Client, program: Program, changes: dict[str, str | None], words: str
) -> None:
    answer = client.get(_page(program, **changes))
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_it_refuses_a_parameter_given_twice(client: Client, program: Program) -> None:
    answer = client.get(_page(program) + "&client_id=other")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "S512"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "x" * 129}, "invalid_request"),
        ({"scope": "sites:write"}, "invalid_scope"),
        ({"scope": "teams:read sites:delete"}, "invalid_scope"),
        ({"scope": "teams:read <b>"}, "invalid_scope"),
        ({"resource": "https://elsewhere.example/mcp"}, "invalid_target"),
        ({"resource": "not a uri"}, "invalid_target"),
        ({"resource": resource_url() + "/token"}, "invalid_target"),
    ],
)
def test_it_tells_the_client_what_is_wrong(
    client: Client, program: Program, changes: dict[str, str | None], error: str
) -> None:
    answer = client.get(_page(program, **changes))
    assert answer.status_code == 302
    assert urlsplit(answer["Location"])._replace(query="").geturl() == CALLBACK
    told = parameters(answer["Location"])
    assert (told["error"], told["state"], told["iss"]) == (error, "a state", settings.BASE_URL)
    assert _decide(client, _page(program, **changes), "allow", "teams:read").status_code == 302
    assert not AuthorizationCode.objects.exists()


def test_a_slash_after_the_resource_is_no_other_resource(client: Client, program: Program) -> None:
    assert client.get(_page(program, resource=resource_url() + "/")).status_code == 200


def test_state_may_be_left_out(client: Client, program: Program) -> None:
    answer = _decide(client, _page(program, state=None), "allow", "teams:read")
    assert set(parameters(answer["Location"])) == {"code", "iss"}


def test_whoever_has_just_signed_in_is_not_asked_twice(
    sign_in: SignIn, alice: Any, program: Program
) -> None:
    client = sign_in(alice, proven=True)
    session = client.session
    (record,) = session["account_authentication_methods"]
    del record["reauthenticated"]
    session.save()
    assert client.get(_page(program)).status_code == 200
    assert client.get("/settings/mcp").status_code == 302
    record["at"] -= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    session.save()
    assert client.get(_page(program))["Location"].startswith("/accounts/reauthenticate/")


def test_it_keeps_the_request_while_somebody_signs_in(program: Program) -> None:
    answer = Client().get(_page(program))
    assert answer.status_code == 302
    target = parameters(answer["Location"])["next"]
    assert target == _page(program)


def test_settings_list_what_is_connected_and_disconnect_it(
    client: Client, program: Program, alice: Any
) -> None:
    assert "No client is connected" in client.get("/settings/mcp").content.decode()
    body = program.connect(alice)
    page = client.get("/settings/mcp").content.decode()
    assert "Assistant" in page
    assert Scope.SITES_READ in page
    grant = Grant.objects.get()
    answer = client.post(f"/settings/mcp/clients/{grant.client_id}/revoke")
    assert answer["Location"] == "/settings/mcp"
    assert "No client is connected" in client.get("/settings/mcp").content.decode()
    assert program.refresh(body["refresh_token"]).json()["error"] == "invalid_grant"


def test_settings_list_a_client_once_however_often_it_asked(
    client: Client, program: Program, alice: Any
) -> None:
    program.connect(alice, "sites:read")
    program.connect(alice, "checks:read", scope="checks:read")
    page = LexborHTMLParser(client.get("/settings/mcp").content)
    card = page.css_first('[aria-labelledby="connected-title"]')
    assert [each.text() for each in card.css(".rows .row-title")] == ["Assistant"]
    assert [each.text() for each in card.css(".rows .badge")] == ["sites:read", "checks:read"]
    assert "2 connections" in card.text()
    client.post(card.css_first(".rows form").attributes["action"] or "")
    assert "No client is connected" in client.get("/settings/mcp").content.decode()


def test_nobody_disconnects_the_clients_of_others(
    sign_in: SignIn, program: Program, alice: Any, mallory: Any
) -> None:
    program.connect(alice)
    grant = Grant.objects.get()
    stranger = sign_in(mallory, proven=True)
    assert "Assistant" not in stranger.get("/settings/mcp").content.decode()
    assert stranger.post(f"/settings/mcp/clients/{grant.client_id}/revoke").status_code == 404
    grant.refresh_from_db()
    assert grant.revoked_at is None


@pytest.fixture(autouse=True)
def _patient() -> None:
    limits.failures_an_address.clear()
