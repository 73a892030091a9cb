"""Every view declares who may come in, and the declaration is kept."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.web.conftest import SignIn
from tocsin.access.permissions import ROLE_PERMISSIONS
from tocsin.access.roles import Role
from tocsin.web.doors import Declaration, Door
from tocsin.web.middleware import OPEN_BEFORE_VERIFICATION

VALUES = {
    "team_id": 0,
    "user_id": 1,
    "invitation_id": 1,
    "token_id": 1,
    "token": "nothing",
    "channel": "webhook",
    "destination_id": 10**9,
    "delivery": "00000000-0000-0000-0000-000000000000",
    "notice_id": 1,
    "client_id": 1,
    "site": "00000000-0000-0000-0000-000000000000",
    "issue": "00000000-0000-0000-0000-000000000000",
    "check": "00000000-0000-0000-0000-000000000000",
}
# The API's routes are walked by its own test, allauth's below. Those of the authorisation server
# look at no session; its consent page declares its door.
OTHER_FACES = ("api/", "openapi/", "accounts/", "oauth/", ".well-known/")


def _routes(resolver: URLResolver, found: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = found + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, path)
        else:
            yield path, entry


def _own() -> dict[str, tuple[Declaration, tuple[str, ...]]]:
    return {
        str(route.name): (
            route.callback.declaration,
            tuple(name for name in VALUES if f":{name}>" in path),
        )
        for path, route in _routes(get_resolver())
        if hasattr(route.callback, "declaration")
    }


OWN = _own()
TEAM = sorted(name for name, (declared, _) in OWN.items() if declared.door is Door.TEAM)
GUARDED = sorted(name for name, (declared, _) in OWN.items() if declared.door is not Door.PUBLIC)
VERIFIED = sorted(
    name for name, (declared, _) in OWN.items() if declared.door in {Door.VERIFIED, Door.TEAM}
)


def _address(name: str, team_id: int = 0) -> str:
    values = VALUES | {"team_id": team_id}
    return reverse(name, kwargs={key: values[key] for key in OWN[name][1]})


def _both(client: Client, path: str) -> list[Any]:
    return [client.get(path), client.post(path)]


def test_it_finds_every_view_declared() -> None:
    undeclared = [
        path
        for path, route in _routes(get_resolver())
        if not hasattr(route.callback, "declaration") and not path.startswith(OTHER_FACES)
    ]
    assert undeclared == []
    assert {"home", "team_sites", "api_tokens", "team_audit", "oauth_authorize"} <= set(OWN)


@pytest.mark.parametrize("name", TEAM)
def test_it_declares_a_permission_for_every_view_of_a_team(name: str) -> None:
    declared, parameters = OWN[name]
    assert declared.permission is not None
    assert "team_id" in parameters


@pytest.mark.parametrize("name", GUARDED)
def test_it_leads_whoever_is_not_signed_in_to_the_sign_in_page(name: str, db: None) -> None:
    for answer in _both(Client(), _address(name)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/?next=/")


@pytest.mark.parametrize("name", GUARDED)
def test_it_leads_from_there_to_what_can_be_opened(
    name: str, alice: Any, team: Any, sign_in: SignIn
) -> None:
    path = _address(name, team.pk)
    address = parse_qs(urlsplit(Client().get(path)["Location"]).query)["next"][0]
    assert path.startswith(address)
    answer = sign_in(alice, proven=True).get(address)
    assert answer.status_code in {200, 302, 400, 404}  # 404: no such thing is there in the test


@pytest.mark.parametrize("name", sorted(OWN))
def test_it_says_in_a_page_that_an_address_takes_only_forms(
    name: str, alice: Any, team: Any, sign_in: SignIn
) -> None:
    answer = sign_in(alice, proven=True).get(_address(name, team.pk))
    page = answer.content.decode()
    assert (answer.status_code == 405) is ("This address is not a page" in page)
    if answer.status_code == 405:
        assert answer["Allow"] == "POST"
        found = re.search(r'class="btn btn-secondary" href="(/[^"]*)"', page)
        assert found
        assert _address(name, team.pk).startswith(found[1])


@pytest.mark.parametrize("name", VERIFIED)
def test_it_leads_the_unverified_to_the_verification_page(
    name: str, alice: Any, team: Any, sign_in: SignIn
) -> None:
    alice.email_verified_at = None
    alice.save()
    for answer in _both(sign_in(alice, proven=True), _address(name, team.pk)):
        assert answer.status_code == 302
        assert answer["Location"] == "/verify-email"


@pytest.mark.parametrize("name", TEAM)
def test_it_answers_outsiders_as_if_the_team_did_not_exist(
    name: str, mallory: Any, team: Any, sign_in: SignIn
) -> None:
    client = sign_in(mallory, proven=True)
    foreign = _both(client, _address(name, team.pk))
    absent = _both(client, _address(name, team.pk + 1000))
    assert [answer.status_code for answer in foreign] == [404, 404]
    assert [answer.content for answer in foreign] == [answer.content for answer in absent]


@pytest.mark.parametrize("name", TEAM)
@pytest.mark.parametrize("person", ["vera", "bob", "adam", "alice"])
def test_it_lets_in_exactly_the_roles_of_the_contract(
    name: str, person: str, team: Any, request: pytest.FixtureRequest, sign_in: SignIn
) -> None:
    user = request.getfixturevalue(person)
    role = Role(user.memberships.get(team=team).role)
    declared = OWN[name][0].permission
    assert declared is not None
    answer = sign_in(user, proven=True).get(_address(name, team.pk))
    if declared in ROLE_PERMISSIONS[role]:
        assert answer.status_code in {200, 404, 405}  # 404: let in, and no such thing there
    else:
        assert answer.status_code == 403
        assert "You may not do this" in answer.content.decode()


@pytest.mark.parametrize("name", TEAM)
def test_it_asks_for_two_factor_where_the_team_does(
    name: str, alice: Any, team: Any, sign_in: SignIn
) -> None:
    team.require_two_factor = True
    team.save()
    for answer in _both(sign_in(alice, proven=True), _address(name, team.pk)):
        assert answer.status_code == 403
        assert "asks for two-factor" in answer.content.decode()


def test_it_is_read_only_while_the_plan_is_inactive(alice: Any, team: Any, sign_in: SignIn) -> None:
    team.plan_state = "inactive"
    team.save()
    client = sign_in(alice, proven=True)
    assert client.get(_address("team_sites", team.pk)).status_code == 200
    refused = client.post(_address("site_create", team.pk), {"url": "https://example.com"})
    assert refused.status_code == 402
    assert "plan of this team is inactive" in refused.content.decode()


@pytest.mark.parametrize(
    "name", sorted(name for name, (declared, _) in OWN.items() if declared.sudo)
)
def test_it_asks_for_fresh_proof_where_declared(
    name: str, alice: Any, team: Any, sign_in: SignIn
) -> None:
    answer = sign_in(alice).post(_address(name, team.pk))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def _allauth_names() -> list[str]:
    return sorted(
        str(route.name)
        for path, route in _routes(get_resolver())
        if path.startswith("accounts/") and "<" not in path and "(?P" not in path and route.name
    )


@pytest.mark.parametrize("name", _allauth_names())
def test_it_keeps_the_unverified_out_of_other_account_pages(
    name: str, alice: Any, sign_in: SignIn
) -> None:
    alice.email_verified_at = None
    alice.save()
    answer = sign_in(alice).get(reverse(name))
    if name in OPEN_BEFORE_VERIFICATION:
        assert answer.get("Location") != "/verify-email"
    else:
        assert answer["Location"] == "/verify-email"
