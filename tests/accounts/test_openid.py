"""Sign-in with an OpenID provider, through a real one on loopback."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.accounts.openid_server import CLIENT, Provider, openid_provider
from tests.cast import PASSWORD
from tocsin.access.principal import SYSTEM
from tocsin.accounts.actions import create_user
from tocsin.accounts.models import User
from tocsin.config.environment import ConfigurationError, Environment, load
from tocsin.config.social_settings import providers
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """The provider, and Tocsin set up for it."""
    with openid_provider() as running:
        running.claims = {
            "sub": "1",
            "name": "Ann Doe",
            "email": "Ann@example.com",
            "email_verified": True,
        }
        environment = Environment(oidc_server=running.address, oidc_client=CLIENT)
        settings.SOCIALACCOUNT_PROVIDERS = providers(environment)
        yield running


def _sign_in(client: Client) -> Any:
    sent = client.post("/accounts/oidc/oidc/login/")
    query = parse_qs(urlsplit(sent["Location"]).query)
    assert query["code_challenge_method"] == ["S256"]
    back = {"code": "x", "state": query["state"][0]}
    return client.get("/accounts/oidc/oidc/login/callback/", back)


def test_it_registers_with_a_personal_team(client: Client, provider: Provider) -> None:
    assert _sign_in(client)["Location"] == "/"
    user = User.objects.get()
    assert (user.name, user.email, user.has_usable_password()) == (
        "Ann Doe",
        "ann@example.com",
        False,
    )
    assert user.email_verified_at is not None
    team = Team.objects.get()
    assert (team.personal_team, team.memberships.get().user) == (True, user)
    assert provider.exchanges[0]["client_secret"] == ["a secret"]


def test_it_signs_the_same_person_in_again(client: Client, provider: Provider) -> None:
    _sign_in(client)
    again = Client()
    _sign_in(again)
    assert again.session["_auth_user_id"] == str(User.objects.get().pk)
    assert Team.objects.count() == 1


def test_it_does_not_take_an_address_on_trust(client: Client, provider: Provider) -> None:
    provider.claims["email_verified"] = False
    _sign_in(client)
    assert User.objects.get().email_verified_at is None


def test_it_hands_nobody_an_existing_account(client: Client, provider: Provider) -> None:
    create_user(SYSTEM, email="ann@example.com", name="First", password=PASSWORD, verified=True)
    _sign_in(client)
    assert "_auth_user_id" not in client.session
    assert User.objects.get().name == "First"


@pytest.mark.parametrize("name", ["", "x" * 300, "a\u202eb", None])
def test_it_names_people_by_their_address_where_the_name_is_none(
    client: Client, provider: Provider, name: str | None
) -> None:
    provider.claims["name"] = name
    _sign_in(client)
    assert User.objects.get().name == "ann"


def test_it_offers_only_what_is_set_up() -> None:
    assert providers(Environment()) == {}
    offered = providers(Environment(google_client="a:b", github_client="c:d:e"))
    assert list(offered) == ["google", "github"]
    assert offered["github"]["APPS"][0]["secret"] == "d:e"


def test_it_says_what_is_wrong_with_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_GOOGLE_CLIENT", "only-an-id")
    with pytest.raises(ConfigurationError, match=r"TOCSIN_GOOGLE_CLIENT: .*id:secret"):
        load()
