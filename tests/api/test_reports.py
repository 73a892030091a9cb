"""GET /sites/{site}/reports/…, GET /sites/{site}/slots."""

from typing import Any

import pytest

from tests.api.conftest import ClientFor
from tests.api.golden import PERFORMANCE_REPORT, SLOTS, UPTIME, differences
from tocsin.checks.models import DailyRollup, Gap, Schedule
from tocsin.kit import clock

REPORTS = {"uptime": (UPTIME, 90), "performance": (PERFORMANCE_REPORT, 30)}


@pytest.mark.parametrize("name", REPORTS)
def test_it_reports_every_day(name: str, client_for: ClientFor, vera: Any, site: Any) -> None:
    """Oldest first, today included, by default as many days as the contract says."""
    shape, days = REPORTS[name]
    tool = "status" if name == "uptime" else "performance"
    DailyRollup.objects.create(
        site=site, tool=tool, date=clock.now().date(), ok=3, failing=1, lost=2
    )
    client = client_for(vera)
    url = f"/api/v1/sites/{site.pk}/reports/{name}"
    data = client.get(url).json()["data"]
    assert differences(data, shape) == []
    assert len(data["days"]) == days
    assert data["days"][-1]["date"] == f"{clock.now():%Y-%m-%d}T00:00:00+00:00"
    assert [day["total_checks"] for day in data["days"][-2:]] == [0, 4]
    assert len(client.get(f"{url}?days=1").json()["data"]["days"]) == 1


def test_it_rounds_uptime_down_to_the_truth(client_for: ClientFor, vera: Any, site: Any) -> None:
    """Unobserved checks count neither way, and nothing is 100 that is not."""
    DailyRollup.objects.create(
        site=site, tool="status", date=clock.now().date(), ok=99_999, failing=1, unknown=5, lost=7
    )
    url = f"/api/v1/sites/{site.pk}/reports/uptime?days=1"
    day = client_for(vera).get(url).json()["data"]["days"][0]
    assert (day["uptime_percentage"], day["up_checks"]) == (99.99, 99_999)
    assert (day["total_checks"], day["unobserved_checks"]) == (100_000, 12)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("days", ["0", "366", "-1", "1.5", "many", "9" * 40])
def test_it_reports_1_to_365_days(
    days: str, name: str, client_for: ClientFor, vera: Any, site: Any
) -> None:
    """422 on `days`."""
    response = client_for(vera).get(f"/api/v1/sites/{site.pk}/reports/{name}?days={days}")
    assert response.status_code == 422
    assert list(response.json()["errors"]) == ["days"]


def test_it_accounts_for_slots(client_for: ClientFor, vera: Any, site: Any) -> None:
    """`expected` is all that ran, was skipped or was lost; gaps say why and when."""
    now = int(clock.timestamp())
    start = now - now % 600 - 6000
    Schedule.objects.create(
        site=site, tool="status", cadence=600, phase=0, since=start, next_slot=now + 600
    )
    last = now - now % 600
    Gap.objects.create(
        site=site,
        tool="status",
        kind="lost",
        reason="scheduler_down",
        first_slot=start,
        last_slot=last,
        cadence=600,
        count=11,
    )
    client = client_for(vera)
    url = f"/api/v1/sites/{site.pk}/slots?tool=status"
    data = client.get(url).json()["data"]
    assert differences(data, SLOTS) == []
    assert (data["expected"], data["ran"], data["lost"]) == (11, 0, {"scheduler_down": 11})
    assert [(gap["count"], gap["reason"]) for gap in data["gaps"]] == [(11, "scheduler_down")]
    empty = client.get(f"/api/v1/sites/{site.pk}/slots?tool=performance").json()["data"]
    assert differences(empty, SLOTS) == []
    assert (empty["expected"], empty["gaps"]) == (0, [])


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "tool"),
        ("?tool=telnet", "tool"),
        ("?tool=ssl&from=x", "from"),
        ("?tool=ssl&from=2026-02-02&to=2026-02-01", "to"),
    ],
)
def test_it_refuses_other_ranges(
    query: str, field: str, client_for: ClientFor, vera: Any, site: Any
) -> None:
    """422 on the parameter."""
    response = client_for(vera).get(f"/api/v1/sites/{site.pk}/slots{query}")
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [field]


@pytest.mark.parametrize(
    "query",
    ["from=0001-01-01", "to=0001-01-01T00:00:00", "from=9999-12-30T23:59:59", "to=9999-12-30"],
)
def test_it_takes_the_ends_of_the_calendar(
    query: str, client_for: ClientFor, vera: Any, site: Any
) -> None:
    """Nothing breaks where there is nothing."""
    Schedule.objects.create(site=site, tool="ssl", cadence=600, phase=0, since=0, next_slot=0)
    client = client_for(vera)
    for path in ("slots?tool=ssl&", "checks?"):
        assert client.get(f"/api/v1/sites/{site.pk}/{path}{query}").status_code == 200
