"""The cast: alice owns, adam administers, bob works, vera looks, mallory stands outside."""

from typing import Any

import pytest

PASSWORD = "correct horse battery staple"


def _person(name: str) -> Any:
    from django.contrib.auth import get_user_model

    from tocsin.kit import clock

    return get_user_model().objects.create_user(
        f"{name}@example.com", PASSWORD, name=name.title(), email_verified_at=clock.now()
    )


def _join(team: Any, user: Any, role: str) -> Any:
    from tocsin.teams.models import Membership

    Membership.objects.create(team=team, user=user, role=role)
    return user


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    """Hash passwords quickly: the real hasher is slow by design."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Let emptying the tables be all that happens after a test with transactions of its own.

    Django would each time fill in its permissions and content types, which Tocsin does not use.
    """
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db.models.signals import post_migrate

    permissions = "django.contrib.auth.management.create_permissions"
    assert post_migrate.disconnect(dispatch_uid=permissions)
    assert post_migrate.disconnect(create_contenttypes)


@pytest.fixture
def alice(db: None) -> Any:
    """Owner of `team`, once `team` is asked for."""
    return _person("alice")


@pytest.fixture
def team(alice: Any) -> Any:
    """A team of alice's, not personal, on the self-hosted plan."""
    from tocsin.teams.models import Team

    team = Team.objects.create(name="Acme")
    _join(team, alice, "owner")
    return team


@pytest.fixture
def adam(team: Any) -> Any:
    """Admin of `team`."""
    return _join(team, _person("adam"), "admin")


@pytest.fixture
def bob(team: Any) -> Any:
    """Member of `team`."""
    return _join(team, _person("bob"), "member")


@pytest.fixture
def vera(team: Any) -> Any:
    """Viewer of `team`."""
    return _join(team, _person("vera"), "viewer")


@pytest.fixture
def mallory(db: None) -> Any:
    """Belongs to no team of the others."""
    return _person("mallory")


@pytest.fixture
def site(team: Any) -> Any:
    """A site of `team`."""
    from tocsin.sites.models import Site

    return Site.objects.create(
        team=team, name="Example", url="https://example.com", domain="example.com"
    )
