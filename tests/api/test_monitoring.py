"""GET and PATCH /teams/{team}/monitoring."""

import json
from typing import Any

import pytest

from tests.api.conftest import ClientFor
from tests.api.golden import MONITORING, differences
from tocsin.sites.models import TeamMonitoring


def patch(client: Any, team: Any, body: Any) -> Any:
    return client.patch(
        f"/api/v1/teams/{team.pk}/monitoring", json.dumps(body), content_type="application/json"
    )


def test_it_shows_what_the_team_set(client_for: ClientFor, team: Any, vera: Any) -> None:
    """Resolved settings, and what there is to choose from."""
    TeamMonitoring.objects.create(
        team=team, settings={"tools": {"ssl": {"settings": {"expiry_days": 30}}}}
    )
    client = client_for(vera)
    data = client.get(f"/api/v1/teams/{team.pk}/monitoring").json()["data"]
    assert differences(data, MONITORING) == []
    assert data["settings"]["tools"]["ssl"]["settings"]["expiry_days"] == 30


def test_it_changes_what_is_sent(client_for: ClientFor, team: Any, adam: Any, site: Any) -> None:
    """The answer is what GET shows; absent tools are untouched, and the sites follow."""
    client = client_for(adam)
    tools = {"dns": {"enabled": False, "cadence_minutes": 60}}
    response = patch(client, team, {"monitoring_settings": {"tools": tools}})
    assert response.status_code == 200
    data = response.json()["data"]
    assert differences(data, MONITORING) == []
    assert data == client.get(f"/api/v1/teams/{team.pk}/monitoring").json()["data"]
    assert data["settings"]["tools"]["dns"]["cadence_minutes"] == 60
    assert data["settings"]["tools"]["ssl"]["cadence_minutes"] == 1440
    shown = client.get(f"/api/v1/sites/{site.pk}").json()["data"]
    assert "dns" not in shown["enabled_checks"]


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ([], "monitoring_settings"),
        ({"tools": {"ssl": {"enabled": True}}}, "monitoring_settings.tools.ssl.cadence_minutes"),
        (
            {"tools": {"ssl": {"enabled": 1, "cadence_minutes": 60}}},
            "monitoring_settings.tools.ssl.enabled",
        ),
        (
            {"tools": {"broken-links": {"enabled": True, "cadence_minutes": 60}}},
            "monitoring_settings.tools.broken-links.cadence_minutes",
        ),
        ({"quiet": {}}, "monitoring_settings.quiet"),
        ({"quiet_time": {"starts_at": "24:00"}}, "monitoring_settings.quiet_time.starts_at"),
    ],
)
def test_it_names_what_cannot_be_used(
    settings: Any, field: str, client_for: ClientFor, team: Any, adam: Any
) -> None:
    """422 on the dotted field, and nothing changes."""
    response = patch(client_for(adam), team, {"monitoring_settings": settings})
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [field]
    assert not TeamMonitoring.objects.exclude(settings={}).exists()


def test_it_asks_for_something_to_change(client_for: ClientFor, team: Any, adam: Any) -> None:
    """An empty body, or another field, is an error."""
    client = client_for(adam)
    assert list(patch(client, team, {}).json()["errors"]) == ["monitoring_settings"]
    assert set(patch(client, team, {"settings": {}}).json()["errors"]) == {
        "monitoring_settings",
        "settings",
    }
