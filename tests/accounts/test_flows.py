"""Sign-up, verification and passwords through allauth's own views, as a browser posts them."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client

from tests.cast import PASSWORD
from tocsin.access.actions import create_token
from tocsin.access.models import Token
from tocsin.access.principal import SYSTEM
from tocsin.access.tokens import TokenKind
from tocsin.accounts.actions import create_user
from tocsin.accounts.forms import SignupForm
from tocsin.accounts.models import User
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db
SIGNUP = {"name": "Ann", "email": "ann@example.com", "password1": PASSWORD}


def _sign_up(client: Client, **changes: str) -> Any:
    return client.post("/accounts/signup/", {**SIGNUP, **changes})


def _link(word: str) -> str:
    found = re.search(rf"https?://\S*{word}\S*", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[0]


def test_it_registers_with_a_personal_team_and_mails_a_link(client: Client) -> None:
    assert _sign_up(client).status_code == 302
    user = User.objects.get()
    assert (user.name, user.email, user.email_verified_at) == ("Ann", "ann@example.com", None)
    assert Team.objects.get().memberships.get().user == user
    assert mail.outbox[-1].to == ["ann@example.com"]


def test_it_verifies_by_the_link(client: Client, settings: Any) -> None:
    settings.BASE_URL = "https://monitor.example.com"
    _sign_up(client)
    link = _link("confirm-email")
    assert link.startswith("https://monitor.example.com/")
    client.post(link.removeprefix(settings.BASE_URL))
    assert User.objects.get().email_verified_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "n" * 256}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "a\x1bb"}, "name"),
        ({"email": "ünï@example.com"}, "email"),
        ({"password1": "short"}, "password1"),
        ({"password1": "qwertyuiop12"}, "password1"),
        ({"password1": "x" * 1_000_000}, "password1"),
    ],
)
def test_it_refuses(client: Client, changes: dict[str, str], field: str) -> None:
    answer = _sign_up(client, **changes)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.exists()


def test_it_gives_an_address_one_account(client: Client) -> None:
    create_user(SYSTEM, email="ann@example.com", name="First", password=PASSWORD)
    answer = _sign_up(client, email="ANN@example.com")
    assert list(answer.context["form"].errors) == ["email"]
    assert User.objects.get().name == "First"


def test_it_gives_an_address_one_account_also_when_two_sign_up_at_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_user(SYSTEM, email="ann@example.com", name="First", password=PASSWORD)
    monkeypatch.setattr(SignupForm, "validate_unique_email", lambda _, email: email)
    answer = _sign_up(client)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/signup/")
    assert User.objects.get().name == "First"
    assert "_auth_user_id" not in client.session


def test_it_does_not_tell_who_has_an_account_when_a_password_is_forgotten(
    client: Client,
) -> None:
    create_user(SYSTEM, email="ann@example.com", name="Ann", password=PASSWORD)
    answers = [
        client.post("/accounts/password/reset/", {"email": email})
        for email in ("ann@example.com", "nobody@example.com")
    ]
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1


def test_it_takes_the_address_of_an_invitation_as_verified(client: Client) -> None:
    session = client.session
    session["account_verified_email"] = "ann@example.com"
    session.save()
    _sign_up(client)
    assert User.objects.get().email_verified_at is not None
    assert EmailAddress.objects.get().verified


def test_it_does_not_verify_another_address_than_the_invited(client: Client) -> None:
    session = client.session
    session["account_verified_email"] = "carol@example.com"
    session.save()
    _sign_up(client)
    user = User.objects.get()
    # allauth gives the account the proven address; what was typed stays unproven.
    assert (user.email, user.email_verified_at is None) == ("carol@example.com", False)
    assert not EmailAddress.objects.get(email="ann@example.com").verified


@pytest.mark.parametrize(("box", "live"), [({"revoke_tokens": "on"}, 0), ({}, 1)])
def test_it_offers_to_revoke_tokens_with_a_new_password(
    client: Client, box: dict[str, str], live: int
) -> None:
    user = create_user(
        SYSTEM, email="ann@example.com", name="Ann", password=PASSWORD, verified=True
    )
    create_token(SYSTEM, user=user, kind=TokenKind.API, name="ci", scopes=["sites:read"])
    client.force_login(user)
    elsewhere = Client()
    elsewhere.force_login(user)
    new = "another horse battery staple"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new, **box}
    assert client.post("/accounts/password/change/", form).status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)
    assert Token.objects.filter(revoked_at=None).count() == live
    assert client.get("/accounts/email/").status_code == 200
    assert elsewhere.get("/accounts/email/").status_code == 302


def test_it_resets_a_forgotten_password_by_a_link_to_its_own_address(
    client: Client, settings: Any
) -> None:
    settings.BASE_URL = "https://monitor.example.com"
    user = create_user(SYSTEM, email="ann@example.com", name="Ann", password=PASSWORD)
    client.post("/accounts/password/reset/", {"email": "ann@example.com"})
    link = _link("password/reset")
    assert link.startswith("https://monitor.example.com/")
    form_page = client.get(link.removeprefix(settings.BASE_URL), follow=True)
    new = "another horse battery staple"
    client.post(form_page.request["PATH_INFO"], {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)


def test_it_compares_no_megabyte_with_a_password(client: Client) -> None:
    create_user(SYSTEM, email="ann@example.com", name="Ann", password=PASSWORD)
    form = {"login": "ann@example.com", "password": PASSWORD + "x" * 1_000_000}
    answer = client.post("/accounts/login/", form)
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_it_refuses_a_forged_host(client: Client) -> None:
    answer = client.post("/accounts/signup/", SIGNUP, headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert not User.objects.exists()


@pytest.mark.parametrize("two_factor", [False, True])
def test_it_changes_the_address_once_the_new_one_is_proven(
    client: Client, two_factor: bool
) -> None:
    user = create_user(
        SYSTEM, email="ann@example.com", name="Ann", password=PASSWORD, verified=True
    )
    client.post("/accounts/login/", {"login": "ann@example.com", "password": PASSWORD})
    if two_factor:
        Authenticator.objects.create(user=user, type="webauthn", data={})
    asked = client.post("/accounts/email/", {"action_add": "", "email": "Ann@New.example.com"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    client.post(asked["Location"], {"password": PASSWORD})
    user.refresh_from_db()
    assert user.email == "ann@example.com"
    assert user.email_verified_at is not None
    client.post(_link("confirm-email").removeprefix("http://127.0.0.1:8000"))
    user.refresh_from_db()
    assert user.email == "ann@new.example.com"
    assert user.email_verified_at is not None
    assert EmailAddress.objects.get().email == "ann@new.example.com"


def test_it_keeps_people_without_a_verified_address_from_two_factor(client: Client) -> None:
    _sign_up(client)
    answer = client.get("/accounts/2fa/totp/activate/")
    assert (answer.status_code, answer["Location"]) == (302, "/verify-email")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (1, "", "127.0.0.1"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_it_throttles_by_the_address_past_the_trusted_proxies(
    client: Client, settings: Any, proxies: int, forwarded: str, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    user = create_user(
        SYSTEM, email="ann@example.com", name="Ann", password=PASSWORD, verified=True
    )
    form = {"login": user.email, "password": PASSWORD}
    client.post("/accounts/login/", form, headers={"x-forwarded-for": forwarded})
    assert UserSession.objects.get().ip == address


def test_it_throttles_guesses_at_one_account(client: Client) -> None:
    create_user(SYSTEM, email="ann@example.com", name="Ann", password=PASSWORD)
    for _ in range(5):
        client.post("/accounts/login/", {"login": "ann@example.com", "password": "wrong"})
    client.post("/accounts/login/", {"login": "ann@example.com", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
