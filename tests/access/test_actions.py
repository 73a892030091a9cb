"""Making and revoking tokens."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from tests.access.conftest import make, session_of
from tocsin.access import actions, queries
from tocsin.access.actions import MAX_LIVE_TOKENS, NewToken
from tocsin.access.credentials import resolve
from tocsin.access.failures import REVOKED, Failure
from tocsin.access.lifetime import expiry_of
from tocsin.access.models import Token
from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.access.scopes import Scope
from tocsin.access.tokens import TokenKind
from tocsin.audit.models import Entry
from tocsin.kit import clock
from tocsin.kit.errors import InvalidInput, LimitReached, NotFound


def test_it_makes_a_token_that_lives_six_months(alice: Any) -> None:
    """Name, scopes in the contract's order, display prefix; the text is in the answer only."""
    new = actions.create_token(
        session_of(alice),
        user=alice,
        kind=TokenKind.API,
        name=" deploy ",
        scopes=["sites:write", "teams:read"],
    )
    (view,) = queries.tokens_of(session_of(alice), TokenKind.API)
    assert (view.name, view.scopes) == ("deploy", (Scope.TEAMS_READ, Scope.SITES_WRITE))
    assert view.prefix == new.plaintext[:12]
    assert view.expires_at == expiry_of(view.created_at)
    assert new.plaintext not in repr(new)


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("name", {"name": ""}),
        ("name", {"name": "x" * 256}),
        ("name", {"name": "line\nbreak"}),
        ("name", {"name": "evil\u202ename"}),
        ("scopes", {"scopes": []}),
        ("scopes", {"scopes": ["everything"]}),
        ("scopes", {"kind": TokenKind.MCP, "scopes": [Scope.SITES_DELETE]}),
    ],
)
def test_it_refuses_bad_input(alice: Any, field: str, fields: dict[str, Any]) -> None:
    """Nothing is written, and the field is named."""
    with pytest.raises(InvalidInput) as caught:
        make(alice, **fields)
    assert set(caught.value.errors) == {field}
    assert not Token.objects.exists()
    assert not Entry.objects.exists()


def test_it_lets_people_shorten_a_life_and_not_lengthen_it(alice: Any) -> None:
    """The system may do either, for imports."""
    latest = expiry_of(clock.now()) + timedelta(days=1)
    fields = {"kind": TokenKind.API, "name": "x", "scopes": [Scope.TEAMS_READ]}
    with pytest.raises(InvalidInput, match="six months"):
        actions.create_token(session_of(alice), user=alice, expires_at=latest, **fields)
    soon = clock.now() + timedelta(days=1)
    assert (
        actions.create_token(
            session_of(alice), user=alice, expires_at=soon, **fields
        ).row.expires_at
        == soon
    )
    assert make(alice, expires_at=latest).row.expires_at == latest


def test_it_lets_nobody_make_or_revoke_tokens_for_another(alice: Any, mallory: Any) -> None:
    """Nor a token make tokens."""
    token = make(alice)
    by_token = Principal(PrincipalKind.PERSONAL_TOKEN, alice.pk, frozenset(Scope), token.row.pk)
    for principal in (session_of(mallory), by_token):
        with pytest.raises(NotFound):
            actions.create_token(
                principal, user=alice, kind=TokenKind.API, name="x", scopes=[Scope.TEAMS_READ]
            )
    with pytest.raises(NotFound):
        actions.revoke_token(session_of(mallory), token.row.pk)
    assert not isinstance(_resolved(token), Failure)


def test_it_allows_fifty_live_tokens(alice: Any) -> None:
    """Revoked and expired ones do not count."""
    ended = make(alice, expires_at=clock.now())
    tokens = [make(alice) for _ in range(MAX_LIVE_TOKENS)]
    with pytest.raises(LimitReached):
        make(alice)
    actions.revoke_token(session_of(alice), tokens[0].row.pk)
    make(alice)
    assert len(queries.tokens_of(session_of(alice), TokenKind.API)) == MAX_LIVE_TOKENS
    assert ended.row.pk not in {
        view.id for view in queries.tokens_of(session_of(alice), TokenKind.API)
    }


def test_it_revokes_once(alice: Any, token: NewToken) -> None:
    """The second time changes nothing and records nothing."""
    assert actions.revoke_token(session_of(alice), token.row.pk) is True
    assert actions.revoke_token(session_of(alice), token.row.pk) is False
    assert Entry.objects.filter(action="token.revoked").count() == 1


def test_it_revokes_all_of_a_user(alice: Any, mallory: Any) -> None:
    """And of nobody else."""
    mine, theirs = [make(alice), make(alice)], make(mallory)
    assert actions.revoke_all(alice, "account_disabled") == 2
    assert {_resolved(token) for token in mine} == {REVOKED}
    assert not isinstance(_resolved(theirs), Failure)


def test_it_revokes_leaked_tokens_and_tells_their_owners(
    alice: Any, mallory: Any, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    """Rubbish and repetitions in the list do no harm; the mail does not repeat the token."""
    leaked, kept = make(alice), make(mallory)
    texts = ["rubbish", "", leaked.plaintext, leaked.plaintext + "\n", kept.plaintext[:-1]]
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.revoke_leaked(texts) == 1
    assert _resolved(leaked) is REVOKED
    assert not isinstance(_resolved(kept), Failure)
    (message,) = mail.outbox
    assert message.to == [alice.email]
    assert leaked.plaintext not in f"{message.subject} {message.body}"
    assert leaked.row.prefix in message.body
    assert actions.revoke_leaked([leaked.plaintext]) == 0


def test_it_records_every_change_without_the_token(alice: Any) -> None:
    """Who, what, which; never the text or its digest."""
    token = make(alice)
    actions.revoke_leaked([token.plaintext])
    made, revoked = Entry.objects.order_by("id")
    assert (made.action, made.target) == ("token.created", f"token:{token.row.pk}")
    assert (revoked.action, revoked.after) == ("token.revoked", {"reason": "leaked"})
    everything = str(list(Entry.objects.values()))
    assert token.plaintext[12:] not in everything
    assert token.row.digest not in everything


@pytest.mark.django_db(transaction=True)
def test_it_never_passes_the_limit_when_two_ask_at_once(alice: Any) -> None:
    """Forty-nine live, two requests: one is refused."""
    for _ in range(MAX_LIVE_TOKENS - 1):
        make(alice)
    results = _at_once(lambda: make(alice))
    assert sorted(type(result).__name__ for result in results) == ["LimitReached", "NewToken"]
    assert Token.objects.count() == MAX_LIVE_TOKENS


@pytest.mark.django_db(transaction=True)
def test_it_counts_one_revocation_when_two_revoke_at_once(alice: Any) -> None:
    """One did it, the other found it done."""
    token = make(alice)
    results = _at_once(lambda: actions.revoke_token(SYSTEM, token.row.pk))
    assert sorted(results) == [False, True]
    assert Entry.objects.filter(action="token.revoked").count() == 1


@pytest.mark.parametrize(
    ("created", "expires"),
    [
        ("2026-01-15", "2026-07-15"),
        ("2026-08-31", "2027-02-28"),
        ("2027-08-31", "2028-02-29"),
        ("2026-12-31", "2027-06-30"),
    ],
)
def test_it_counts_months_by_the_calendar(created: str, expires: str) -> None:
    """A month that is too short gives its last day."""
    moment = datetime.fromisoformat(created).replace(tzinfo=UTC) + timedelta(hours=7)
    assert expiry_of(moment).date().isoformat() == expires
    assert expiry_of(moment).hour == 7


def _resolved(token: NewToken) -> Principal | Failure:
    return resolve(f"Bearer {token.plaintext}", audience=TokenKind.API)


def _at_once(act: Callable[[], Any]) -> list[Any]:
    results: list[Any] = []
    together = threading.Barrier(2)

    def run() -> None:
        together.wait(5)
        try:
            results.append(act())
        except LimitReached as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results
