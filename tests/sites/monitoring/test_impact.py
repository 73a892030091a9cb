"""What a change of a team's settings would do, before it is made."""

from typing import Any

import pytest

from tocsin.access.principal import SYSTEM
from tocsin.kit.errors import InvalidInput
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site, TeamMonitoring
from tocsin.sites.monitoring.impact import impact, overriding_sites

pytestmark = pytest.mark.django_db
SLOWER = {"monitoring_settings": {"tools": {"status": {"enabled": True, "cadence_minutes": 30}}}}


def _site(team: Any, name: str, overrides: dict[str, Any]) -> Site:
    return Site.objects.create(
        team=team, name=name, url=f"https://{name}.example", domain="e",
        monitoring_overrides=overrides,
    )  # fmt: skip


def test_it_counts_who_follows_and_names_who_does_not(team: Any, site: Any) -> None:
    _site(team, "own", {"tools": {"status": {"cadence_minutes": 1}}})
    _site(team, "other", {"tools": {"status": {"enabled": True}}})
    (effect,) = impact(SYSTEM, team, SLOWER)
    assert effect.path == ("tools", "status", "cadence_minutes")
    assert (effect.before, effect.after) == (5, 30)
    assert (effect.sites, effect.keeping) == (2, ("own",))
    assert not TeamMonitoring.objects.exists()


def test_it_says_nothing_of_what_stays(team: Any) -> None:
    assert impact(SYSTEM, team, {"monitoring_settings": {}}) == []


def test_it_refuses_what_the_change_would_be_refused_for(team: Any) -> None:
    with pytest.raises(InvalidInput):
        impact(SYSTEM, team, {"monitoring_settings": {"tools": {"status": {}}}})


def test_it_names_sites_by_tool(team: Any, site: Any) -> None:
    _site(team, "b", {"tools": {"ssl": {"enabled": False}}})
    _site(team, "a", {"tools": {"ssl": {"settings": {"expiry_days": 3}}}})
    found = overriding_sites(SYSTEM, team)
    assert found[Tool.SSL] == ["a", "b"]
    assert found[Tool.STATUS] == []
