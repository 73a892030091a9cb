"""How the API speaks HTTP; contract, section 2."""

import json
import logging
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.conftest import ClientFor, MakeToken, carrying
from tests.api.routes import PREFIX, all_routes
from tocsin.api import limits
from tocsin.api.v1 import identity
from tocsin.audit.models import Entry

NOT_FOUND = b'{"message":"Not found.","code":"not_found"}'


@pytest.mark.parametrize(
    "path",
    [
        "/teams/0",
        "/teams/x",
        "/teams/1.5",
        "/teams/-1",
        "/teams/" + "9" * 40,
        "/teams/",
        "/nope",
        "/",
    ],
)
def test_it_answers_the_same_for_everything_that_is_not_there(
    path: str, client_for: ClientFor, alice: Any
) -> None:
    """Malformed ids, unknown paths, absent things."""
    response = client_for(alice).get(PREFIX + path)
    assert (response.status_code, response.content) == (404, NOT_FOUND)


def test_it_tells_nobody_without_a_token_what_exists(db: None) -> None:
    """Unknown path or method: the first gate answers first."""
    for method, path in (("GET", "/nope"), ("PUT", "/me"), ("OPTIONS", "/me"), ("GET", "/")):
        assert Client().generic(method, PREFIX + path).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_it_names_the_methods_that_a_path_has(
    method: str, client_for: ClientFor, alice: Any
) -> None:
    """405 with Allow."""
    response = client_for(alice).generic(method, f"{PREFIX}/me")
    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_it_answers_options_and_head(client_for: ClientFor, alice: Any) -> None:
    """OPTIONS tells the methods; HEAD is GET without its body."""
    client = client_for(alice)
    options = client.options(f"{PREFIX}/me")
    assert (options.status_code, options.content) == (204, b"")
    assert options["Allow"] == "GET, HEAD, OPTIONS"
    got, head = client.get(f"{PREFIX}/me"), client.head(f"{PREFIX}/me")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == got["Content-Length"] == str(len(got.content))
    absent, nobody = client.head(f"{PREFIX}/nope"), Client().head(f"{PREFIX}/me")
    assert (absent.status_code, absent.content) == (404, b"")
    assert (nobody.status_code, nobody.content) == (401, b"")


def test_it_gives_every_answer_an_id_of_its_own(client_for: ClientFor, alice: Any) -> None:
    """Also to refusals, and never one that the client made up."""
    client = client_for(alice)
    answers = [
        client.get(f"{PREFIX}/me", headers={"x-request-id": "mine"}),
        client.get(f"{PREFIX}/nope"),
        Client().get(f"{PREFIX}/me"),
        Client().get("/openapi/v1.json"),
    ]
    ids = {answer["X-Request-Id"] for answer in answers}
    assert len(ids) == 4
    assert all(len(each) == 32 for each in ids)


@pytest.mark.parametrize("route", all_routes(), ids=str)
def test_it_refuses_query_parameters_that_do_not_exist(
    route: Any, client_for: ClientFor, alice: Any, named: dict[str, object]
) -> None:
    """A typing error does not pass silently."""
    url = route.url(**named)
    response = client_for(alice).generic(route.method, f"{url}?no_such_parameter=1")
    assert response.status_code == 422
    assert response.json() == {
        "message": "There is no query parameter of this name.",
        "code": "validation_failed",
        "errors": {"no_such_parameter": ["There is no query parameter of this name."]},
    }


def test_it_looks_at_no_session(client: Client, alice: Any) -> None:
    """A signed-in browser is nobody here, and a token beside it counts alone."""
    client.force_login(alice)
    response = client.get(f"{PREFIX}/me")
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")
    assert "Set-Cookie" not in response.headers
    broken = client.get(f"{PREFIX}/me", headers={"authorization": "Bearer toc_pat_broken"})
    assert broken.json()["code"] == "invalid_token"


def test_it_takes_no_token_but_in_the_header(make_token: MakeToken, alice: Any) -> None:
    """Not in the address, not in a cookie, and it is not repeated in the answer."""
    text = make_token(alice).plaintext
    client = Client()
    client.cookies["token"] = client.cookies["Authorization"] = text
    for query in (f"?token={text}", f"?access_token={text}", f"?{text}"):
        response = client.get(f"{PREFIX}/me{query}")
        assert response.status_code == 401
        beside = carrying(text).get(f"{PREFIX}/me{query}")
        assert beside.status_code == 422
        assert text not in response.content.decode() + beside.content.decode()


def test_it_writes_no_token_into_logs_or_records(
    make_token: MakeToken, alice: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Wherever somebody puts one."""
    text = make_token(alice).plaintext
    secret = text.removeprefix("toc_pat_")
    caplog.set_level(logging.DEBUG)
    client = carrying(text)
    for path in (f"/teams/{text}", f"/{text}?x={text}", f"/me?{text}={text}"):
        client.get(PREFIX + path)
        Client().get(PREFIX + path)
    client.get(f"{PREFIX}/me", headers={"host": f"{secret[:20]}.example.com"})
    assert "toc_pat_" in caplog.text
    assert secret not in caplog.text
    assert secret not in str([vars(record) for record in caplog.records])
    assert secret not in str(list(Entry.objects.values()))


def test_it_refuses_a_forged_host(client_for: ClientFor, alice: Any) -> None:
    """A name that is not this installation's."""
    response = client_for(alice).get(f"{PREFIX}/me", headers={"host": "evil.example"})
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")
    assert "evil" not in response.content.decode()


def test_it_shows_no_trace_when_it_breaks(
    client_for: ClientFor,
    alice: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The reason is in the log, not in the answer."""

    def fail(_: Any) -> None:
        raise ZeroDivisionError("the secret reason")

    monkeypatch.setattr(identity, "teams_of", fail)
    response = client_for(alice).get(f"{PREFIX}/me")
    assert response.status_code == 500
    assert response.json() == {"message": "Server error.", "code": "server_error"}
    assert "the secret reason" in caplog.text
    assert response["X-Request-Id"]
    assert response["X-RateLimit-Limit"] == "120"


def test_it_limits_requests_a_token(client_for: ClientFor, alice: Any) -> None:
    """120 a minute; another token of the same user has its own."""
    client = client_for(alice)
    left = [int(client.get(f"{PREFIX}/nope")["X-RateLimit-Remaining"]) for _ in range(120)]
    assert left == list(range(119, -1, -1))
    refused = client.get(f"{PREFIX}/me")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["X-RateLimit-Limit"] == "120"
    assert refused["X-RateLimit-Remaining"] == "0"
    assert client_for(alice).get(f"{PREFIX}/me").status_code == 200


def test_it_limits_failed_authentications_an_address(client_for: ClientFor, alice: Any) -> None:
    """60 a minute; a good token from there still passes, and so does another address."""
    bad = carrying("toc_pat_wrong")
    statuses = [bad.get(f"{PREFIX}/me").status_code for _ in range(61)]
    assert statuses == [401] * 60 + [429]
    assert client_for(alice).get(f"{PREFIX}/me").status_code == 200
    assert bad.get(f"{PREFIX}/me", REMOTE_ADDR="192.0.2.1").status_code == 401


def test_it_tells_the_quota_on_every_answer(client_for: ClientFor, alice: Any) -> None:
    """Of the token where there is a good one, else of the address."""
    assert client_for(alice).get(f"{PREFIX}/me")["X-RateLimit-Limit"] == "120"
    assert Client().get(f"{PREFIX}/me")["X-RateLimit-Limit"] == "60"
    assert limits.failures_an_address.peek("127.0.0.1").remaining == 60


odd_text = st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=40)


@settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    method=st.sampled_from(["GET", "HEAD", "POST", "DELETE", "OPTIONS", "BREW"]),
    path=st.sampled_from(["/me", "/teams", "/teams/1"]) | odd_text.map("/".__add__),
    query=odd_text,
    header=odd_text,
    with_token=st.booleans(),
)
def test_it_never_breaks(
    odd_token: str, method: str, path: str, query: str, header: str, with_token: bool
) -> None:
    """Whatever is sent: an answer of the contract, as JSON, with an id."""
    limits.requests_a_token.clear()
    limits.failures_an_address.clear()
    response = Client().generic(
        method,
        PREFIX + quote(path),
        QUERY_STRING=quote(query, safe="=&"),
        HTTP_AUTHORIZATION=f"Bearer {odd_token}" if with_token else header,
    )
    assert response.status_code in {200, 204, 401, 404, 405, 422}
    assert response["X-Request-Id"]
    if response.content:
        json.loads(response.content)


@pytest.fixture
def odd_token(make_token: MakeToken, alice: Any) -> str:
    """A good token of alice's."""
    return make_token(alice).plaintext
