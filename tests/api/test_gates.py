"""Every route against every kind of caller: the contract's status, code and challenge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.api.conftest import MakeToken, carrying
from tests.api.routes import Route, all_routes
from tocsin.access import actions
from tocsin.access.permissions import PLAN_FREE, ROLE_PERMISSIONS
from tocsin.access.principal import SYSTEM
from tocsin.access.roles import Role
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind
from tocsin.kit import clock

ROUTES = all_routes()
PLAIN = 'Bearer realm="tocsin"'
INVALID = f'{PLAIN}, error="invalid_token", error_description='
NOBODY = "01890000-0000-7000-8000-000000000000"
ABSENT = {"team": 999_999_999, "site": NOBODY, "check": NOBODY, "issue": NOBODY}
# What a route cannot do without.
QUERIES = {"slots": "?tool=status"}


@dataclass(frozen=True)
class Answer:
    """What the contract wants; None for a field that nobody may send."""

    status: int
    code: str | None = None
    challenge: str | None = None
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Scene:
    """Everybody and everything that a case may use or change."""

    team: Any
    site: Any
    people: dict[str, Any]
    make_token: MakeToken
    named: dict[str, object]

    def values(self) -> dict[str, object]:
        return self.named

    def as_role(self, role: Role, **more: Any) -> Client:
        return carrying(self.make_token(self.people[role], **more).plaintext)


@pytest.fixture
def scene(
    request: pytest.FixtureRequest,
    team: Any,
    site: Any,
    make_token: MakeToken,
    named: dict[str, object],
) -> Scene:
    cast = {
        "owner": "alice",
        "admin": "adam",
        "member": "bob",
        "viewer": "vera",
        "outsider": "mallory",
    }
    people = {role: request.getfixturevalue(name) for role, name in cast.items()}
    return Scene(team, site, people, make_token, named)


def invalid(description: str, code: str = "invalid_token") -> Answer:
    return Answer(401, code, f'{INVALID}"{description}"')


Case = Callable[[Scene, Route], tuple[Client, Answer]]
CASES: dict[str, Case] = {}


def case(function: Case) -> Case:
    CASES[function.__name__] = function
    return function


@case
def no_token(_: Scene, __: Route) -> tuple[Client, Answer]:
    return Client(), Answer(401, "unauthenticated", PLAIN)


@case
def garbage(_: Scene, __: Route) -> tuple[Client, Answer]:
    return carrying("garbage"), invalid("The token is not valid.")


@case
def another_scheme(scene: Scene, _: Route) -> tuple[Client, Answer]:
    text = scene.make_token(scene.people["owner"]).plaintext
    return Client(headers={"authorization": f"Basic {text}"}), invalid("The token is not valid.")


@case
def truncated(scene: Scene, _: Route) -> tuple[Client, Answer]:
    text = scene.make_token(scene.people["owner"]).plaintext
    return carrying(text[:-1]), invalid("The token is not valid.")


@case
def wrong_checksum(scene: Scene, _: Route) -> tuple[Client, Answer]:
    text = scene.make_token(scene.people["owner"]).plaintext
    return carrying(text[:-1] + ("a" if text[-1] != "a" else "b")), invalid(
        "The token is not valid."
    )


@case
def another_audience(scene: Scene, _: Route) -> tuple[Client, Answer]:
    token = scene.make_token(scene.people["owner"], [Scope.TEAMS_READ], kind=TokenKind.MCP)
    return carrying(token.plaintext), invalid("The token is not valid.")


@case
def expired(scene: Scene, _: Route) -> tuple[Client, Answer]:
    past = clock.now() - timedelta(seconds=1)
    client = scene.as_role(Role.OWNER, expires_at=past)
    return client, invalid("The token has expired.", "token_expired")


@case
def revoked(scene: Scene, _: Route) -> tuple[Client, Answer]:
    token = scene.make_token(scene.people["owner"])
    actions.revoke_token(SYSTEM, token.row.pk)
    return carrying(token.plaintext), invalid("The token was revoked.", "token_revoked")


@case
def disabled_owner(scene: Scene, _: Route) -> tuple[Client, Answer]:
    client = scene.as_role(Role.OWNER)
    type(scene.people["owner"]).objects.filter(pk=scene.people["owner"].pk).update(is_active=False)
    return client, invalid("The account of this token is disabled.")


@case
def unverified(scene: Scene, _: Route) -> tuple[Client, Answer]:
    owner = scene.people["owner"]
    type(owner).objects.filter(pk=owner.pk).update(email_verified_at=None)
    return scene.as_role(Role.OWNER), Answer(403, "email_unverified")


@case
def missing_scope(scene: Scene, route: Route) -> tuple[Client, Answer]:
    needed = _guard(route).required_scope
    others = [scope for scope in Scope if scope != needed]
    if needed is None:
        return scene.as_role(Role.OWNER, scopes=others), Answer(200)
    challenge = f'Bearer error="insufficient_scope", scope="{needed}"'
    return scene.as_role(Role.OWNER, scopes=others), Answer(
        403, "insufficient_scope", challenge, (("required_scope", needed),)
    )


@case
def outsider(scene: Scene, route: Route) -> tuple[Client, Answer]:
    client = carrying(scene.make_token(scene.people["outsider"]).plaintext)
    return client, Answer(200) if _guard(route).permission is None else Answer(404, "not_found")


@case
def team_wants_two_factor(scene: Scene, route: Route) -> tuple[Client, Answer]:
    type(scene.team).objects.filter(pk=scene.team.pk).update(require_two_factor=True)
    if _guard(route).permission is None:
        return scene.as_role(Role.OWNER), Answer(200)
    return scene.as_role(Role.OWNER), Answer(403, "two_factor_required")


@case
def team_wants_two_factor_and_has_it(scene: Scene, route: Route) -> tuple[Client, Answer]:
    type(scene.team).objects.filter(pk=scene.team.pk).update(require_two_factor=True)
    Authenticator.objects.create(user=scene.people["owner"], type="totp", data={})
    return scene.as_role(Role.OWNER), _passed(route)


@case
def recovery_codes_are_no_second_factor(scene: Scene, route: Route) -> tuple[Client, Answer]:
    type(scene.team).objects.filter(pk=scene.team.pk).update(require_two_factor=True)
    Authenticator.objects.create(user=scene.people["owner"], type="recovery_codes", data={})
    if _guard(route).permission is None:
        return scene.as_role(Role.OWNER), Answer(200)
    return scene.as_role(Role.OWNER), Answer(403, "two_factor_required")


@case
def inactive_plan(scene: Scene, route: Route) -> tuple[Client, Answer]:
    type(scene.team).objects.filter(pk=scene.team.pk).update(plan_state="inactive")
    permission = _guard(route).permission
    if permission is None or permission in PLAN_FREE or not _guard(route).needs_plan:
        return scene.as_role(Role.OWNER), _passed(route)
    return scene.as_role(Role.OWNER), Answer(402, "plan_inactive")


@case
def viewer(scene: Scene, route: Route) -> tuple[Client, Answer]:
    return scene.as_role(Role.VIEWER), _by_role(route, Role.VIEWER)


@case
def member(scene: Scene, route: Route) -> tuple[Client, Answer]:
    return scene.as_role(Role.MEMBER), _by_role(route, Role.MEMBER)


@case
def admin(scene: Scene, route: Route) -> tuple[Client, Answer]:
    return scene.as_role(Role.ADMIN), _by_role(route, Role.ADMIN)


@case
def owner(scene: Scene, route: Route) -> tuple[Client, Answer]:
    return scene.as_role(Role.OWNER), _by_role(route, Role.OWNER)


def _by_role(route: Route, role: Role) -> Answer:
    permission = _guard(route).permission
    if permission is None or permission in ROLE_PERMISSIONS[role]:
        return _passed(route)
    return Answer(403, "permission_denied", None, (("required_permission", permission),))


def _passed(route: Route) -> Answer:
    # What a route that writes says to an empty request is for its own tests; here it is past
    # the gates.
    return Answer(200 if route.method == "GET" else 0)


def _guard(route: Route) -> Any:
    assert route.guard is not None, f"{route} declares no gates"
    return route.guard


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_it_declares_its_gates(route: Route) -> None:
    """A handler without a guard cannot be merged."""
    _guard(route)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_it_answers_as_the_contract_says(route: Route, name: str, scene: Scene) -> None:
    """Route by case: status, code, challenge, request id, quota."""
    client, wanted = CASES[name](scene, route)
    query = QUERIES.get(route.path.rpartition("/")[2], "")
    response = client.generic(route.method, route.url(**scene.values()) + query)
    if wanted.status == 0:
        assert response.status_code not in {401, 402, 403, 404}
        return
    assert response.status_code == wanted.status
    assert response.headers.get("WWW-Authenticate") == wanted.challenge
    assert len(response["X-Request-Id"]) == 32
    assert int(response["X-RateLimit-Remaining"]) < int(response["X-RateLimit-Limit"]) + 1
    if wanted.code is not None:
        body = response.json()
        assert body["code"] == wanted.code
        assert {"message", "code", *dict(wanted.more)} == set(body)
        assert {key: body[key] for key, _ in wanted.more} == dict(wanted.more)


OF_A_TEAM = [route for route in ROUTES if route.guard and route.guard.permission]


@pytest.mark.parametrize("route", OF_A_TEAM, ids=str)
def test_it_hides_whether_a_foreign_thing_exists(
    route: Route, scene: Scene, django_assert_num_queries: Any
) -> None:
    """Absent and not yours: the same bytes for the same number of queries."""
    client = carrying(scene.make_token(scene.people["outsider"]).plaintext)
    client.generic(route.method, route.url(**scene.values()))
    with django_assert_num_queries(2):
        foreign = client.generic(route.method, route.url(**scene.values()))
    with django_assert_num_queries(2):
        absent = client.generic(route.method, route.url(**ABSENT))
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert absent.status_code == 404
    changing = {"X-Request-Id", "X-RateLimit-Remaining", "X-RateLimit-Reset"}
    assert {key: value for key, value in foreign.headers.items() if key not in changing} == {
        key: value for key, value in absent.headers.items() if key not in changing
    }
