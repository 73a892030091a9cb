"""Changes at once: each is merged, none is lost."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.sites.monitoring.documents import ROOT, team_body
from tocsin.access.principal import SYSTEM
from tocsin.kit.errors import InvalidInput
from tocsin.sites.actions import update_site
from tocsin.sites.models import Site, TeamMonitoring
from tocsin.sites.monitoring.actions import update_team_monitoring

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[BaseException | None]:
    """Make calls in threads of their own that start together; return what each raised."""
    barrier = threading.Barrier(len(calls))
    raised: list[BaseException | None] = [None] * len(calls)

    def run(index: int, call: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            call()
        except Exception as error:  # noqa: BLE001 — the test looks at it
            raised[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return raised


def test_it_keeps_every_patch_of_a_site(site: Any) -> None:
    def patch(tool: str) -> Callable[[], object]:
        return lambda: update_site(SYSTEM, site, {ROOT: {"tools": {tool: {"enabled": False}}}})

    tools = ["status", "ssl", "dns", "broken-links", "performance"]
    assert at_once(*map(patch, tools)) == [None] * 5
    site.refresh_from_db()
    assert site.monitoring_overrides == {"tools": {tool: {"enabled": False} for tool in tools}}
    assert site.settings_revision == 6


def test_it_keeps_every_change_of_a_team(team: Any) -> None:
    def change(path: str, value: Any) -> Callable[[], object]:
        return lambda: update_team_monitoring(SYSTEM, team, team_body(path, value))

    changes = [
        change("tools.ssl.settings.expiry_days", 30),
        change("tools.dns.settings.failures_to_open", 4),
        change("escalation.enabled", True),
        change("quiet_time.enabled", True),
    ]
    assert at_once(*changes) == [None] * 4
    stored = TeamMonitoring.objects.get(team=team)
    assert set(stored.settings) == {"tools", "escalation", "quiet_time"}
    assert set(stored.settings["tools"]) == {"ssl", "dns"}
    assert stored.revision == 5


def test_it_lets_one_of_two_sites_have_an_address(team: Any, site: Any) -> None:
    other = Site.objects.create(team=team, name="b", url="https://b.example", domain="b.example")
    raised = at_once(
        lambda: update_site(SYSTEM, site, {"url": "https://c.example"}),
        lambda: update_site(SYSTEM, other, {"url": "https://c.example"}),
    )
    assert sum(error is None for error in raised) == 1
    assert all(isinstance(error, InvalidInput) for error in raised if error is not None)
    assert Site.objects.filter(url="https://c.example").count() == 1
