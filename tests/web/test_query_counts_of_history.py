"""What the pages of the past ask of the database: as much for 1,000 rows of everything as for 10.

The numbers stand in a file, so that a change of one is seen where it is made.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.plenty import fill
from tests.web.conftest import SignIn

COUNTS: dict[str, int] = json.loads(
    (Path(__file__).parent / "query_counts_of_history.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("count", [10, 1000])
def test_it_takes_as_many_queries_as_are_written_down(
    count: int, sign_in: SignIn, team: Any, alice: Any
) -> None:
    """With that many teams, sites, checks, days, issues and deliveries."""
    values = fill(team, alice, count)
    client = sign_in(alice)
    client.get(f"/teams/{team.pk}/issues")  # remembers the team, and that the session is in use
    found = {}
    for page in COUNTS:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page.format(**values))
        assert answer.status_code == 200, page
        found[page] = len(queries)
    assert found == COUNTS
