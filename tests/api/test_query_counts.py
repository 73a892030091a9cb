"""What each reading route asks of the database: as much for 1,000 rows as for 10.

The numbers stand in `tests/query_counts.json`, so that a change of one is seen where it is made.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import ClientFor
from tests.api.plenty import fill
from tests.api.routes import all_routes
from tocsin.kit import clock

COUNTS = json.loads((Path(__file__).parents[1] / "query_counts.json").read_text(encoding="utf-8"))
MOST = 8
READING = {route.name: route for route in all_routes() if route.method == "GET"}
# The longest page, the longest report.
QUERIES = {
    "GET /teams/{team}/sites": "?per_page=100",
    "GET /sites/{site}/checks": "?per_page=100",
    "GET /sites/{site}/slots": "?tool=status",
    "GET /sites/{site}/reports/uptime": "?days=365",
    "GET /sites/{site}/reports/performance": "?days=365",
    "GET /issues": "?per_page=100",
    "GET /issues/{issue}/deliveries": "?per_page=100",
}


def test_it_counts_every_reading_route() -> None:
    """None is left out, none takes more for many rows than for few, none takes too many."""
    assert COUNTS.keys() == READING.keys()
    for numbers in COUNTS.values():
        assert numbers.keys() == {"10", "1000"}
        assert numbers["10"] == numbers["1000"] <= MOST


@pytest.mark.parametrize("count", [10, 1000])
def test_it_takes_as_many_queries_as_are_written_down(
    count: int, client_for: ClientFor, team: Any, vera: Any
) -> None:
    """For that many teams, sites, checks, gaps, issues and deliveries."""
    values, client = fill(team, vera, count), client_for(vera)
    with clock.frozen(clock.timestamp()):
        found = {
            name: _counted(client, route.url(**values) + QUERIES.get(name, ""))
            for name, route in READING.items()
        }
    assert found == {name: numbers[str(count)] for name, numbers in COUNTS.items()}


def _counted(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert response.status_code == 200, response.content
    return len(queries)
