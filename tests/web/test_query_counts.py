"""What each page asks the database, the same at 10 sites and at 1,000; kept in a file.

A change of a number is a change of the file, and so is seen.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.web.conftest import SignIn
from tests.web.watching import watch
from tocsin.checks.models import Schedule
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site

COUNTS: dict[str, int] = json.loads(
    (Path(__file__).parent / "query_counts.json").read_text(encoding="utf-8")
)
FEW, MANY = 10, 1000


@pytest.fixture
def ask(sign_in: SignIn, alice: Any, team: Any) -> Callable[[str], int]:
    """Return a function that asks for a page of a route and counts its queries."""
    client = sign_in(alice)
    client.get(f"/teams/{team.pk}/")  # remembers the team in the session

    def ask(route: str) -> int:
        return _count(client, route.removeprefix("GET ").replace("{team}", str(team.pk)))

    return ask


def _count(client: Client, path: str) -> int:
    site = Site.objects.order_by("created_at").first()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path.replace("{site}", str(site and site.pk)))
    assert answer.status_code == 200
    return len(queries)


def _more_sites(team: Any, count: int) -> None:
    sites = Site.objects.bulk_create(
        Site(team=team, name=f"{number}", url=f"https://{number}.example", domain=f"{number}")
        for number in range(count)
    )
    Schedule.objects.bulk_create(
        Schedule(site=site, tool=tool.value, cadence=300, phase=0, since=0, next_slot=2**40)
        for site in sites
        for tool in Tool
    )


def test_it_asks_the_same_number_of_queries_however_many_sites(
    ask: Callable[[str], int], team: Any
) -> None:
    watch(team, pinned=True)
    _more_sites(team, FEW - 1)
    few = {route: ask(route) for route in COUNTS}
    Site.objects.exclude(name="Shop").delete()
    _more_sites(team, MANY - 1)
    assert {route: ask(route) for route in COUNTS} == few
    assert few == COUNTS
