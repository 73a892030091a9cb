"""What happens to bodies, tried on a route of its own since the first real ones take none."""

import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path
from ninja import NinjaAPI, Query

from tests.api.conftest import ClientFor
from tests.api.routes import all_routes
from tocsin.access.scopes import Scope
from tocsin.api import errors
from tocsin.api.bodies import MOST_BODY_BYTES, Body, PageQuery
from tocsin.api.guards import ApiRequest, guarded
from tocsin.api.pages import Page, page_of
from tocsin.api.v1.app import StructRenderer
from tocsin.kit.errors import Conflict, InvalidInput, LimitReached
from tocsin.kit.throttle import SlidingWindow

URL = "/api/scratch/things"


class Inner(Body):
    """Something nested."""

    size: int


class Thing(Body):
    """A body like those to come."""

    name: str
    inner: Inner | None = None


class Filters(PageQuery):
    """Query parameters like those to come."""

    pinned: bool | None = None


api = NinjaAPI(urls_namespace="scratch", openapi_url=None, docs_url=None, renderer=StructRenderer())
errors.register(api)
few = SlidingWindow("test", limit=3, seconds=60)
RAISES = {
    "conflict": Conflict("It is in use."),
    "limit": LimitReached("No room."),
    "input": InvalidInput({"name": ["Too odd."], "url": ["Too long.", "Too blue."]}),
}


@api.post("/things")
@guarded(scope=Scope.SITES_WRITE)
def make(request: ApiRequest, body: Thing) -> dict[str, Any]:
    if body.name in RAISES:
        raise RAISES[body.name]
    return {"name": body.name}


@api.get("/things")
@guarded(scope=Scope.SITES_READ)
def show(request: ApiRequest, filters: Query[Filters]) -> Page[int]:
    wanted = filters.wanted()
    every = range(30) if filters.pinned is None else range(0)
    return page_of(request, wanted, every[wanted.offset :][: wanted.per_page], len(every))


@api.get("/rare")
@guarded(any_token=True, limit=few)
def rare(request: ApiRequest) -> dict[str, Any]:
    return {}


urlpatterns = [path("api/scratch/", api.urls), path("", include("tocsin.config.urls"))]


@pytest.fixture
def client(client_for: ClientFor, alice: Any, settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    few.clear()
    return client_for(alice)


def post(client: Client, body: Any, **more: Any) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(URL, text, content_type=more.pop("content_type", "application/json"), **more)


def test_it_takes_json(client: Client) -> None:
    """With or without a charset."""
    assert post(client, {"name": "a"}).json() == {"name": "a"}
    typed = "application/json; charset=utf-8"
    assert post(client, {"name": "ü"}, content_type=typed).json() == {"name": "ü"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
def test_it_takes_nothing_but_json(kind: str, client: Client) -> None:
    """415."""
    response = post(client, {"name": "a"}, content_type=kind)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("text", ["{", "name=a", b"\xff\xfe", "[" * 100_000, '{"name": "a"} x'])
def test_it_tells_what_is_not_json(text: Any, client: Client) -> None:
    """400."""
    response = post(client, text)
    assert response.status_code == 400
    assert response.json() == {"message": "The body is not JSON.", "code": "invalid_json"}


def test_it_refuses_bodies_that_are_too_large(client: Client) -> None:
    """413, before reading them as JSON."""
    response = post(client, " " * (MOST_BODY_BYTES + 1))
    assert (response.status_code, response.json()["code"]) == (413, "payload_too_large")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b'{"name": "a"}', 200),
        (b"{", 400),
        (b"", 422),
        (b" " * (MOST_BODY_BYTES + 2), 413),
    ],
)
def test_it_reads_bodies_that_come_in_chunks(text: bytes, status: int, client: Client) -> None:
    """Without a length, and no further than the limit."""
    stream = io.BytesIO(text)
    environ = {
        "wsgi.input": stream,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": "",
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    response = client.post(URL, **environ)
    assert response.status_code == status
    assert stream.tell() <= MOST_BODY_BYTES + 1


def test_it_names_each_field_that_is_wrong(client: Client) -> None:
    """Dotted names; the message is the first error and how many more."""
    response = post(client, {"inner": {"size": "x", "colour": 1}, "nmae": "a"})
    assert response.status_code == 422
    body = response.json()
    assert body["code"] == "validation_failed"
    assert set(body["errors"]) == {"name", "nmae", "inner.size", "inner.colour"}
    assert body["message"].endswith("(and 3 more errors)")
    assert body["errors"]["nmae"] == ["There is no field of this name."]


@pytest.mark.parametrize("body", ["[]", '"text"', "1", "null"])
def test_it_refuses_json_that_is_no_object(body: str, client: Client) -> None:
    """422 on the body as a whole."""
    response = post(client, body)
    assert response.status_code == 422
    assert set(response.json()["errors"]) in ({"body"}, {"name"})


def test_it_repeats_no_token_that_stands_in_a_body(client: Client) -> None:
    """Not even as the name of a field."""
    token = "toc_pat_" + "a" * 46
    assert "aaaa" not in post(client, {"name": "a", token: token}).content.decode()


def test_it_judges_before_it_reads(client_for: ClientFor, alice: Any, client: Client) -> None:
    """Without the scope, a broken body is not even looked at."""
    reader = client_for(alice, scopes=[Scope.SITES_READ])
    assert post(reader, "{").status_code == 403
    assert post(client, "{").status_code == 400


def test_it_judges_query_parameters(client: Client) -> None:
    """Known ones are validated, unknown ones refused."""
    assert client.get(f"{URL}?page=2&pinned=true").json()["data"] == []
    for query in ("page=0", "page=x", "per_page=101", "per_page=0"):
        errors_of = client.get(f"{URL}?{query}").json()["errors"]
        assert set(errors_of) == {query.partition("=")[0]}
    assert set(client.get(f"{URL}?page=1&pgae=2").json()["errors"]) == {"pgae"}


def test_it_pages_through_a_list(client: Client) -> None:
    """Links are absolute and keep the other parameters; a page past the end is empty."""
    body = client.get(f"{URL}?per_page=20&page=2").json()
    base = f"http://127.0.0.1:8000{URL}?per_page=20&page="
    assert body["data"] == list(range(20, 30))
    assert body["links"] == {
        "first": f"{base}1",
        "last": f"{base}2",
        "prev": f"{base}1",
        "next": None,
    }
    assert body["meta"] == {
        "current_page": 2,
        "from": 21,
        "last_page": 2,
        "path": f"http://127.0.0.1:8000{URL}",
        "per_page": 20,
        "to": 30,
        "total": 30,
    }
    far = client.get(f"{URL}?page=" + "9" * 30).json()
    assert (far["data"], far["meta"]["from"], far["meta"]["to"]) == ([], None, None)


BODIES = [
    model
    for route in all_routes()
    for model in route.operation.models
    if model.__ninja_param_source__ == "body"
]


def test_it_forbids_unknown_fields_in_every_body() -> None:
    """Each body of the API is a `Body`."""
    for model in BODIES:
        for field in model.model_fields.values():
            assert issubclass(field.annotation, Body)


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("conflict", 409, "conflict"),
        ("limit", 422, "limit_reached"),
        ("input", 422, "validation_failed"),
    ],
)
def test_it_says_what_the_domain_refused(name: str, status: int, code: str, client: Client) -> None:
    """Domain errors have one answer each."""
    response = post(client, {"name": name})
    assert (response.status_code, response.json()["code"]) == (status, code)
    if name == "input":
        assert response.json()["message"] == "Too odd. (and 2 more errors)"
        assert response.json()["errors"]["url"] == ["Too long.", "Too blue."]


def test_it_tells_the_tighter_of_two_limits(client: Client) -> None:
    """A route of its own limit: its numbers are the headers, and its 429 comes first."""
    answers = [client.get("/api/scratch/rare") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer["X-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert answers[3]["X-RateLimit-Limit"] == "3"
    assert int(answers[3]["Retry-After"]) > 0
    assert client.get(URL)["X-RateLimit-Limit"] == "120"


def test_it_refuses_a_declaration_that_guards_nothing() -> None:
    """A mistake in the code, found when it is loaded."""
    with pytest.raises(TypeError):
        guarded()
    with pytest.raises(TypeError):
        guarded(scope=Scope.SITES_READ, any_token=True)
