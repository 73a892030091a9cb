"""Settings change while checks are claimed and filed: nobody blocks for ever, no slot is lost."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.checks.conftest import answer
from tocsin.access.principal import SYSTEM
from tocsin.checks import claims, intake
from tocsin.checks.ledger import ledger
from tocsin.checks.models import Check
from tocsin.kit import clock
from tocsin.probes.contract import Tool
from tocsin.sites.actions import create_site, update_site
from tocsin.sites.monitoring.actions import update_team_monitoring

pytestmark = pytest.mark.django_db(transaction=True)
TOOLS = (Tool.STATUS, Tool.SSL, Tool.DNS)
ROUNDS = 8


def start(call: Callable[[], object], raised: list[BaseException]) -> threading.Thread:
    def run() -> None:
        try:
            call()
        except Exception as error:  # noqa: BLE001 — the test looks at it
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_it_files_claims_and_changes_at_once(team: Any) -> None:
    begun = int(clock.timestamp())
    site = create_site(SYSTEM, team, url="https://example.com")
    raised: list[BaseException] = []

    def check() -> None:
        for _ in range(ROUNDS):
            now = clock.timestamp()
            claim = claims.claim(TOOLS, now=now, running_since=begun - 1)
            intake.store([answer(request) for request in claim.requests])

    def change_site() -> None:
        for number in range(ROUNDS):
            settings = {"tools": {"status": {"enabled": number % 2 == 0, "cadence_minutes": 1}}}
            body = {"url": f"https://{number}.example.com", "monitoring_settings": settings}
            update_site(SYSTEM, site, body)

    def change_team() -> None:
        for number in range(ROUNDS):
            tools = {"ssl": {"enabled": number % 2 == 0, "cadence_minutes": 30}}
            update_team_monitoring(SYSTEM, team, {"monitoring_settings": {"tools": tools}})

    threads = [start(call, raised) for call in (check, change_site, change_team)]
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    assert raised == []
    for tool in TOOLS:
        found = ledger(SYSTEM, site.pk, tool, first=begun - 10, last=clock.timestamp())
        assert found is not None
        ended = found.ran + sum(found.skipped.values()) + sum(found.lost.values())
        assert found.expected == ended
    assert Check.objects.filter(site=site).exists()
