"""Reports: numbers, unobserved time, periods, tables as files."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.incidents import NASTY
from tocsin.checks.models import DailyRollup
from tocsin.kit import clock
from tocsin.sites.models import Site
from tocsin.teams.models import Team


@pytest.fixture
def history(site: Any) -> Any:
    """Today 9 of 10 up, yesterday nothing observed, a score of 80, and much long ago."""
    today = clock.now().date()
    days = (
        {"tool": "status", "date": today, "ok": 9, "failing": 1,
         "response_time_sum": 900.0, "response_time_count": 9, "response_time_max": 250.0},
        {"tool": "status", "date": today - timedelta(days=1), "unknown": 3, "lost": 4},
        {"tool": "performance", "date": today, "ok": 1, "score_sum": 80.0, "score_count": 1,
         "speed_sum": 1.5, "speed_count": 1},
        {"tool": "status", "date": today - timedelta(days=100), "failing": 90},
    )  # fmt: skip
    DailyRollup.objects.bulk_create(DailyRollup(site=site, **day) for day in days)
    return site


def _page(client: Client, team: Any, path: str = "") -> str:
    answer = client.get(f"/teams/{team.pk}/reports{path}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def _table(client: Client, team: Any, path: str) -> list[dict[str, str]]:
    answer = client.get(f"/teams/{team.pk}/reports{path}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="tocsin-')
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def test_it_teaches_where_there_is_nothing(sign_in: SignIn, vera: Any, team: Any) -> None:
    assert "Nothing to report yet" in _page(sign_in(vera), team)


def test_it_never_counts_unobserved_time_as_up(
    sign_in: SignIn, vera: Any, team: Any, history: Any
) -> None:
    for path in ("", f"/{history.pk}"):
        page = _page(sign_in(vera), team, path)
        assert "90.00 %" in page
        assert "1 of 10 checks failed" in page
        assert '<dd class="report-figure">7</dd>' in page
    assert "1 day with downtime" in page


def test_it_looks_back_as_far_as_asked(sign_in: SignIn, vera: Any, team: Any, history: Any) -> None:
    client = sign_in(vera)
    assert "9.00 %" in _page(client, team, "?days=365")
    for other in ("", "?days=7", "?days=nonsense", "?days=9999"):
        assert "90.00 %" in _page(client, team, other)


def test_it_gives_the_team_as_a_file(sign_in: SignIn, vera: Any, team: Any, history: Any) -> None:
    (row,) = _table(sign_in(vera), team, ".csv?days=30")
    assert row["site"] == "Example"
    assert (row["uptime_percentage"], row["checks"], row["failing_checks"]) == ("90.0", "10", "1")
    assert (row["unobserved_checks"], row["average_response_time_ms"]) == ("7", "100.0")
    assert row["performance_score"] == "80.0"


def test_it_gives_every_day_of_a_site_as_a_file(
    sign_in: SignIn, vera: Any, team: Any, history: Any
) -> None:
    rows = _table(sign_in(vera), team, f"/{history.pk}.csv?days=7")
    assert len(rows) == 7
    assert rows[-1]["date"] == clock.now().date().isoformat()
    assert rows[-1]["uptime_percentage"] == "90.0"
    assert rows[-2]["uptime_percentage"] == ""
    assert rows[-2]["unobserved_checks"] == "7"


def test_it_gives_spreadsheets_nothing_to_run(
    sign_in: SignIn, vera: Any, team: Any, history: Any
) -> None:
    client = sign_in(vera)
    for name in ("=1+1", "@cmd", "+1", "-1"):
        Site.objects.filter(pk=history.pk).update(name=name)
        assert _table(client, team, ".csv")[0]["site"] == f"'{name}"


def test_it_shows_hostile_names_as_text(
    sign_in: SignIn, vera: Any, team: Any, history: Any
) -> None:
    Site.objects.filter(pk=history.pk).update(name=NASTY, domain='x"\r\nSet-Cookie: a=b')
    for path in ("", f"/{history.pk}"):
        assert "<script>alert" not in _page(sign_in(vera), team, path)
    answer = sign_in(vera).get(f"/teams/{team.pk}/reports/{history.pk}.csv")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_it_knows_no_site_of_another_team(sign_in: SignIn, vera: Any, team: Any) -> None:
    other = Team.objects.create(name="Other")
    foreign = Site.objects.create(team=other, name="F", url="https://f.example", domain="f")
    for end in ("", ".csv"):
        answer = sign_in(vera).get(f"/teams/{team.pk}/reports/{foreign.pk}{end}")
        assert answer.status_code == 404
