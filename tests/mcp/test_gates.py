"""Every tool against every kind of caller: the verdict of the API for the same user and scopes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from tests.api.conftest import ClientFor, client_for, make_token  # noqa: F401 - fixtures
from tests.mcp.conftest import perform, principal_of
from tocsin.access.scopes import Scope
from tocsin.kit.errors import DomainError, NotFound
from tocsin.mcp.operation import RefusedError
from tocsin.mcp.registry import TOOLS

# The same thing, asked for through the other door.
ROUTES = {
    "list_teams": "GET /teams",
    "list_sites": "GET /teams/{team_id}/sites",
    "get_site": "GET /sites/{site_uuid}",
    "list_checks": "GET /sites/{site_uuid}/checks",
    "get_check": "GET /checks/{check_uuid}",
    "list_issues": "GET /issues?team={team_id}",
    "get_issue": "GET /issues/{issue_uuid}",
    "run_check": "POST /sites/{site_uuid}/checks",
    "get_uptime_report": "GET /sites/{site_uuid}/reports/uptime",
    "get_performance_report": "GET /sites/{site_uuid}/reports/performance",
    "acknowledge_issue": "POST /issues/{issue_uuid}/acknowledge",
}
ALL = tuple(Scope)


@dataclass(frozen=True)
class Caller:
    """Who calls, with which scopes."""

    user: Any
    scopes: tuple[Scope, ...] = ALL


Case = Callable[[pytest.FixtureRequest, Any, frozenset[Scope]], Caller]


def person(name: str) -> Case:
    return lambda request, _, __: Caller(request.getfixturevalue(name))


def unverified(request: pytest.FixtureRequest, _: Any, __: frozenset[Scope]) -> Caller:
    alice = request.getfixturevalue("alice")
    type(alice).objects.filter(pk=alice.pk).update(email_verified_at=None)
    return Caller(alice)


def missing_scope(request: pytest.FixtureRequest, _: Any, needed: frozenset[Scope]) -> Caller:
    others = tuple(scope for scope in Scope if scope not in needed)
    return Caller(request.getfixturevalue("alice"), others)


def no_second_factor(request: pytest.FixtureRequest, team: Any, __: frozenset[Scope]) -> Caller:
    type(team).objects.filter(pk=team.pk).update(require_two_factor=True)
    return Caller(request.getfixturevalue("alice"))


def second_factor(request: pytest.FixtureRequest, team: Any, __: frozenset[Scope]) -> Caller:
    caller = no_second_factor(request, team, __)
    Authenticator.objects.get_or_create(user=caller.user, type="totp", defaults={"data": {}})
    return caller


def inactive_plan(request: pytest.FixtureRequest, team: Any, __: frozenset[Scope]) -> Caller:
    type(team).objects.filter(pk=team.pk).update(plan_state="inactive")
    return Caller(request.getfixturevalue("alice"))


CASES: dict[str, Case] = {
    "owner": person("alice"),
    "admin": person("adam"),
    "member": person("bob"),
    "viewer": person("vera"),
    "outsider": person("mallory"),
    "unverified": unverified,
    "missing_scope": missing_scope,
    "no_second_factor": no_second_factor,
    "second_factor": second_factor,
    "inactive_plan": inactive_plan,
}


def test_it_knows_a_route_for_every_tool() -> None:
    """A new tool joins the matrix."""
    assert set(ROUTES) == set(TOOLS)


@pytest.mark.parametrize("tool", TOOLS)
def test_it_declares_its_gates(tool: str) -> None:
    """Each tool needs at least one scope, and what belongs to a team a permission."""
    assert TOOLS[tool].scopes({})
    assert TOOLS[tool].permission is not None or tool in {"list_teams", "list_issues"}


@pytest.mark.parametrize("case", CASES)
def test_it_answers_as_the_api_does(
    case: str,
    team: Any,
    named: dict[str, Any],
    request: pytest.FixtureRequest,
    client_for: ClientFor,  # noqa: F811
) -> None:
    """Case by tool: passed by both doors, or refused by both with one code."""
    answers = {tool: _answers(tool, case, team, named, request, client_for) for tool in TOOLS}
    assert {tool: by_tool for tool, (by_tool, _) in answers.items()} == {
        tool: by_api for tool, (_, by_api) in answers.items()
    }


def _answers(
    tool: str,
    case: str,
    team: Any,
    named: dict[str, Any],
    request: pytest.FixtureRequest,
    client_for: ClientFor,  # noqa: F811
) -> tuple[str | None, str | None]:
    """Return the code with which tool and API refuse, None where they do not."""
    caller = CASES[case](request, team, TOOLS[tool].scopes({}))
    method, _, path = ROUTES[tool].partition(" ")
    # The tool first: what the API does to the thing must not change the verdict.
    by_tool = _refusal(tool, caller, named)
    client = client_for(caller.user, scopes=caller.scopes)
    response = client.generic(method, f"/api/v1{path}".format(**named))
    # Run twice is too soon for run_check (422): it passed the gates all the same.
    passed = response.status_code in {200, 202, 422}
    return by_tool, None if passed else response.json()["code"]


def _refusal(tool: str, caller: Caller, named: dict[str, Any]) -> str | None:
    principal = principal_of(caller.user, caller.scopes)
    known = {field for field in TOOLS[tool].arguments.__struct_fields__ if field in named}
    if tool == "list_issues":
        known = {"team_id"}
    try:
        perform(TOOLS[tool], principal, {field: named[field] for field in known})
    except RefusedError as error:
        return error.verdict.code
    except NotFound as error:
        return error.code
    except DomainError as error:
        pytest.fail(f"neither passed nor refused: {error}")
    return None
