"""When a plan may be used, and which roles can be given."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.access.roles import Role
from tocsin.kit.errors import Conflict, InvalidInput
from tocsin.teams.rules import PAST_DUE_GRACE, checked_role, is_plan_active, refuse_for_owner

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("state", "after", "active"),
    [
        ("active", timedelta(days=900), True),
        ("trialing", timedelta(days=900), True),
        ("past_due", timedelta(0), True),
        ("past_due", timedelta(days=14) - MOMENT, True),
        ("past_due", timedelta(days=14), False),
        ("inactive", timedelta(0), False),
    ],
)
def test_it_lets_a_plan_be_used(state: str, after: timedelta, active: bool) -> None:
    assert is_plan_active(state, SINCE, SINCE + after) is active


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60)))
def test_it_never_becomes_active_again_by_waiting(after: timedelta) -> None:
    now = SINCE + after
    assert is_plan_active("past_due", SINCE, now) == (after < PAST_DUE_GRACE)
    assert not is_plan_active("inactive", SINCE, now)


@pytest.mark.parametrize("role", ["admin", "member", "viewer"])
def test_it_gives_every_role_but_ownership(role: str) -> None:
    assert checked_role(role) is Role(role)


@pytest.mark.parametrize("role", ["owner", "Admin", "", "root", "member "])
def test_it_refuses_other_roles(role: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked_role(role)
    assert list(refusal.value.errors) == ["role"]


def test_it_keeps_the_owner() -> None:
    refuse_for_owner(Role.ADMIN, "The owner cannot leave.")
    with pytest.raises(Conflict, match="cannot leave"):
        refuse_for_owner(Role.OWNER, "The owner cannot leave.")
