"""How far a pending check has come."""

from typing import Any

import pytest

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.runs import ask, file
from tocsin.access.principal import SYSTEM
from tocsin.accounts.queries import session_principal
from tocsin.checks import manual_runs, progress
from tocsin.checks.history import get_check
from tocsin.checks.manual_models import ManualRun
from tocsin.checks.standing import check_and_standing
from tocsin.kit import clock
from tocsin.probes.contract import Progress, ProgressReport, Stage, Tool

pytestmark = pytest.mark.django_db
FAR = Progress(Stage.CRAWLING, 12, links=240, found=3)


def test_it_shows_the_latest_news_of_a_pending_check(site: Any, bob: Any) -> None:
    (check,) = ask(site, "broken-links")
    assert get_check(SYSTEM, check.uuid).progress is None
    first = Progress(Stage.CRAWLING, 1, links=20, found=0)
    for news in (first, FAR):
        progress.note([ProgressReport(str(check.uuid), news)])
    assert get_check(SYSTEM, check.uuid).progress == FAR
    found = check_and_standing(session_principal(bob), check.uuid)
    assert found is not None
    assert found[0].progress == FAR


def test_it_says_nothing_of_a_check_that_has_ended(site: Any) -> None:
    (check,) = ask(site, "broken-links")
    (request,) = manual_runs.claim((Tool.BROKEN_LINKS,), now=T)
    progress.note([ProgressReport(str(check.uuid), FAR)])
    assert file(request, result=None).stored == 1
    assert get_check(SYSTEM, check.uuid).progress is None
    progress.note([ProgressReport(str(check.uuid), FAR)])
    assert get_check(SYSTEM, check.uuid).progress is None


@pytest.mark.parametrize(
    ("tool", "says_so"), [(Tool.STATUS, False), (Tool.BROKEN_LINKS, True), (Tool.PERFORMANCE, True)]
)
def test_it_tells_what_waits_from_what_has_begun(site: Any, tool: Tool, *, says_so: bool) -> None:
    (check,) = ask(site, tool.value)

    def has_begun(moment: float) -> bool:
        with clock.frozen(moment):
            return get_check(SYSTEM, check.uuid).has_begun

    assert not has_begun(T)
    (request,) = manual_runs.claim((tool,), now=T)
    assert has_begun(T) is not says_so
    progress.note([ProgressReport(str(check.uuid), FAR)])
    assert has_begun(T)
    assert not has_begun(T + 86400)
    manual_runs.release([request])
    assert not has_begun(T)
    (request,) = manual_runs.claim((tool,), now=T)
    assert has_begun(T) is not says_so
    assert ManualRun.objects.filter(progress__isnull=True).exists()
    assert file(request, result=None).stored == 1
    assert not has_begun(T)


def test_it_passes_over_news_of_what_is_not_there(site: Any) -> None:
    (check,) = ask(site, "performance")
    measuring = Progress(Stage.MEASURING, 1, 3)
    strangers = ("no uuid", "00000000-0000-0000-0000-000000000000", str(check.uuid))
    progress.note([ProgressReport(each, measuring) for each in strangers])
    assert get_check(SYSTEM, check.uuid).progress == measuring
