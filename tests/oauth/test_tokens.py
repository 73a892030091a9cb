"""Swapping codes and refresh tokens: once, by whom they were made for, as they were made."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Http

from tests.oauth.program import Program
from tocsin.audit.models import Entry
from tocsin.kit import clock
from tocsin.oauth import bearer, issuing, lifetimes
from tocsin.oauth.bearer import Bearer
from tocsin.oauth.endpoints import limits
from tocsin.oauth.models import AccessToken, AuthorizationCode, Grant, RefreshToken


def works(token: str) -> bool:
    return isinstance(bearer.resolve(token, now=clock.now()), Bearer)


def test_it_gives_tokens_for_a_code(program: Program, alice: Any) -> None:
    answer = program.swap(program.code(alice))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert answer["Access-Control-Allow-Origin"] == "*"
    body = answer.json()
    assert re.fullmatch("toc_oat_[0-9A-Za-z]{46}", body["access_token"])
    assert re.fullmatch("toc_ort_[0-9A-Za-z]{46}", body["refresh_token"])
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    assert body["scope"] == "teams:read sites:read"
    assert works(body["access_token"])


def test_it_keeps_nothing_that_could_be_used(program: Program, alice: Any) -> None:
    code = program.code(alice)
    body = program.swap(code).json()
    stored = [
        *AuthorizationCode.objects.values_list("code", flat=True),
        *AccessToken.objects.values_list("token", "token_checksum"),
        *RefreshToken.objects.values_list("token", "token_checksum"),
    ]
    for secret in (code, body["access_token"], body["refresh_token"]):
        assert secret not in str(stored)


def test_a_code_is_good_once_and_its_second_use_takes_back_what_it_gave(
    program: Program, alice: Any
) -> None:
    code = program.code(alice)
    body = program.swap(code).json()
    again = program.swap(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert not works(body["access_token"])
    assert program.refresh(body["refresh_token"]).json()["error"] == "invalid_grant"
    entry = Entry.objects.get(action="oauth_grant.revoked")
    assert (entry.kind, entry.after) == ("system", {"reason": "code_reused"})


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code": "nothing"}, "invalid_grant"),
        ({"code": None}, "invalid_request"),
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "another-verifier-that-is-long-enough-0123456789"}, "invalid_grant"),
        ({"redirect_uri": "https://client.example/callbacks"}, "invalid_grant"),
        ({"redirect_uri": "https://client.example/Callback"}, "invalid_grant"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_id": None}, "invalid_client"),
        ({"client_id": "a\x00b"}, "invalid_client"),
        ({"client_id": "https://unknown.example/client.json"}, "invalid_client"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, "unsupported_grant_type"),
        ({"grant_type": None}, "unsupported_grant_type"),
        ({"resource": "https://elsewhere.example/mcp"}, "invalid_target"),
    ],
)
def test_it_refuses_a_request_that_is_not_as_it_was_made(
    program: Program, alice: Any, changes: dict[str, str | None], error: str
) -> None:
    answer = program.swap(program.code(alice), **changes)
    assert answer.json()["error"] == error
    assert answer.status_code == (401 if error == "invalid_client" else 400)
    assert not AccessToken.objects.exists()


def test_another_client_cannot_use_a_code(program: Program, alice: Any) -> None:
    made = Http().post(
        "/oauth/register",
        {"redirect_uris": [program.redirect_uri]},
        content_type="application/json",
    )
    thief = Program(made.json()["client_id"], program.redirect_uri)
    code = program.code(alice)
    assert thief.swap(code).json()["error"] == "invalid_grant"
    assert program.swap(code).status_code == 200


def test_parameters_of_a_client_are_never_taken_for_our_own_notes(
    program: Program, alice: Any
) -> None:
    assert program.swap(program.code(alice), held="x", user="x", scopes="x").status_code == 200
    answer = program.swap("nothing", held="x", redirect_uri=None)
    assert answer.json()["error"] == "invalid_grant"


def test_an_expired_code_is_refused(program: Program, alice: Any) -> None:
    code = program.code(alice)
    AuthorizationCode.objects.update(expires=clock.now())
    assert program.swap(code).json()["error"] == "invalid_grant"


def test_the_redirect_uri_may_be_left_out_with_the_code(program: Program, alice: Any) -> None:
    assert program.swap(program.code(alice), redirect_uri=None).status_code == 200


def test_it_gives_the_default_scopes_to_who_names_none(program: Program, alice: Any) -> None:
    body = program.connect(alice, scope=None)
    assert body["scope"] == "teams:read sites:read checks:read checks:run issues:read"


def test_it_binds_tokens_of_who_names_no_resource_to_ours(program: Program, alice: Any) -> None:
    code = program.code(alice, resource=None)
    assert works(program.swap(code, resource=None).json()["access_token"])


def test_refreshing_gives_a_new_pair_and_ends_the_old_one(program: Program, alice: Any) -> None:
    first = program.connect(alice)
    second = program.refresh(first["refresh_token"]).json()
    assert works(second["access_token"])
    assert not works(first["access_token"])
    assert second["refresh_token"] != first["refresh_token"]
    assert Grant.objects.count() == 1


def test_a_second_use_of_a_refresh_token_ends_the_whole_family(
    program: Program, alice: Any
) -> None:
    first = program.connect(alice)
    second = program.refresh(first["refresh_token"]).json()
    reused = program.refresh(first["refresh_token"])
    assert (reused.status_code, reused.json()["error"]) == (400, "invalid_grant")
    assert not works(second["access_token"])
    assert program.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert Grant.objects.get().revoke_reason == "refresh_reused"


def test_a_refresh_may_narrow_and_what_follows_is_whole_again(program: Program, alice: Any) -> None:
    narrow = program.refresh(program.connect(alice)["refresh_token"], scope="teams:read").json()
    assert narrow["scope"] == "teams:read"
    whole = program.refresh(narrow["refresh_token"]).json()
    assert whole["scope"] == "teams:read sites:read"
    wider = program.refresh(whole["refresh_token"], scope="checks:run")
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope")


def test_a_refresh_for_another_resource_is_refused_and_costs_nothing(
    program: Program, alice: Any
) -> None:
    first = program.connect(alice)
    elsewhere = program.refresh(first["refresh_token"], resource="https://elsewhere.example")
    assert elsewhere.json()["error"] == "invalid_target"
    assert program.refresh(first["refresh_token"]).status_code == 200


def test_a_refresh_token_that_lay_unused_for_a_month_is_refused(
    program: Program, alice: Any
) -> None:
    first = program.connect(alice)
    RefreshToken.objects.update(created=clock.now() - lifetimes.REFRESH)
    assert program.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_deactivated_person_lets_nobody_in(program: Program, alice: Any) -> None:
    code, first = program.code(alice), program.connect(alice)
    alice.is_active = False
    alice.save()
    assert not works(first["access_token"])
    assert program.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert program.swap(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_a_client_can_give_its_access_back(program: Program, alice: Any, which: str) -> None:
    body = program.connect(alice)
    answer = program.revoke(body[which])
    assert (answer.status_code, answer.content) == (200, b"")
    assert not works(body["access_token"])
    assert program.refresh(body["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_client_cannot_give_back_what_is_not_its_own(program: Program, alice: Any) -> None:
    body = program.connect(alice)
    made = Http().post(
        "/oauth/register",
        {"redirect_uris": ["https://x.example/"]},
        content_type="application/json",
    )
    other = Program(made.json()["client_id"], "https://x.example/")
    assert other.revoke(body["access_token"]).status_code == 200
    assert program.revoke("nothing").status_code == 200
    assert works(body["access_token"])


def test_the_loser_of_a_race_gets_nothing(program: Program, alice: Any) -> None:
    pair = issuing.Pair("a", "b", "teams:read", 3600)
    program.code(alice)
    code = AuthorizationCode.objects.get()
    assert issuing.redeem(code, pair)
    assert not issuing.redeem(code, pair)
    held = RefreshToken.objects.get()
    assert issuing.rotate(held, issuing.Pair("c", "d", "teams:read", 3600))
    assert not issuing.rotate(held, issuing.Pair("e", "f", "teams:read", 3600))
    assert AccessToken.objects.count() == 1


def test_a_pair_does_not_show_itself() -> None:
    assert "secret" not in repr(issuing.Pair("secret", "secret", "teams:read", 3600))


def test_it_slows_down_an_address_that_guesses(program: Program) -> None:
    for _ in range(limits.failures_an_address.limit):
        assert program.swap("guess").status_code == 400
    answer = program.swap("guess")
    assert answer.status_code == 429
    assert timedelta(seconds=int(answer["Retry-After"])) <= timedelta(minutes=1)


@pytest.mark.parametrize("name", ["token", "revoke", "register", "introspect"])
def test_endpoints_answer_pages_of_any_origin_and_one_method(name: str, db: None) -> None:
    http = Http(headers={"origin": "https://inspector.example"})
    preflight = http.options(f"/oauth/{name}")
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Origin"] == "*"
    assert "POST" in preflight["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Credentials" not in preflight
    assert http.get(f"/oauth/{name}").status_code == 405
