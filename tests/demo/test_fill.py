"""The demo: a small one is filled, and what it says of the past is consistent."""

from typing import Any

import pytest
from django.db.models import Sum

from scripts.demo.cast import Cast
from scripts.demo.catalogue import SITES, DemoSite, Profile
from scripts.demo.fill import fill
from scripts.demo.plan import DAY, episodes
from tocsin.checks.models import Check, DailyRollup
from tocsin.checks.periods import ALWAYS
from tocsin.checks.report_queries import uptime_report
from tocsin.checks.slot_queries import slots_of_site
from tocsin.issues.models import Issue
from tocsin.kit import clock
from tocsin.notifications.models import Delivery
from tocsin.notifications.vocabulary import ON_THE_WAY
from tocsin.probes.contract import Tool
from tocsin.sites.models import Site

NOW = 1_800_100_000
DAYS = 4
SEED = 7
WANTED = (
    Profile.DOWN,
    Profile.ACKNOWLEDGED,
    Profile.EXPIRING,
    Profile.SNOOZED,
    Profile.QUIET,
    Profile.NEW,
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
