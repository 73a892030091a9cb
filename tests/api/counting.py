"""The number of queries of each route, kept in a file so that a change of it is seen."""

import json
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

COUNTS = json.loads((Path(__file__).parents[1] / "query_counts.json").read_text(encoding="utf-8"))


def counted(client: Client, route: str, url: str, status: int = 200) -> int:
    """Ask once and return how many queries that took."""
    method = route.split(" ", 1)[0]
    with CaptureQueriesContext(connection) as queries:
        response = client.generic(method, url)
    assert response.status_code == status, response.content
    return len(queries)
