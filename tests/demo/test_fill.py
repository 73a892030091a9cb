"""The demo: a small one is filled, and what it says of the past is consistent."""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from scripts.demo.cast import OWNER, PASSWORD, Cast
from scripts.demo.catalogue import SITES, DemoSite, Profile
from scripts.demo.fill import fill
from scripts.demo.plan import DAY, episodes
from tocsin.checks.findings import follow
from tocsin.checks.models import Check, DailyRollup, LinkFinding, Schedule
from tocsin.checks.periods import ALWAYS
from tocsin.checks.report_queries import uptime_report
from tocsin.checks.slot_queries import slots_of_site
from tocsin.issues.models import Issue
from tocsin.kit import clock
from tocsin.notifications.models import Delivery
from tocsin.notifications.vocabulary import ON_THE_WAY
from tocsin.probes.contract import CheckStatus, Outcome, ProbeResult, Ticket, Tool
from tocsin.sites.models import Site

NOW = 1_800_100_000
DAYS = 4
SEED = 7
# What the slow sites' own settings say.
SLOWEST_ALLOWED = 60
WANTED = (
    Profile.DOWN,
    Profile.ACKNOWLEDGED,
    Profile.EXPIRING,
    Profile.SNOOZED,
    Profile.QUIET,
    Profile.NEW,
    Profile.BROKEN_LINKS,
    Profile.SLOW,
)
FEW = [next(site for site in SITES if site.profile is profile) for profile in WANTED]


@pytest.fixture
def cast(db: None, settings: Any) -> Cast:
    settings.EGRESS_ALLOW = ("127.0.0.0/8", "::1/128")
    with clock.frozen(NOW):
        return fill(seed=SEED, days=DAYS, sites=FEW)


def _issues(demo: DemoSite) -> list[tuple[str, str]]:
    found = Issue.objects.filter(site__url=demo.url)
    return sorted(found.exclude(status="resolved").values_list("fingerprint", "status"))


def test_it_tells_a_consistent_story(cast: Cast) -> None:
    """One filling, looked at from all sides: it takes a second or two."""
    by_profile = {demo.profile: demo for demo in FEW}
    assert _issues(by_profile[Profile.DOWN]) == [("status:down", "open")]
    assert _issues(by_profile[Profile.ACKNOWLEDGED])[0][0] == "status:down"
    assert _issues(by_profile[Profile.EXPIRING]) == [("ssl:expiring", "open")]
    assert _issues(by_profile[Profile.SNOOZED]) == []
    new = Site.objects.get(url=by_profile[Profile.NEW].url)
    assert not Check.objects.filter(site=new).exists()
    assert not Delivery.objects.filter(status__in=ON_THE_WAY).exists()
    _accounts_for_every_slot(cast, Site.objects.get(url=by_profile[Profile.EXPIRING].url))
    _lands_where_the_sites_are(cast)
    _scores_agree(Site.objects.get(url=by_profile[Profile.SLOW].url))
    _findings_agree(Site.objects.get(url=by_profile[Profile.BROKEN_LINKS].url))


def _lands_where_the_sites_are(cast: Cast) -> None:
    client = Client()
    assert client.login(username=OWNER, password=PASSWORD)
    with clock.frozen(NOW):
        assert client.get("/").headers["Location"] == f"/teams/{cast.team.pk}/"


def _scores_agree(site: Site) -> None:
    """Each day's roll-up is what that day's measurements say, the latest one's included."""
    checks = Check.objects.filter(site=site, type="performance", result__isnull=False)
    scores: defaultdict[date, list[int]] = defaultdict(list)
    score = 0
    for check in checks.order_by("created_at"):
        score = (check.result or {})["speed_metrics"]["performance_score"]
        scores[check.created_at.date()].append(score)
        assert (check.outcome == "failing") is (score < SLOWEST_ALLOWED)
    rollups = DailyRollup.objects.filter(site=site, tool="performance", score_count__gt=0)
    assert {each.date: (each.score_sum, each.score_count) for each in rollups} == {
        day: (sum(found), len(found)) for day, found in scores.items()
    }
    schedule = Schedule.objects.get(site=site, tool="performance")
    assert schedule.latest_summary == f"Score {score}"


def _findings_agree(site: Site) -> None:
    """They are what the product itself makes of the same crawls."""
    crawls = list(Check.objects.filter(site=site, type="broken-links").order_by("created_at"))
    latest = crawls[-1].result or {}
    assert latest["found"] == sum(each["confirmed"] for each in latest["urls"])
    listed = {each["url"] for each in latest["urls"]}
    kept = _findings(site)
    assert {each["url"] for each in kept if each["is_current"]} == listed
    assert len({each["cause"] for each in kept if each["is_current"]}) > 2
    LinkFinding.objects.all().delete()
    for crawl in crawls:
        follow([_result(crawl)])
    assert _findings(site) == kept


def _findings(site: Site) -> list[dict[str, Any]]:
    found = LinkFinding.objects.filter(site=site).order_by("key").values()
    return [{name: value for name, value in each.items() if name != "id"} for each in found]


def _result(crawl: Check) -> ProbeResult:
    assert crawl.completed_at is not None
    slot = crawl.completed_at.timestamp()
    return ProbeResult(
        check_id=str(crawl.pk),
        tool=Tool.BROKEN_LINKS,
        status=CheckStatus(crawl.status),
        outcome=Outcome(crawl.outcome),
        result=crawl.result,
        error=None,
        started_at=slot,
        completed_at=slot,
        vantage="local",
        ticket=Ticket(str(crawl.site_id)),
    )


def _accounts_for_every_slot(cast: Cast, site: Any) -> None:
    owner = cast.people["owner"]
    with clock.frozen(NOW):
        for tool in (Tool.STATUS, Tool.SSL):
            account = slots_of_site(owner, site.pk, tool, ALWAYS)
            lost = sum(account.lost.values())
            assert account.expected == account.ran + lost
            assert account.ran > 0
            assert set(account.lost) <= {"scheduler_down"}
        report = uptime_report(owner, site.pk, days=DAYS)
    counted = DailyRollup.objects.filter(site=site, tool="status").aggregate(n=Sum("ok"))
    assert sum(day.up_checks for day in report.days) <= counted["n"]


@pytest.mark.parametrize("profile", list(Profile))
def test_it_has_a_site_of_every_kind(profile: Profile) -> None:
    assert any(site.profile is profile for site in SITES)


def test_it_tells_the_same_for_the_same_seed() -> None:
    for site in SITES:
        first, again = (episodes(site, NOW, 90, SEED) for _ in range(2))
        assert first == again
        assert all(NOW - 90 * DAY <= each.start <= NOW for each in first)
    assert len(SITES) == 40
    assert len({site.url for site in SITES}) == 40
