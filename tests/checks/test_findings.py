"""Since when links are dead: findings followed from crawl to crawl."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest

from tests.checks.conftest import MIDNIGHT as T
from tests.checks.conftest import answer
from tests.checks.runs import ask
from tocsin.access.principal import SYSTEM
from tocsin.accounts.queries import session_principal
from tocsin.checks import claims, filing, manual_runs
from tocsin.checks.findings import KEPT, Finding, link_findings
from tocsin.checks.models import LinkFinding
from tocsin.kit import clock
from tocsin.kit.errors import NotFound
from tocsin.probes.contract import CheckStatus, LinksSettings, ProbeRequest, Tool
from tocsin.sites.actions import create_site, delete_site
from tocsin.sites.models import Site

pytestmark = pytest.mark.django_db
CRAWLS = (Tool.BROKEN_LINKS,)
DAY = 86_400


@pytest.fixture
def crawled(team: Any) -> Site:
    """A site that was made at T and is crawled daily from then on."""
    with clock.frozen(T):
        return create_site(SYSTEM, team, url="https://example.com")


def listed(path: str, cause: str = "not_found", **changes: Any) -> dict[str, Any]:
    return {
        "id": f"id-of-{path}",
        "url": f"https://example.com/{path}",
        "source": "https://example.com",
        "status": 404,
        "cause": cause,
        "text": "a link",
        "confirmed": cause != "blocked",
        "message": "404 Not Found",
        **changes,
    }


def result_of(*urls: Mapping[str, Any], reason: str = "completed", **crawl: Any) -> dict[str, Any]:
    facts = {"finish_reason": reason, "urls_omitted": 0, **crawl}
    return {"found": len(urls), "crawled": 1, "urls": list(urls), "crawl": facts}


def crawl(at: float, result: Any, status: CheckStatus = CheckStatus.COMPLETED) -> None:
    """Run the crawl that is due at a moment and file what it found."""
    (request,) = claims.claim(CRAWLS, now=at, running_since=T).requests
    file(request, at, result, status)


def file(
    request: ProbeRequest, at: float, result: Any, status: CheckStatus = CheckStatus.COMPLETED
) -> None:
    with clock.frozen(at):
        filed = filing.store([answer(request, result=result, status=status, completed_at=at)])
    assert filed.stored == 1


def seen(site: Site, *, current: bool = True) -> dict[str, Finding]:
    found = link_findings(SYSTEM, site.pk, current=current)
    return {finding.url.rpartition("/")[2]: finding for finding in found}


def times(finding: Finding) -> tuple[float, float]:
    return finding.first_seen.timestamp() - T, finding.last_seen.timestamp() - T


def test_it_remembers_since_when_a_link_is_dead(crawled: Site) -> None:
    crawl(T, result_of(listed("a"), listed("b")))
    elsewhere = listed("a", source="https://example.com/other", text="again")
    crawl(T + DAY, result_of(elsewhere, listed("c")))
    found = seen(crawled)
    assert set(found) == {"a", "c"}
    # Which page a crawl meets first is chance; the link is the same.
    assert times(found["a"]) == (0, DAY)
    assert (found["a"].source, found["a"].text) == ("https://example.com/other", "again")
    assert times(found["c"]) == (DAY, DAY)
    well_again = seen(crawled, current=False)["b"]
    assert not well_again.is_current
    assert times(well_again) == (0, 0)


def test_it_begins_anew_with_another_cause(crawled: Site) -> None:
    crawl(T, result_of(listed("a", "server_error", status=500)))
    crawl(T + DAY, result_of(listed("a")))
    finding = seen(crawled)["a"]
    assert (finding.cause, finding.status, times(finding)) == ("not_found", 404, (DAY, DAY))


def test_it_knows_a_link_again_that_was_well_in_between(crawled: Site) -> None:
    crawl(T, result_of(listed("a")))
    crawl(T + DAY, result_of())
    assert seen(crawled) == {}
    crawl(T + 2 * DAY, result_of(listed("a")))
    assert times(seen(crawled)["a"]) == (0, 2 * DAY)


@pytest.mark.parametrize(
    "partial",
    [
        result_of(reason="time_limit"),
        result_of(reason="blocked"),
        result_of(urls_omitted=1),
        {"urls": "rubbish"},
        None,
    ],
)
def test_it_takes_nothing_for_well_that_a_crawl_has_not_seen(crawled: Site, partial: Any) -> None:
    crawl(T, result_of(listed("a")))
    crawl(T + DAY, partial)
    assert times(seen(crawled)["a"]) == (0, 0)


def test_it_learns_nothing_from_a_crawl_that_failed(crawled: Site) -> None:
    crawl(T, result_of(listed("a")))
    crawl(T + DAY, result_of(reason="start_failed"), CheckStatus.FAILED)
    assert set(seen(crawled)) == {"a"}


def test_it_forgets_what_has_long_been_well(crawled: Site) -> None:
    crawl(T, result_of(listed("a")))
    later = T + KEPT.days * DAY
    crawl(later, result_of())
    assert set(seen(crawled, current=False)) == {"a"}
    crawl(later + DAY, result_of())
    assert not LinkFinding.objects.exists()


def test_it_follows_crawls_that_somebody_asked_for_too(crawled: Site) -> None:
    crawl(T, result_of(listed("a")))
    ask(crawled, "broken-links", at=T + 60)
    (request,) = manual_runs.claim(CRAWLS, now=T + 60)
    file(request, T + 70, result_of())
    assert seen(crawled) == {}


def test_it_lets_what_a_later_crawl_saw_stand(crawled: Site) -> None:
    ask(crawled, "broken-links", at=T)
    (early,) = manual_runs.claim(CRAWLS, now=T)
    crawl(T + 100, result_of(listed("a")))
    file(early, T + 50, result_of())
    assert set(seen(crawled)) == {"a"}


def test_it_lists_dead_links_before_those_that_are_closed(crawled: Site) -> None:
    crawl(T, result_of(listed("closed", "blocked"), listed("z")))
    crawl(T + DAY, result_of(listed("closed", "blocked"), listed("z"), listed("a")))
    assert list(seen(crawled)) == ["z", "a", "closed"]


def test_it_shows_them_to_the_team_only_and_forgets_them_with_the_site(
    crawled: Site, vera: Any, mallory: Any
) -> None:
    crawl(T, result_of(listed("a")))
    assert len(link_findings(session_principal(vera), crawled.pk)) == 1
    for principal, uuid in ((session_principal(mallory), crawled.pk), (SYSTEM, uuid4())):
        with pytest.raises(NotFound):
            link_findings(principal, uuid)
    delete_site(SYSTEM, crawled)
    assert not LinkFinding.objects.exists()


def test_it_asks_for_pages_as_a_browser_shows_them_where_the_site_wants_that(team: Any) -> None:
    with clock.frozen(T):
        site = create_site(SYSTEM, team, url="https://scripts.example.com", js_rendered=True)
    ask(site, "broken-links")
    (automatic,) = claims.claim(CRAWLS, now=T, running_since=T).requests
    (manual,) = manual_runs.claim(CRAWLS, now=T)
    for request in (automatic, manual):
        assert request.settings == LinksSettings(js_rendered=True)
