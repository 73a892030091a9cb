"""Pinning, unpinning and deleting the sites that were chosen."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.watching import NASTY, watch
from tocsin.sites.models import Site


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice)


def _do(client: Client, team: Any, verb: str, *sites: Any, **more: str) -> str:
    answer = client.post(
        f"/teams/{team.pk}/sites/{verb}", {"site": [str(each) for each in sites], **more},
        follow=True,
    )  # fmt: skip
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_pins_and_unpins_many(client: Client, team: Any) -> None:
    first, second, third = (watch(team, name) for name in "abc")
    assert "2 sites are pinned." in _do(client, team, "pin", first.pk, second.pk)
    assert set(Site.objects.filter(pinned_at__isnull=False)) == {first, second}
    assert "1 site is no longer pinned." in _do(client, team, "unpin", first.pk)
    assert list(Site.objects.filter(pinned_at__isnull=False)) == [second]
    assert third.pinned_at is None


def test_it_asks_before_it_deletes(client: Client, team: Any) -> None:
    site, other = watch(team, NASTY), watch(team, "Other")
    page = _do(client, team, "delete", site.pk, other.pk)
    assert "Delete these 2 sites?" in page
    assert "&lt;script&gt;" in page
    assert Site.objects.count() == 2
    assert "1 site is deleted." in _do(client, team, "delete", site.pk, confirmed="yes")
    assert list(Site.objects.all()) == [other]
    assert "0 sites are deleted." in _do(client, team, "delete", site.pk, confirmed="yes")


@pytest.mark.parametrize("verb", ["pin", "unpin", "delete"])
def test_it_touches_no_site_of_another_team_and_asks_to_choose(
    client: Client, team: Any, mallory: Any, verb: str
) -> None:
    from tocsin.access.principal import SYSTEM
    from tocsin.teams.actions import create_team

    theirs = watch(create_team(SYSTEM, owner_id=mallory.pk, name="Other"), "theirs", pinned=True)
    for chosen in ((theirs.pk,), (uuid4(),), ("x",), ()):
        assert "Choose at least one site first." in _do(client, team, verb, *chosen)
    theirs.refresh_from_db()
    assert theirs.pinned_at is not None


@pytest.mark.parametrize("verb", ["pin", "unpin", "delete"])
def test_it_takes_at_most_a_hundred(client: Client, team: Any, verb: str) -> None:
    assert "at most 100" in _do(client, team, verb, *(uuid4() for _ in range(101)))


def test_it_does_not_let_members_delete(sign_in: SignIn, bob: Any, team: Any) -> None:
    site = watch(team)
    member = sign_in(bob)
    page = member.get(f"/teams/{team.pk}/sites").content.decode()
    assert f"/teams/{team.pk}/sites/pin" in page
    assert f"/teams/{team.pk}/sites/delete" not in page
    answer = member.post(
        f"/teams/{team.pk}/sites/delete", {"site": str(site.pk), "confirmed": "yes"}
    )
    assert answer.status_code == 403
    assert Site.objects.exists()


def test_it_lets_viewers_choose_nothing(sign_in: SignIn, vera: Any, team: Any) -> None:
    watch(team)
    page = sign_in(vera).get(f"/teams/{team.pk}/sites").content.decode()
    assert 'name="site"' not in page
    assert "Import" not in page
