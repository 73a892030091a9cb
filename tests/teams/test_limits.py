"""The limits object, and whether there is room."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.kit.errors import LimitReached
from tocsin.sites.models import Site
from tocsin.teams.limits import Used, current_limits, limits_of, require_room
from tocsin.teams.models import Team
from tocsin.teams.plans import PLANS, default_plan, plan_of
from tocsin.teams.usage import Resource

ALL_TOOLS = ["status", "ssl", "dns", "broken-links", "performance"]


def test_it_has_the_contracts_shape() -> None:
    used = Used(sites=2, members=1, pending_invitations=1, manual_checks=7)
    assert msgspec.to_builtins(limits_of(PLANS["starter"], used), str_keys=True) == {
        "plan": "starter",
        "sites": {"used": 2, "limit": 5, "remaining": 3},
        "seats": {
            "members": 1,
            "pending_invitations": 1,
            "used": 2,
            "limit": 3,
            "remaining": 1,
        },
        "manual_checks": {"used": 7, "limit": 50, "remaining": 43},
        "enabled_checks": {"allowed": tuple(ALL_TOOLS)},
        "minimum_check_cadence_minutes": 10,
        "history_retention_days": 30,
        "priority_queue": False,
    }


@pytest.mark.parametrize(
    ("key", "row"),
    [
        ("self-hosted", (None, None, None, 1, 90, True)),
        ("starter", (5, 3, 50, 10, 30, False)),
        ("growth", (25, 10, 250, 5, 90, True)),
        ("agency", (100, 25, 1000, 1, 365, True)),
    ],
)
def test_it_knows_the_plans_of_the_contract(key: str, row: tuple[object, ...]) -> None:
    plan = plan_of(key)
    assert row == (
        plan.sites,
        plan.seats,
        plan.manual_checks,
        plan.minimum_check_cadence_minutes,
        plan.history_retention_days,
        plan.priority_queue,
    )


@given(used=st.builds(Used, *[st.integers(0, 2000)] * 4), key=st.sampled_from(sorted(PLANS)))
def test_it_never_shows_less_than_nothing_remaining(used: Used, key: str) -> None:
    limits = limits_of(PLANS[key], used)
    for allowance in (limits.sites, limits.seats, limits.manual_checks):
        assert (allowance.limit is None) == (allowance.remaining is None)
        if allowance.limit is not None and allowance.remaining is not None:
            assert allowance.remaining == max(0, allowance.limit - allowance.used)


def test_it_keeps_self_hosted_history_as_long_as_the_operator_set(settings: Any) -> None:
    settings.HISTORY_RETENTION_DAYS = 7
    assert plan_of("self-hosted").history_retention_days == 7
    assert plan_of("growth").history_retention_days == 90


@pytest.mark.parametrize(("billing", "key"), [(False, "self-hosted"), (True, "starter")])
def test_it_starts_teams_on(settings: Any, billing: bool, key: str) -> None:
    settings.BILLING = billing
    assert default_plan() == key


def test_it_counts_in_one_query(
    team: Team, site: Any, bob: Any, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        limits = current_limits(team.pk)
    assert (limits.sites.used, limits.seats.members) == (1, 2)


@pytest.mark.parametrize(("sites", "room"), [(4, True), (5, False)])
def test_it_refuses_the_site_too_many(team: Team, sites: int, room: bool) -> None:
    Team.objects.filter(pk=team.pk).update(plan="starter")
    for number in range(sites):
        url = f"https://{number}.example.com"
        Site.objects.create(team=team, url=url, name=url, domain=url)
    if room:
        require_room(team.pk, Resource.SITES)
    else:
        with pytest.raises(LimitReached, match="none left"):
            require_room(team.pk, Resource.SITES)
    with pytest.raises(LimitReached):
        require_room(team.pk, Resource.SITES, count=2)


def test_it_has_room_without_end_on_the_self_hosted_plan(team: Team) -> None:
    require_room(team.pk, Resource.SITES, count=10**6)
