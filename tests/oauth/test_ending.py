"""What ends a grant, and what is forgotten when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from tests.oauth.conftest import CALLBACK, GrantTo
from tests.oauth.program import Program
from tocsin.access import queries as tokens
from tocsin.access.actions import create_token
from tocsin.access.models import Token
from tocsin.access.principal import SYSTEM
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind
from tocsin.accounts import actions as accounts
from tocsin.accounts.deletion import request_deletion
from tocsin.accounts.queries import session_principal
from tocsin.audit.models import Entry
from tocsin.kit import clock
from tocsin.kit.errors import NotFound
from tocsin.oauth import actions, bearer, clients, lifetimes, sweeping
from tocsin.oauth.bearer import Bearer
from tocsin.oauth.metadata import ClientMetadata
from tocsin.oauth.models import AccessToken, AuthorizationCode, Client, Grant, RefreshToken
from tocsin.oauth.queries import connected_clients

DAY = timedelta(days=1)
DEAD = lifetimes.REFRESH + 2 * DAY


def _disable(user: Any) -> None:
    accounts.set_user(SYSTEM, user.pk, active=False)
    accounts.set_user(SYSTEM, user.pk, active=True)


def _delete(user: Any) -> None:
    request_deletion(session_principal(user), user.pk, "correct horse battery staple")
    accounts.set_user(SYSTEM, user.pk, active=True)


def _change_password(user: Any) -> None:
    accounts.password_changed(session_principal(user), user, revoke_tokens=True)


@pytest.mark.parametrize("end", [_disable, _delete, _change_password])
def test_what_ends_all_access_ends_grants_for_good(
    end: Callable[[Any], None], program: Program, alice: Any, mallory: Any
) -> None:
    first, other = program.connect(alice), program.connect(mallory)
    end(alice)
    resolved = bearer.resolve(first["access_token"], now=clock.now())
    assert resolved.code == "token_revoked"  # type: ignore[union-attr]
    assert program.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert isinstance(bearer.resolve(other["access_token"], now=clock.now()), Bearer)


def test_a_password_may_change_without_it(program: Program, alice: Any) -> None:
    body = program.connect(alice)
    accounts.password_changed(session_principal(alice), alice, revoke_tokens=False)
    assert isinstance(bearer.resolve(body["access_token"], now=clock.now()), Bearer)


def test_revoking_is_recorded_once(program: Program, alice: Any) -> None:
    program.connect(alice)
    grant, principal = Grant.objects.get(), session_principal(alice)
    assert actions.revoke_grant(principal, grant.pk)
    assert not actions.revoke_grant(principal, grant.pk)
    entry = Entry.objects.get(action="oauth_grant.revoked")
    assert entry.before == {"client": "Assistant", "user": alice.pk}
    assert entry.after == {"reason": "revoked"}
    with pytest.raises(NotFound):
        actions.revoke_grant(principal, grant.pk + 1)


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_a_token_found_in_the_open_ends_what_its_client_holds(
    program: Program,
    alice: Any,
    mallory: Any,
    which: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    leaked, other = program.connect(alice), program.connect(mallory)
    texts = [leaked[which], leaked["access_token"], other["access_token"][:-1], "toc_oat_x", ""]
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.revoke_leaked(SYSTEM, texts) == 1
    assert program.refresh(leaked["refresh_token"]).json()["error"] == "invalid_grant"
    assert program.refresh(other["refresh_token"]).status_code == 200
    (sent,) = mail.outbox
    assert sent.to == [alice.email]
    assert "Assistant" in sent.body
    assert actions.revoke_leaked(SYSTEM, texts) == 0


def test_a_client_cannot_let_others_in(grant_to: GrantTo, alice: Any, oauth_client: Client) -> None:
    found = bearer.resolve(grant_to(alice).text, now=clock.now())
    assert isinstance(found, Bearer)
    with pytest.raises(NotFound):
        actions.create_grant(
            found.principal, oauth_client, frozenset({Scope.TEAMS_READ}), redirect_host="x"
        )


def test_a_grant_is_not_taken_for_a_token_of_the_same_number(grant_to: GrantTo, alice: Any) -> None:
    held = grant_to(alice)
    create_token(SYSTEM, user=alice, kind=TokenKind.API, name="CI", scopes=[Scope.TEAMS_READ])
    Token.objects.update(id=held.grant.pk)
    found = bearer.resolve(held.text, now=clock.now())
    assert isinstance(found, Bearer)
    assert found.principal.token_id == Token.objects.get().pk
    with pytest.raises(NotFound):
        tokens.own_token(found.principal)


def test_people_see_what_still_lets_a_client_in(program: Program, alice: Any) -> None:
    principal = session_principal(alice)
    program.code(alice)  # decided, and never picked up
    assert connected_clients(principal) == []
    program.connect(alice)
    (seen,) = connected_clients(principal)
    assert (seen.name, seen.scopes) == ("Assistant", (Scope.TEAMS_READ, Scope.SITES_READ))
    RefreshToken.objects.update(created=clock.now() - lifetimes.REFRESH)
    assert connected_clients(principal) == []


def test_a_client_that_asks_for_more_later_stays_one(
    program: Program, alice: Any, mallory: Any
) -> None:
    first = program.connect(alice, "sites:read")
    Grant.objects.update(created_at=clock.now() - DAY, last_used_at=clock.now())
    began = Grant.objects.get().created_at
    more = program.connect(alice, "checks:read", scope="checks:read")
    others = program.connect(mallory)
    principal = session_principal(alice)
    (seen,) = connected_clients(principal)
    assert (seen.scopes, seen.connections) == ((Scope.SITES_READ, Scope.CHECKS_READ), 2)
    assert (seen.created_at, seen.last_used_at is None) == (began, False)
    assert actions.disconnect(principal, seen.id) == 2
    assert actions.disconnect(principal, seen.id) == 0
    assert connected_clients(principal) == []
    for body in (first, more):
        assert program.refresh(body["refresh_token"]).json()["error"] == "invalid_grant"
    assert program.refresh(others["refresh_token"]).status_code == 200
    assert Entry.objects.filter(action="oauth_grant.revoked").count() == 2


def test_nobody_disconnects_what_they_never_let_in(
    program: Program, alice: Any, mallory: Any
) -> None:
    program.connect(alice)
    (seen,) = connected_clients(session_principal(alice))
    for client_id in (seen.id, seen.id + 1):
        with pytest.raises(NotFound):
            actions.disconnect(session_principal(mallory), client_id)
    assert connected_clients(session_principal(alice)) == [seen]


def _age(**ages: timedelta) -> None:
    now = clock.now()
    grants, codes = ages.get("grants", DEAD), ages.get("codes", DEAD)
    Grant.objects.update(created_at=now - grants)
    AuthorizationCode.objects.update(expires=now - codes)
    AccessToken.objects.update(expires=now - ages.get("access", DEAD))
    RefreshToken.objects.update(created=now - ages.get("refresh", DEAD))
    Client.objects.update(created=now - ages.get("clients", DEAD))


def test_everything_that_has_ended_is_forgotten(program: Program, alice: Any) -> None:
    program.connect(alice)
    _age()
    assert sweeping.forget_ended(clock.now()) == 5
    assert not Client.objects.exists()
    assert sweeping.forget_ended(clock.now()) == 0


def test_what_lets_a_client_in_is_kept(program: Program, alice: Any) -> None:
    body = program.connect(alice)
    _age(refresh=lifetimes.REFRESH - DAY)
    assert sweeping.forget_ended(clock.now()) == 2  # the code and the access token
    assert program.refresh(body["refresh_token"]).status_code == 200


def test_a_used_refresh_token_is_remembered_for_its_life(program: Program, alice: Any) -> None:
    first = program.connect(alice)
    program.refresh(first["refresh_token"])
    _age(refresh=lifetimes.REFRESH - DAY)
    sweeping.forget_ended(clock.now())
    program.refresh(first["refresh_token"])
    assert Grant.objects.get().revoke_reason == "refresh_reused"


def test_a_revoked_grant_says_so_for_a_day(program: Program, alice: Any) -> None:
    program.connect(alice)
    actions.revoke_grant(session_principal(alice), Grant.objects.get().pk)
    _age(grants=2 * DAY, codes=-DAY, access=-DAY, refresh=DAY)
    sweeping.forget_ended(clock.now())
    assert Grant.objects.exists()
    Grant.objects.update(revoked_at=clock.now() - DAY - timedelta(seconds=1))
    sweeping.forget_ended(clock.now())
    assert not Grant.objects.exists()


def test_a_client_that_nobody_let_in_is_forgotten_after_a_day(db: None) -> None:
    clients.register(SYSTEM, ClientMetadata("Fresh", (CALLBACK,)))
    clients.create_confidential(SYSTEM, "Gateway")
    _age(clients=DAY - timedelta(minutes=1))
    assert sweeping.forget_ended(clock.now()) == 0
    _age(clients=DAY + timedelta(minutes=1))
    assert sweeping.forget_ended(clock.now()) == 1
    assert Client.objects.get().name == "Gateway"


def test_a_person_who_is_removed_takes_grants_along(program: Program, alice: Any) -> None:
    program.connect(alice)
    alice.memberships.all().delete()
    alice.delete()
    assert not Grant.objects.exists()
    assert not AccessToken.objects.exists()
