"""Running checks by hand."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.watching import watch
from tocsin.checks import manual_runs
from tocsin.checks.models import Check, ManualRun
from tocsin.checks.progress import note
from tocsin.kit import clock
from tocsin.probes.contract import Progress, ProgressReport, Stage, Tool
from tocsin.sites.models import Site


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice)


@pytest.fixture
def shop(team: Any) -> Site:
    return watch(team)


def _run(client: Client, site: Site, *tools: str, **more: str) -> str:
    answer = client.post(
        f"/teams/{site.team_id}/sites/{site.pk}/run", {"tools": tools, **more}, follow=True
    )
    assert answer.status_code == 200
    return answer.content.decode()


def _runs(client: Client, site: Site) -> str:
    return client.get(f"/teams/{site.team_id}/sites/{site.pk}/runs").content.decode()


def test_it_asks_until_the_run_has_ended(client: Client, shop: Site) -> None:
    page = _run(client, shop, "status", "dns")
    assert "2 checks are queued." in page
    fragment = _runs(client, shop)
    assert (fragment.count("Queued"), fragment.count("Running")) == (2, 0)
    assert 'hx-trigger="every 2s"' in fragment
    assert len(manual_runs.claim((Tool.STATUS,), now=clock.timestamp())) == 1
    fragment = _runs(client, shop)
    assert (fragment.count("Queued"), fragment.count("Running")) == (1, 1)
    now = clock.now()
    ManualRun.objects.update(finished_at=now)
    Check.objects.update(
        status="completed", outcome="ok", completed_at=now, result={"code": 200, "up": True}
    )
    fragment = _runs(client, shop)
    assert "hx-trigger" not in fragment
    assert fragment.count("See the result") == 2


def test_it_shows_how_far_a_run_has_come(client: Client, shop: Site) -> None:
    _run(client, shop, "broken-links")
    check = Check.objects.get()
    path = f"/teams/{shop.team_id}/sites/{shop.pk}/checks/{check.pk}"
    manual_runs.claim((Tool.BROKEN_LINKS,), now=clock.timestamp())
    alone = client.get(path).content.decode()
    assert "It is waiting for a worker." in alone
    for page in (_runs(client, shop), alone):
        assert ("Queued" in page, "Running" in page) == (True, False)
    note([ProgressReport(str(check.pk), Progress(Stage.CRAWLING, 12, links=240, found=3))])
    alone = client.get(path).content.decode()
    for page in (_runs(client, shop), alone):
        assert "Queued" not in page
        for words in ("Running", "12 pages read", "240 links", "3 dead"):
            assert words in page, words
    note([ProgressReport(str(check.pk), Progress(Stage.MEASURING, 1, total=3))])
    alone = client.get(path).content.decode()
    for page in (_runs(client, shop), alone):
        assert "1 of 3" in page
    assert 'hx-trigger="every 2s"' in alone


def test_it_forgets_runs_that_ended_a_while_ago(client: Client, shop: Site) -> None:
    _run(client, shop, "status")
    ManualRun.objects.update(finished_at=clock.now())
    with clock.frozen(clock.timestamp() + 3600):
        assert "run-" not in _runs(client, shop)


def test_it_says_why_a_run_is_refused_and_queues_nothing(client: Client, shop: Site) -> None:
    assert "1 check is queued." in _run(client, shop, "status")
    page = _run(client, shop, "status", "ssl")
    assert "A manual run of status is still pending." in page
    assert ManualRun.objects.count() == 1


@pytest.mark.parametrize(
    ("tools", "more"),
    [((), {}), (("nothing",), {}), (("status",), {"url": "https://other.example/"})],
)
def test_it_refuses_what_makes_no_sense(
    client: Client, shop: Site, tools: tuple[str, ...], more: dict[str, str]
) -> None:
    assert "notice-failing" in _run(client, shop, *tools, **more)
    assert not ManualRun.objects.exists()


def test_it_finds_no_site_that_is_gone(client: Client, team: Any) -> None:
    answer = client.post(f"/teams/{team.pk}/sites/{uuid4()}/run", {"tools": "status"})
    assert answer.status_code == 404
