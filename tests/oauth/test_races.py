"""Several requests with one code or refresh token at the same moment."""

from typing import Any

import pytest

from tests.oauth.program import Program
from tests.racing import together
from tocsin.access.principal import SYSTEM
from tocsin.accounts.queries import session_principal
from tocsin.audit.models import Entry
from tocsin.oauth import actions
from tocsin.oauth.models import AccessToken, Grant

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


def _statuses(answers: list[Any]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def test_a_code_gives_one_pair_at_most_and_then_none_counts(program: Program, alice: Any) -> None:
    code = program.code(alice)
    answers = together([lambda: program.swap(code)] * AT_ONCE)
    assert _statuses(answers) == [200] + [400] * (AT_ONCE - 1)
    assert {each.json()["error"] for each in answers if each.status_code == 400} == {
        "invalid_grant"
    }
    assert AccessToken.objects.count() == 1
    assert Grant.objects.get().revoke_reason == "code_reused"


def test_a_refresh_token_gives_one_pair_at_most(program: Program, alice: Any) -> None:
    token = program.connect(alice)["refresh_token"]
    answers = together([lambda: program.refresh(token)] * AT_ONCE)
    assert _statuses(answers) == [200] + [400] * (AT_ONCE - 1)
    assert AccessToken.objects.count() == 1


def test_a_grant_is_revoked_once(program: Program, alice: Any) -> None:
    program.connect(alice)
    grant, principal = Grant.objects.get(), session_principal(alice)
    both = [
        lambda: actions.revoke_grant(principal, grant.pk),
        lambda: actions.revoke_grant(SYSTEM, grant.pk, actions.BY_CLIENT),
    ]
    assert sorted(together(both)) == [False, True]
    assert Entry.objects.filter(action="oauth_grant.revoked").count() == 1
