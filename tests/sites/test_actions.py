"""Creating and deleting sites."""

from typing import Any

import pytest

from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.checks.models import Check, Gap, Schedule
from tocsin.kit import clock
from tocsin.kit.errors import InvalidInput, LimitReached
from tocsin.probes.contract import Tool
from tocsin.probes.egress import EgressPolicy
from tocsin.sites import queries
from tocsin.sites.actions import create_site, delete_site
from tocsin.sites.errors import DuplicateSite, InvalidName, InvalidUrl, TargetRefused
from tocsin.sites.models import Site
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000


def principal(user: Any) -> Principal:
    return Principal(PrincipalKind.SESSION, user_id=user.pk)


def test_it_keeps_the_canonical_url_and_names_the_site_by_its_domain(team: Any) -> None:
    site = create_site(SYSTEM, team, url="HTTPS://Example.com:443/")
    assert (site.url, site.domain, site.name) == (
        "https://example.com",
        "example.com",
        "example.com",
    )


def test_it_makes_the_first_check_of_each_tool_due_at_once(team: Any) -> None:
    with clock.frozen(NOW + 0.7):
        site = create_site(SYSTEM, team, url="https://example.com")
    due = dict(Schedule.objects.filter(site=site).values_list("tool", "next_slot"))
    assert due == {tool.value: NOW for tool in Tool}
    cadences = dict(Schedule.objects.filter(site=site).values_list("tool", "cadence"))
    assert cadences == {tool.value: 300 if tool is Tool.STATUS else 86_400 for tool in Tool}


def test_it_obeys_what_the_site_sets_itself(team: Any) -> None:
    own = {"tools": {"status": {"cadence_minutes": 1}, "dns": {"enabled": False}}}
    records = {"A": ["192.0.2.1"]}
    site = create_site(
        SYSTEM,
        team,
        url="https://example.com",
        monitoring_settings=own,
        dns_expected_records=records,
    )
    cadences = dict(Schedule.objects.filter(site=site).values_list("tool", "cadence"))
    daily = dict.fromkeys(("ssl", "broken-links", "performance"), 86_400)
    assert cadences == {"status": 60, **daily}
    site.refresh_from_db()
    assert (site.monitoring_overrides, site.dns_expected_records) == (own, records)


def test_it_refuses_settings_that_the_plan_does_not_give(team: Any) -> None:
    Team.objects.filter(pk=team.pk).update(plan="growth")
    own = {"tools": {"status": {"cadence_minutes": 1}}}
    with pytest.raises(InvalidInput) as refused:
        create_site(SYSTEM, team, url="https://example.com", monitoring_settings=own)
    assert set(refused.value.errors) == {"monitoring_settings.tools.status.cadence_minutes"}
    assert not Site.objects.exists()


def test_it_refuses_the_same_address_in_another_spelling(team: Any) -> None:
    create_site(SYSTEM, team, url="https://example.com")
    with pytest.raises(DuplicateSite):
        create_site(SYSTEM, team, url="https://EXAMPLE.com:443/#top")
    assert Site.objects.count() == 1


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "http://169.254.169.254/", "https://example.com:25"]
)
def test_it_refuses_targets_that_the_egress_policy_refuses(team: Any, url: str) -> None:
    with pytest.raises(TargetRefused):
        create_site(SYSTEM, team, url=url, policy=EgressPolicy())
    assert not Site.objects.exists()


def test_it_takes_an_address_that_the_operator_allows(team: Any) -> None:
    policy = EgressPolicy(["127.0.0.0/8"])
    assert create_site(SYSTEM, team, url="http://127.0.0.1:8080", policy=policy).pk


@pytest.mark.parametrize(
    "name", ["   ", "a" * 256, "line\nbreak", "null\x00", "shop \u202egpj.exe"]
)
def test_it_refuses_names_that_cannot_be_shown(team: Any, name: str) -> None:
    with pytest.raises(InvalidName):
        create_site(SYSTEM, team, url="https://example.com", name=name)


def test_it_refuses_what_is_no_url(team: Any) -> None:
    with pytest.raises(InvalidUrl):
        create_site(SYSTEM, team, url="ftp://example.com")


def test_it_stops_at_the_plan_s_limit(team: Any) -> None:
    team.plan = "starter"
    team.save()
    for number in range(5):
        create_site(SYSTEM, team, url=f"https://{number}.example.com")
    with pytest.raises(LimitReached):
        create_site(SYSTEM, team, url="https://more.example.com")


def test_it_forgets_everything_about_a_deleted_site(team: Any) -> None:
    site = create_site(SYSTEM, team, url="https://example.com")
    kept = create_site(SYSTEM, team, url="https://kept.example.com")
    for each in (site, kept):
        Check.objects.create(site=each, type="status", automatic=True, updated_at=clock.now())
        Gap.objects.create(
            site=each, tool="status", kind="lost", reason="overload",
            first_slot=60, last_slot=60, cadence=60, count=1,
        )  # fmt: skip
    delete_site(SYSTEM, site)
    for model in (Check, Gap):
        assert list(model.objects.values_list("site_id", flat=True)) == [kept.pk]
    assert set(Schedule.objects.values_list("site_id", flat=True)) == {kept.pk}


def test_it_shows_sites_to_members_only(site: Any, bob: Any, mallory: Any) -> None:
    assert list(queries.sites(principal(bob))) == [site]
    assert list(queries.sites(SYSTEM)) == [site]
    assert list(queries.sites(principal(mallory))) == []
    assert queries.site(principal(mallory), site.pk) is None
    assert queries.site(principal(bob), site.pk) == site


def test_it_lists_pinned_sites_first_then_the_newest(team: Any) -> None:
    for number in range(3):
        with clock.frozen(NOW + number):
            create_site(SYSTEM, team, url=f"https://{number}.example.com")
    Site.objects.filter(url="https://0.example.com").update(pinned_at=clock.now())
    order = [site.domain[0] for site in queries.sites(SYSTEM, team_id=team.pk)]
    assert order == ["0", "2", "1"]
