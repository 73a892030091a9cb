"""Creating users."""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress

from tocsin.access.principal import SYSTEM
from tocsin.accounts import hooks
from tocsin.accounts.actions import create_user
from tocsin.accounts.models import User
from tocsin.kit.errors import InvalidInput
from tocsin.teams.models import Team

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


def test_it_makes_the_personal_team_with_the_user(audited: Callable[[], list[str]]) -> None:
    user = create_user(SYSTEM, email="Ann+x@Example.com", name=" Ann ", password=PASSWORD)
    assert (user.email, user.name, user.email_verified_at) == ("ann+x@example.com", "Ann", None)
    assert user.check_password(PASSWORD)
    team = Team.objects.get()
    assert (team.personal_team, team.name) == (True, "Ann’s team")
    assert team.memberships.get().user == user
    assert audited() == ["user.created", "team.created"]


@pytest.mark.parametrize("verified", [True, False])
def test_it_says_the_same_here_and_at_allauth(verified: bool) -> None:
    user = create_user(SYSTEM, email="ann@example.com", name="Ann", verified=verified)
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.primary, address.verified) == (user.email, True, verified)
    assert (user.email_verified_at is not None) is verified


def test_it_lets_nobody_in_without_a_password() -> None:
    user = create_user(SYSTEM, email="ann@example.com", name="Ann")
    assert not user.has_usable_password()


def test_it_names_the_team_within_its_length() -> None:
    create_user(SYSTEM, email="ann@example.com", name="n" * 255)
    assert len(Team.objects.get().name) == 255


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "x" * 256}, "name"),
        ({"name": "a\x07b"}, "name"),
        ({"name": "\u202eevil"}, "name"),
        ({"name": " "}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "ünï@example.com"}, "email"),
        ({"email": "a@b@example.com "}, "email"),
        ({"email": "a@exa mple.com"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"password": "ann@example.com"}, "password"),
        ({"password": "x" * 1_000_000}, "password"),
    ],
)
def test_it_refuses(changes: dict[str, str], field: str) -> None:
    values = {"email": "ann@example.com", "name": "Ann", "password": PASSWORD, **changes}
    with pytest.raises(InvalidInput) as refusal:
        create_user(SYSTEM, **values)  # type: ignore[arg-type]
    assert list(refusal.value.errors) == [field]
    assert not User.objects.exists()


@pytest.mark.parametrize("again", ["ann@example.com", "ANN@EXAMPLE.COM", " ann@example.com "])
def test_it_refuses_an_address_twice(again: str) -> None:
    create_user(SYSTEM, email="ann@example.com", name="Ann")
    with pytest.raises(InvalidInput, match="already"):
        create_user(SYSTEM, email=again, name="Ann")


def test_it_takes_a_domain_in_any_script_as_one_address() -> None:
    user = create_user(SYSTEM, email="ann@exämple.com", name="Ann")
    assert user.email == "ann@xn--exmple-cua.com"
    with pytest.raises(InvalidInput):
        create_user(SYSTEM, email="ann@XN--exmple-cua.com", name="Ann")


def test_it_makes_neither_where_the_team_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(hooks, "user_created", [*hooks.user_created, fail])
    with pytest.raises(RuntimeError):
        create_user(SYSTEM, email="ann@example.com", name="Ann")
    assert not User.objects.exists()
    assert not Team.objects.exists()
