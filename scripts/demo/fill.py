"""Filling an empty instance: people and sites by the product's actions, history in bulk."""

from collections.abc import Sequence

from scripts.demo import cast, deliveries, incidents
from scripts.demo.catalogue import SITES, DemoSite, Profile
from scripts.demo.findings import findings_of
from scripts.demo.history import Rows, Subject, rows_of
from scripts.demo.plan import DAY, episodes
from scripts.demo.results import records
from tocsin.checks.models import Check, DailyRollup, Gap, LinkFinding, Schedule
from tocsin.kit import clock
from tocsin.sites.models import Site

BATCH = 1000
UPDATED = (
    "since", "next_slot", "latest_check", "latest_status", "latest_outcome", "latest_at",
    "latest_summary",
)  # fmt: skip


def fill(*, seed: int, days: int, sites: Sequence[DemoSite] = SITES) -> cast.Cast:
    """Make everything; the same seed and moment make the same."""
    now = int(clock.timestamp())
    people = cast.gather(now, days)
    events: list[incidents.Event] = []
    old = [demo for demo in reversed(sites) if demo.profile is not Profile.NEW]
    for number, demo in enumerate(old):
        site = cast.watch(people, demo, now - days * DAY + number * 60, now)
        events += _remember(site, demo, seed, now, days)
    _expect_records(old)
    incidents.replay(events, people.people["member"], now)
    deliveries.settle(seed, now)
    # The last thing that was done, so that its first checks are still to come.
    for demo in (each for each in sites if each.profile is Profile.NEW):
        cast.watch(people, demo, int(clock.timestamp()), now)
    return people


def _remember(site: Site, demo: DemoSite, seed: int, now: int, days: int) -> list[incidents.Event]:
    subject = Subject(demo, site.pk, episodes(demo, now, days, seed), now, days)
    schedules = list(Schedule.objects.filter(site=site, next_slot__isnull=False).order_by("pk"))
    rows = rows_of(subject, schedules)
    _write(rows)
    return list(incidents.events_of(subject, rows.checks))


def _write(rows: Rows) -> None:
    Check.objects.bulk_create(rows.checks, batch_size=BATCH)
    DailyRollup.objects.bulk_create(rows.rollups, batch_size=BATCH)
    Gap.objects.bulk_create(rows.gaps)
    LinkFinding.objects.bulk_create(findings_of(rows.checks))
    Schedule.objects.bulk_update(rows.schedules, UPDATED)


def _expect_records(sites: Sequence[DemoSite]) -> None:
    """Keep as expected what the first look-up of each site found."""
    by_url = {demo.url: demo for demo in sites}
    unset = list(Site.objects.filter(dns_expected_records__isnull=True, url__in=by_url))
    for site in unset:
        site.dns_expected_records = records(by_url[site.url])
    Site.objects.bulk_update(unset, ("dns_expected_records",))
