"""Every answer is one that /openapi/v1.json describes, whoever asks whatever."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from tests.api.conftest import MakeToken, make_issue
from tests.api.described import CHECKS, ask, load, undone, with_a_site
from tests.api.routes import PREFIX, Route, all_routes
from tocsin.access.scopes import Scope

ROUTES = all_routes()
CAST = {"owner": "alice", "admin": "adam", "member": "bob", "viewer": "vera", "outsider": "mallory"}
EXAMPLES = {"owner": 24, "admin": 6, "member": 6, "viewer": 6, "outsider": 4, "under-scoped": 4}
QUIET = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="session")
def described() -> Any:
    """The description, read once."""
    return load()


@pytest.fixture
def token_of(request: pytest.FixtureRequest, make_token: MakeToken) -> Callable[[str], str]:
    """Return a token of somebody by their role; an under-scoped one has a scope that few need."""

    def make(role: str) -> str:
        if role == "under-scoped":
            alice = request.getfixturevalue("alice")
            return make_token(alice, scopes=[Scope.CHECKS_DELETE]).plaintext
        return make_token(request.getfixturevalue(CAST[role])).plaintext

    return make


def operation_of(described: Any, route: Route) -> Any:
    return described[PREFIX + re.sub(r"\{\w+:", "{", route.path)][route.method]


@pytest.mark.parametrize("role", EXAMPLES)
@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_it_answers_as_it_is_described(
    route: Route,
    role: str,
    described: Any,
    token_of: Callable[[str], str],
    named: dict[str, Any],
) -> None:
    """What is allowed and what is not, about things that are there and things that are not."""
    token, operation = token_of(role), operation_of(described, route)
    known = {
        name: value if isinstance(value, int) else str(value)
        for name, value in named.items()
        if f":{name}}}" in route.path
    }
    allowed = operation.as_strategy(GenerationMode.POSITIVE, path_parameters=known)
    wrong = operation.as_strategy(GenerationMode.NEGATIVE, path_parameters=known)
    absent = operation.as_strategy(GenerationMode.POSITIVE)

    @settings(QUIET, max_examples=EXAMPLES[role])
    @given(case=allowed | allowed.map(with_a_site) | wrong | absent)
    def every(case: Any) -> None:
        with undone():
            ask(case, token)

    every()


def test_it_keeps_to_its_description_on_the_way_along_its_links(
    described: Any, token_of: Callable[[str], str], site: Any
) -> None:
    """From teams to sites, from sites to checks: each answer's values in the next request."""
    headers = {"Authorization": f"Bearer {token_of('owner')}"}
    make_issue(site)
    followed: list[int] = []

    class Walk(described.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.database = undone()
            self.database.__enter__()

        def teardown(self) -> None:
            self.database.__exit__(None, None, None)

        def before_call(self, case: Any) -> None:
            with_a_site(case)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": headers}

        def validate_response(self, response: Any, case: Any, **_: Any) -> None:
            case.validate_response(response, checks=CHECKS)
            if case.path_parameters and response.status_code < 300:
                followed.append(response.status_code)

    Walk.run(settings=settings(QUIET, max_examples=25, stateful_step_count=8))
    assert len(followed) > 20


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ({"data": {"name": 5}}, "Response violates schema"),
        (HttpResponse(status=418, content=b"{}", content_type="application/json"), "Undocumented"),
        (HttpResponse(b"<p>", content_type="text/html"), "Undocumented Content-Type"),
        (ZeroDivisionError("planted"), "Server error"),
    ],
)
def test_it_would_tell(
    answer: Any,
    complaint: str,
    described: Any,
    token_of: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A planted fault of each kind is found."""
    route = next(route for route in ROUTES if route.path == "/token")

    def faulty(*_: Any, **__: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(route.operation, "view_func", faulty)
    case = operation_of(described, route).Case()
    with pytest.raises(FailureGroup) as found:
        ask(case, token_of("owner"))
    assert complaint in "\n".join(str(each.title) for each in found.value.exceptions)
