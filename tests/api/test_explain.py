"""The explanation agrees with what the API really answers."""

import itertools
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from tests.api.conftest import MakeToken, carrying
from tocsin.access.explain import explain
from tocsin.access.failures import Failure
from tocsin.access.permissions import Permission
from tocsin.access.queries import principal_of_token
from tocsin.access.scopes import Scope
from tocsin.teams.queries import standing_of

GATE_OF_CODE = {
    "invalid_token": 1,
    "token_revoked": 1,
    "token_expired": 1,
    "email_unverified": 2,
    "insufficient_scope": 3,
    "not_found": 4,
    "two_factor_required": 5,
    "plan_inactive": 6,
    "permission_denied": 7,
}
FLAWS = ("disabled", "unverified", "scopeless", "strict_team", "inactive_plan", "outsider")


@pytest.mark.parametrize("weak", [True, False], ids=["no second factor", "second factor"])
def test_it_agrees_with_the_answer(
    weak: bool, team: Any, vera: Any, mallory: Any, make_token: MakeToken
) -> None:
    """Every combination of flaws, on a real request."""
    users, teams = type(vera).objects, type(team).objects
    if not weak:
        Authenticator.objects.create(user=vera, type="totp", data={})
    tokens = {
        (person, scope): make_token(person, [scope])
        for person in (vera, mallory)
        for scope in (Scope.TEAMS_READ, Scope.SITES_READ)
    }
    seen = set()
    for flaws in itertools.product([False, True], repeat=len(FLAWS)):
        has = dict(zip(FLAWS, flaws, strict=True))
        person = mallory if has["outsider"] else vera
        users.filter(pk=person.pk).update(
            is_active=not has["disabled"],
            email_verified_at=None if has["unverified"] else person.email_verified_at,
        )
        teams.filter(pk=team.pk).update(
            require_two_factor=has["strict_team"],
            plan_state="inactive" if has["inactive_plan"] else "active",
        )
        token = tokens[person, Scope.SITES_READ if has["scopeless"] else Scope.TEAMS_READ]
        principal = principal_of_token(token.row.pk)
        standing = None if isinstance(principal, Failure) else standing_of(principal, team.pk)
        told = explain(principal, Permission.VIEW_TEAM, standing)
        response = carrying(token.plaintext).get(f"/api/v1/teams/{team.pk}")
        answered = GATE_OF_CODE.get(response.json().get("code"))
        assert (told.allowed, told.gate) == (response.status_code == 200, answered), has
        seen.add(answered)
    assert seen >= {None, 1, 2, 3, 4}
    assert (5 in seen) is weak
