"""Many requests at the same moment: limits hold, keys work once, nothing is lost or half done."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.http import HttpResponse

from tests.api.conftest import MakeToken, carrying, make_check, make_issue
from tests.checks.conftest import answer
from tests.racing import together
from tocsin.audit.models import Entry
from tocsin.checks import claims, filing, manual_runs
from tocsin.checks.intake import AsideReason
from tocsin.checks.models import Check, DailyRollup, ManualRun, Schedule
from tocsin.issues.models import Issue, Transition
from tocsin.kit import clock
from tocsin.probes.contract import ProbeRequest, Tool
from tocsin.sites.models import Site, TeamMonitoring
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db(transaction=True)

Sending = Callable[[], HttpResponse]


@pytest.fixture
def token(make_token: MakeToken, alice: Any) -> str:
    """An owner's token of all scopes."""
    return make_token(alice).plaintext


@pytest.fixture
def starter(team: Any) -> Any:
    """`team` on the plan of five sites and fifty manual checks a month."""
    Team.objects.filter(pk=team.pk).update(plan="starter")
    return team


def sending(
    token: str, method: str, path: str, body: Any = None, key: str | None = None
) -> Sending:
    """Prepare a request, to be sent by a client of its own."""
    text = "" if body is None else json.dumps(body)
    headers = {} if key is None else {"idempotency-key": key}
    return lambda: carrying(token).generic(
        method, f"/api/v1{path}", text, content_type="application/json", headers=headers
    )


def statuses(found: Sequence[HttpResponse]) -> Counter[int]:
    return Counter(each.status_code for each in found)


def codes(found: Sequence[HttpResponse]) -> Counter[str]:
    return Counter(json.loads(each.content)["code"] for each in found if each.status_code >= 400)


def make_sites(team: Any, count: int) -> list[Site]:
    return Site.objects.bulk_create(
        Site(team=team, name=f"{n}", url=f"https://s{n}.example.com", domain=f"s{n}.example.com")
        for n in range(count)
    )


def test_it_gives_away_the_last_site_of_a_plan_once(starter: Any, token: str) -> None:
    """Fifty creations, one slot: one is created, the others are told that the plan is full."""
    make_sites(starter, 4)
    path = f"/teams/{starter.pk}/sites"
    found = together(
        [sending(token, "POST", path, {"url": f"https://new{n}.example.com"}) for n in range(50)]
    )
    assert statuses(found) == {201: 1, 422: 49}
    assert codes(found) == {"limit_reached": 49}
    assert Site.objects.count() == 5
    assert Entry.objects.filter(action="site.created").count() == 1
    (site,) = Site.objects.filter(url__startswith="https://new")
    assert set(Schedule.objects.values_list("site_id", flat=True)) == {site.pk}


def test_it_fills_a_plan_to_its_brim_by_many_at_once(starter: Any, token: str) -> None:
    """Two bulk requests of four each for five slots: five are created, three are told why not."""
    bodies = [
        {"sites": [{"url": f"https://b{half}{n}.example.com"} for n in range(4)]}
        for half in range(2)
    ]
    path = f"/teams/{starter.pk}/sites/bulk"
    found = together([sending(token, "POST", path, body) for body in bodies])
    data = [json.loads(each.content)["data"] for each in found]
    assert sum(len(each["created"]) for each in data) == Site.objects.count() == 5
    assert sum(len(each["failed"]) for each in data) == 3


def test_it_watches_an_address_once(team: Any, token: str) -> None:
    """The same address from all sides: one site, the others are told on `url`."""
    path, body = f"/teams/{team.pk}/sites", {"url": "https://one.example.com"}
    found = together([sending(token, "POST", path, body)] * 12)
    assert statuses(found) == {201: 1, 422: 11}
    assert codes(found) == {"validation_failed": 11}
    assert Site.objects.count() == 1


def test_it_gives_away_the_last_manual_check_of_a_month_once(starter: Any, token: str) -> None:
    """On as many sites as there are requests."""
    sites, now = make_sites(starter, 5), clock.now()
    ManualRun.objects.bulk_create(
        ManualRun(
            team=starter,
            site_uuid=sites[0].pk,
            tool="ssl",
            is_priority=False,
            asked_at=now,
            deadline=now,
            finished_at=now,
        )
        for _ in range(49)
    )
    found = together(
        [sending(token, "POST", f"/sites/{each.pk}/checks", {"tools": ["dns"]}) for each in sites]
    )
    assert statuses(found) == {202: 1, 422: 4}
    assert Check.objects.count() == 1


def test_it_obeys_one_key_once(team: Any, token: str) -> None:
    """Two different requests under one key, twelve times each: one is done, and replayed."""
    path = f"/teams/{team.pk}/sites"
    bodies = [{"url": "https://a.example.com"}, {"url": "https://b.example.com"}]
    found = together(
        [sending(token, "POST", path, body, key="deploy") for _ in range(12) for body in bodies]
    )
    assert statuses(found) == {201: 12, 409: 12}
    assert codes(found) == {"conflict": 12}
    done = [each for each in found if each.status_code == 201]
    assert len({each.content for each in done}) == 1
    assert sum("Idempotency-Replayed" in each.headers for each in done) == 11
    assert Site.objects.count() == 1


def test_it_lets_a_key_of_refused_requests_free(starter: Any, token: str) -> None:
    """The plan is full, so that all are refused; with room again the key does its work."""
    (first, *_) = make_sites(starter, 5)
    send = sending(
        token, "POST", f"/teams/{starter.pk}/sites", {"url": "https://new.example.com"}, key="k"
    )
    assert codes(together([send] * 8)) == {"limit_reached": 8}
    first.delete()
    assert send().status_code == 201


def test_it_deletes_a_site_whose_checks_come_in(team: Any, token: str) -> None:
    """Scheduled and asked for: filed before or set aside after, and nothing is left of either."""
    path, count = f"/teams/{team.pk}/sites", 4
    for number in range(count):
        body = {"url": f"https://s{number}.example.com"}
        assert sending(token, "POST", path, body)().status_code == 201
    sites = list(Site.objects.values_list("pk", flat=True))
    for each in sites:
        queue = sending(token, "POST", f"/sites/{each}/checks", {"tools": ["ssl"]})
        assert queue().status_code == 202
    running = running_checks(count)

    def deleting(site: object) -> Callable[[], object]:
        send = sending(token, "DELETE", f"/sites/{site}")
        return lambda: send().status_code

    def arriving(requests: list[ProbeRequest]) -> Callable[[], object]:
        now = clock.timestamp()
        results = [answer(each, started_at=now, completed_at=now) for each in requests]
        return lambda: filing.store(results)

    deletions: list[Callable[[], object]] = [deleting(each) for each in sites]
    found = together([*deletions, *(arriving(each) for each in running)])
    assert found[:count] == [204] * count
    for stored in found[count:]:
        assert not {AsideReason.MALFORMED, AsideReason.FOREIGN} & set(stored.set_aside)  # type: ignore[attr-defined]
    assert not Site.objects.exists()
    for table in (Schedule, Check, DailyRollup):
        assert not table.objects.exists()
    # The run was asked for, and counts; its check is gone.
    assert ManualRun.objects.count() == count


def running_checks(parts: int) -> list[list[ProbeRequest]]:
    """Take what is due and what was asked for, mixed as it would come from many probers."""
    now = clock.timestamp() + 1
    due = claims.claim(tuple(Tool), now=now, running_since=now - 60).requests
    asked = manual_runs.claim((Tool.SSL,), now=now)
    assert due
    assert len(asked) == parts
    requests = [*due, *asked]
    return [requests[part::parts] for part in range(parts)]


def test_it_deletes_a_check_once(site: Any, token: str) -> None:
    """And a site too: the first request deletes, the others find nothing."""
    check = make_check(site, automatic=False)
    assert statuses(together([sending(token, "DELETE", f"/checks/{check.pk}")] * 6)) == {
        204: 1,
        404: 5,
    }
    deletions = statuses(together([sending(token, "DELETE", f"/sites/{site.pk}")] * 6))
    assert deletions == {204: 1, 404: 5}
    assert Entry.objects.filter(action="site.deleted").count() == 1


OVERRIDES: tuple[dict[str, Any], ...] = (
    {"tools": {"status": {"settings": {"failures_to_open": 3}}}},
    {"tools": {"status": {"settings": {"successes_to_resolve": 4}}}},
    {"tools": {"status": {"cadence_minutes": 10}}},
    {"tools": {"ssl": {"settings": {"expiry_days": 30}}}},
    {"tools": {"dns": {"enabled": False}}},
    {"tools": {"broken-links": {"settings": {"ignore_paths": ["/a", "/b"]}}}},
    {"tools": {"performance": {"opens_issues": False}}},
    {"request_header": {"name": "X-Probe", "value": "tocsin"}},
)


def test_it_keeps_overrides_whole(site: Any, token: str) -> None:
    """Every patch is merged into what the one before left, whatever else is changed meanwhile."""
    patches = [{"monitoring_settings": each} for each in OVERRIDES]
    bodies = [*patches, {"name": "New"}, {"notes": "Changed."}, {"pinned": True}]
    path = f"/sites/{site.pk}"
    found = together([sending(token, "PATCH", path, body) for body in bodies])
    assert statuses(found) == {200: len(bodies)}
    site.refresh_from_db()
    assert site.monitoring_overrides == {
        "request_header": {"name": "X-Probe", "value": "tocsin"},
        "tools": {
            "status": {
                "cadence_minutes": 10,
                "settings": {"failures_to_open": 3, "successes_to_resolve": 4},
            },
            "ssl": {"settings": {"expiry_days": 30}},
            "dns": {"enabled": False},
            "broken-links": {"settings": {"ignore_paths": ["/a", "/b"]}},
            "performance": {"opens_issues": False},
        },
    }
    assert (site.name, site.notes, site.pinned_at is None) == ("New", "Changed.", False)


def test_it_sets_or_resets_an_override_and_nothing_between(site: Any, token: str) -> None:
    """What a site is left with is what one of the patches said, in its schedules as well."""
    path, patched = f"/sites/{site.pk}", {"tools": {"status": {"cadence_minutes": 1}}}
    reset = {"tools": {"status": None}}
    bodies = [{"monitoring_settings": each} for each in (patched, reset) * 4]
    assert statuses(together([sending(token, "PATCH", path, each) for each in bodies])) == {200: 8}
    site.refresh_from_db()
    assert site.monitoring_overrides in ({}, patched)
    minutes = 1 if site.monitoring_overrides else 5
    assert Schedule.objects.get(site=site, tool="status").cadence == minutes * 60


def test_it_keeps_a_teams_settings_whole(team: Any, site: Any, token: str) -> None:
    """A patch for each tool, beside patches of the site: all hold, and the schedules follow."""
    minutes = {"status": 10, "ssl": 60, "dns": 120, "broken-links": 720, "performance": 10080}
    of_team = [
        {"monitoring_settings": {"tools": {tool: {"enabled": True, "cadence_minutes": each}}}}
        for tool, each in minutes.items()
    ]
    found = together(
        [
            *(sending(token, "PATCH", f"/teams/{team.pk}/monitoring", each) for each in of_team),
            *(
                sending(token, "PATCH", f"/sites/{site.pk}", {"monitoring_settings": each})
                for each in OVERRIDES
            ),
        ]
    )
    assert statuses(found) == {200: len(of_team) + len(OVERRIDES)}
    stored = TeamMonitoring.objects.get(team=team).settings["tools"]
    assert {tool: each["cadence_minutes"] for tool, each in stored.items()} == minutes
    # One of the overrides turns dns off.
    running = Schedule.objects.filter(site=site, next_slot__isnull=False)
    cadences = {tool: cadence // 60 for tool, cadence in running.values_list("tool", "cadence")}
    assert {**cadences, "dns": 120} == minutes


def test_it_tells_once_that_an_issue_was_taken_and_ended(site: Any, token: str) -> None:
    """The first acknowledges and resolves; the others change nothing."""
    issue = make_issue(site)
    path = f"/issues/{issue.pk}"
    assert statuses(together([sending(token, "POST", f"{path}/acknowledge")] * 6)) == {200: 6}
    assert statuses(together([sending(token, "POST", f"{path}/resolve")] * 6)) == {200: 6}
    assert Issue.objects.get().status == "resolved"
    assert list(Transition.objects.order_by("pk").values_list("key", flat=True)) == [
        "acknowledged",
        "resolved",
    ]
