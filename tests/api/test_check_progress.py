"""GET /checks/{check} while the check is pending."""

from typing import Any

from tests.api.conftest import ClientFor
from tests.api.golden import CHECK, differences
from tests.checks.runs import ask
from tocsin.checks import progress
from tocsin.probes.contract import Progress, ProgressReport, Stage


def test_it_shows_how_far_a_pending_check_has_come(
    client_for: ClientFor, vera: Any, site: Any
) -> None:
    """Beside section 4's fields, and nowhere else."""
    (check,) = ask(site, "broken-links")
    news = Progress(Stage.CRAWLING, 12, links=240, found=3)
    progress.note([ProgressReport(str(check.uuid), news)])
    client = client_for(vera)
    data = client.get(f"/api/v1/checks/{check.uuid}").json()["data"]
    told = {"stage": "crawling", "done": 12, "total": None, "links": 240, "found": 3}
    assert data.pop("progress") == told
    assert differences(data, CHECK) == []
    assert data in client.get(f"/api/v1/sites/{site.pk}/checks").json()["data"]
