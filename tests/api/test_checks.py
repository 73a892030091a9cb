"""GET and POST /sites/{site}/checks, GET and DELETE /checks/{check}."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.api.conftest import ClientFor, make_check
from tests.api.golden import CHECK, differences
from tocsin.checks.models import Check
from tocsin.kit import clock


def queue(client: Any, site: Any, body: Any = None) -> Any:
    text = b"" if body is None else json.dumps(body)
    kind = "application/json"
    return client.post(f"/api/v1/sites/{site.pk}/checks", text, content_type=kind)


def listed(client: Any, site: Any, query: str = "") -> list[str]:
    response = client.get(f"/api/v1/sites/{site.pk}/checks{query}")
    assert response.status_code == 200, response.content
    return [each["uuid"] for each in response.json()["data"]]


def test_it_shows_all_of_a_check(client_for: ClientFor, vera: Any, site: Any) -> None:
    """As section 4 says, in the list and alone; null where nothing is."""
    scheduled = make_check(site)
    asked = make_check(
        site,
        automatic=False,
        status="failed",
        result=None,
        error={"code": "timeout", "message": "Too late.", "data": {"seconds": 10}},
    )
    waiting = make_check(
        site, automatic=False, status="pending", outcome="", completed_at=None, vantage=""
    )
    client = client_for(vera)
    for check in (scheduled, asked, waiting):
        data = client.get(f"/api/v1/checks/{check.pk}").json()["data"]
        assert differences(data, CHECK) == []
        assert data in client.get(f"/api/v1/sites/{site.pk}/checks").json()["data"]
    assert data["run_reason"] is data["outcome"] is data["scheduled_for"] is data["vantage"] is None
    assert data["site"]["url"] == "https://example.com"


def test_it_filters(client_for: ClientFor, vera: Any, site: Any) -> None:
    """By tool, status, kind, reason and time; newest first."""
    now = clock.now()
    old = make_check(site, type="ssl", created_at=now - timedelta(days=3))
    new = make_check(site, status="failed", run_reason="incident_follow_up", created_at=now)
    asked = make_check(site, automatic=False, created_at=now - timedelta(days=1))
    client, everything = client_for(vera), [str(each.pk) for each in (new, asked, old)]
    assert listed(client, site) == everything
    assert listed(client, site, "?type=ssl") == [str(old.pk)]
    assert listed(client, site, "?status=failed") == [str(new.pk)]
    assert listed(client, site, "?automatic=false") == [str(asked.pk)]
    assert listed(client, site, "?run_reason=incident_follow_up") == [str(new.pk)]
    yesterday = (now - timedelta(days=1)).date().isoformat()
    assert listed(client, site, f"?from={yesterday}&to={yesterday}") == [str(asked.pk)]
    # Sent as people type it, with a plus sign that means a space.
    moment = (now - timedelta(days=2)).isoformat(timespec="seconds")
    assert listed(client, site, f"?from={moment}") == everything[:2]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("type=telnet", "type"),
        ("status=ok", "status"),
        ("automatic=perhaps", "automatic"),
        ("run_reason=whim", "run_reason"),
        ("from=soon", "from"),
        ("from=2026-13-01", "from"),
        ("to=9999-12-31", "to"),
        ("from=" + "9" * 65, "from"),
        ("from=2026-02-02&to=2026-02-01", "to"),
        ("first=2026-02-02", "first"),
    ],
)
def test_it_refuses_other_values(
    query: str, field: str, client_for: ClientFor, vera: Any, site: Any
) -> None:
    """422 on the parameter; `to` must not lie before `from`."""
    response = client_for(vera).get(f"/api/v1/sites/{site.pk}/checks?{query}")
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [field]


def test_it_queues_all_or_the_named_tools(client_for: ClientFor, bob: Any, site: Any) -> None:
    """202 and the pending checks."""
    client = client_for(bob)
    response = queue(client, site, {"tools": ["ssl"], "automatic": False})
    assert response.status_code == 202
    data = response.json()["data"]
    assert [differences(each, CHECK) for each in data] == [[]]
    assert (data[0]["type"], data[0]["status"], data[0]["automatic"]) == ("ssl", "pending", False)


def test_it_needs_no_body(client_for: ClientFor, bob: Any, site: Any) -> None:
    """All that are enabled and can run."""
    response = queue(client_for(bob), site)
    assert response.status_code == 202
    assert {"status", "ssl", "dns"} <= {each["type"] for each in response.json()["data"]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"tools": []}, "tools"),
        ({"tools": ["status", "telnet"]}, "tools"),
        ({"tools": "status"}, "tools"),
        ({"tools": ["status"], "automatic": True}, "automatic"),
        ({"tools": ["status"], "automatic": 0}, "automatic"),
        ({"tools": ["status"], "url": "https://example.com/page"}, "url"),
        ({"tool": ["status"]}, "tool"),
    ],
)
def test_it_queues_nothing_where_anything_is_wrong(
    body: Any, field: str, client_for: ClientFor, bob: Any, site: Any
) -> None:
    """422, all or nothing."""
    response = queue(client_for(bob), site, body)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [field]
    assert not Check.objects.exists()


def test_it_runs_no_tool_twice_at_once(client_for: ClientFor, bob: Any, site: Any) -> None:
    """422 on `tools` while one is pending, also for the others that were asked for with it."""
    client = client_for(bob)
    assert queue(client, site, {"tools": ["dns"]}).status_code == 202
    again = queue(client, site, {"tools": ["status", "dns"]})
    assert again.status_code == 422
    assert list(again.json()["errors"]) == ["tools"]
    assert Check.objects.count() == 1


def test_it_queues_10_times_a_minute(client_for: ClientFor, bob: Any, site: Any) -> None:
    """The tighter limit is told; other routes keep their own."""
    client = client_for(bob)
    answers = [queue(client, site, {"tools": []}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert answers[0]["X-RateLimit-Limit"] == "10"
    assert int(answers[-1]["Retry-After"]) > 0
    assert client.get(f"/api/v1/sites/{site.pk}")["X-RateLimit-Limit"] == "120"


def test_it_deletes_what_was_asked_for(client_for: ClientFor, adam: Any, site: Any) -> None:
    """204; automatic ones stay (403), pending ones too (409)."""
    client = client_for(adam)
    ended = make_check(site, automatic=False)
    waiting = make_check(site, automatic=False, status="pending", outcome="", completed_at=None)
    scheduled = make_check(site)
    gone = client.delete(f"/api/v1/checks/{ended.pk}")
    assert (gone.status_code, gone.content) == (204, b"")
    kept = client.delete(f"/api/v1/checks/{scheduled.pk}")
    assert (kept.status_code, kept.json()["code"]) == (403, "automatic_check")
    pending = client.delete(f"/api/v1/checks/{waiting.pk}")
    assert (pending.status_code, pending.json()["code"]) == (409, "conflict")
    assert client.delete(f"/api/v1/checks/{ended.pk}").status_code == 404
    assert Check.objects.count() == 2
