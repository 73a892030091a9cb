"""The first page's read."""

from typing import Any

import pytest

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.checks import claims, intake
from tocsin.checks.models import Check
from tocsin.checks.queries import site_states
from tocsin.checks.tools import Weight, tools_of
from tocsin.kit import clock
from tocsin.sites.actions import create_site

pytestmark = pytest.mark.django_db


def test_it_shows_each_tool_s_latest_state_in_two_queries(
    team: Any, django_assert_num_queries: Any
) -> None:
    with clock.frozen(T):
        for number in range(5):
            create_site(SYSTEM, team, url=f"https://{number}.example.com")
    requests = claims.claim(tools_of(Weight.LIGHT), now=T, running_since=0).requests
    intake.store([answer(request) for request in requests if request.tool == "status"])
    with django_assert_num_queries(2):
        states = site_states(SYSTEM, team_id=team.pk)
    assert len(states) == 5
    status, ssl = states[0].tools["status"], states[0].tools["ssl"]
    assert (status.status, status.outcome, status.summary) == ("completed", "ok", "200 in 12 ms")
    assert status.checked_at is not None
    assert (ssl.status, ssl.outcome, ssl.checked_at) == (None, None, None)


def test_it_pages(team: Any) -> None:
    for number in range(3):
        create_site(SYSTEM, team, url=f"https://{number}.example.com")
    assert [state.domain[0] for state in site_states(SYSTEM, limit=2)] == ["2", "1"]
    assert [state.domain[0] for state in site_states(SYSTEM, limit=2, offset=2)] == ["0"]


def test_it_shows_nothing_to_outsiders(site: Any, bob: Any, mallory: Any) -> None:
    member = Principal(PrincipalKind.SESSION, user_id=bob.pk)
    outsider = Principal(PrincipalKind.SESSION, user_id=mallory.pk)
    assert [state.uuid for state in site_states(member)] == [site.pk]
    assert site_states(outsider) == []
    Check.objects.create(site=site, type="status", automatic=True, updated_at=clock.now())
    assert Check.objects.visible_to(member).count() == 1
    assert not Check.objects.visible_to(outsider).exists()
